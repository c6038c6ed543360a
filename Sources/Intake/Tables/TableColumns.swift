// SPDX-License-Identifier: Apache-2.0

/// What the columns of one table mean, by their positions.
struct TableColumns {
    /// A column of text.
    struct Section {
        let column: Int
        let title: String?
        let code: String?
    }

    /// The columns of each field, put together in their order.
    private(set) var fields: [TableMapping.Field: [Int]] = [:]
    /// The columns of text in the order of the document.
    private(set) var sections: [Section] = []
    /// How many cells a row has.
    private(set) var count: Int
    /// What stands above each column; empty without headings.
    let headings: [String]
    /// Whether the column of kinds has no heading that says that it is about documents.
    private(set) var hasVagueKind = false
    /// Columns that are understood and are no part of a document.
    private(set) var passedOver: [String] = []

    /// The columns of a table with these headings; throws what is not understood of them.
    init(headings: [String], mapping: TableMapping) throws(FormatFlaw) {
        self.headings = Array(
            headings.reversed().drop { TableWords.folded($0).isEmpty }.reversed())
        count = self.headings.count
        if mapping.columns.isEmpty && mapping.sections.isEmpty {
            try readStandardHeadings()
        } else {
            try read(mapping)
        }
    }

    /// The columns of a table without headings whose first row has so many cells.
    init(count: Int, mapping: TableMapping) throws(FormatFlaw) {
        (headings, self.count) = ([], count)
        try read(mapping)
    }

    /// What a column is called in a report: its heading, if that is none that a cell of text could be.
    func name(of column: Int) -> String { Self.name(of: column, headings) }

    private static func name(of column: Int, _ headings: [String]) -> String {
        guard column < headings.count else { return "column \(column + 1)" }
        let heading = headings[column].trimmed { $0.isWhitespace || $0 == "\u{FEFF}" }
        let digits = heading.unicodeScalars.filter { $0.properties.numericType != nil }.count
        guard !heading.isEmpty, heading.count <= 16, digits <= 3,
            !heading.contains(where: { $0.isNewline || "。、".contains($0) })
        else { return "column \(column + 1)" }
        return "\"\(heading)\""
    }

    // MARK: By a mapping

    private mutating func read(_ mapping: TableMapping) throws(FormatFlaw) {
        for (field, columns) in mapping.columns {
            var places: [Int] = []
            for column in columns { places.append(try place(of: column)) }
            fields[field] = places
        }
        for section in mapping.sections {
            let column = try place(of: section.column)
            let title = section.title ?? (column < headings.count ? headings[column] : nil)
            sections.append(Section(column: column, title: title, code: section.code))
        }
        guard !sections.isEmpty else { throw .missing(field: "a column of text") }
    }

    private func place(of column: TableMapping.Column) throws(FormatFlaw) -> Int {
        switch column {
        case .numbered(let number):
            guard number >= 1, number <= count else { throw .missing(field: "column \(number)") }
            return number - 1
        case .named(let name):
            let folded = TableWords.folded(name)
            let places = headings.indices.filter { TableWords.folded(headings[$0]) == folded }
            guard let first = places.first else { throw .missing(field: "the column \"\(name)\"") }
            guard places.count == 1 else {
                throw .contradiction("\(places.count) columns are called \"\(name)\"")
            }
            return first
        }
    }

    // MARK: By standard headings

    private mutating func readStandardHeadings() throws(FormatFlaw) {
        var meanings = headings.map(TableHeading.init)
        let letters = meanings.indices.filter { meanings[$0] == .letter }
        if letters.count == 1, TableWords.folded(headings[letters[0]]).count == 1 {
            meanings[letters[0]] = nil
        }
        var unknown = meanings.indices.filter { meanings[$0] == nil }
        for field in TableMapping.Field.allCases {
            let places = meanings.indices.compactMap { place -> (place: Int, rank: Int)? in
                guard case .field(field, let rank) = meanings[place] else { return nil }
                return (place, rank)
            }.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
            guard let first = places.first else { continue }
            let equals = places.dropFirst().filter { $0.rank == first.rank }.map(\.place)
            if field == .id || field == .patient {
                // Which of the two names the document or patient is anybody's guess.
                unknown += equals
            }
            fields[field] = [first.place]
            if field == .kind { hasVagueKind = first.rank > 0 }
            passedOver += places.dropFirst().map { name(of: $0.place) }
        }
        readBareIdentifier(&unknown)
        addTimeOfDay(meanings)
        readText(meanings)
        passedOver += meanings.indices.filter { meanings[$0] == .passedOver }.map(name(of:))
        try check(unknown: unknown.sorted(), of: meanings)
    }

    /// `ID` alone is a document's where another column is the patient's.
    private mutating func readBareIdentifier(_ unknown: inout [Int]) {
        let bare = headings.indices.filter { TableWords.folded(headings[$0]) == "id" }
        if fields[.id] == nil, fields[.patient] != nil, bare.count == 1 {
            fields[.id] = bare
            unknown.removeAll { $0 == bare[0] }
        }
        // One order, one report.
        if fields[.id] == nil { fields[.id] = fields[.order] }
    }

    private mutating func addTimeOfDay(_ meanings: [TableHeading?]) {
        let times = meanings.indices.filter { meanings[$0] == .timeOfDay }
        guard let date = fields[.authored]?.first else { return }
        let stem = TableWords.folded(headings[date]).prefix(2)
        let own =
            times.first { TableWords.folded(headings[$0]).hasPrefix(stem) }
            ?? times.first { ["時刻", "時間", "time"].contains(TableWords.folded(headings[$0])) }
        if let own { fields[.authored] = [date, own] }
        passedOver += times.filter { $0 != own }.map(name(of:))
    }

    private mutating func readText(_ meanings: [TableHeading?]) {
        let places = meanings.indices.filter {
            [.section, .letter, .wholeText].contains(meanings[$0])
        }
        for place in places {
            let stands = places.count == 1 && meanings[place] == .wholeText
            sections.append(
                Section(column: place, title: stands ? nil : headings[place], code: nil))
        }
    }

    private func check(unknown: [Int], of meanings: [TableHeading?]) throws(FormatFlaw) {
        // Of a row that may be no header nothing is quoted.
        let isHeader =
            meanings.filter { $0 != nil }.count * 2 >= meanings.count
            || meanings.contains(.field(.patient, rank: 0))
        guard unknown.isEmpty else {
            let names = unknown.prefix(10).map { isHeader ? name(of: $0) : "column \($0 + 1)" }
            throw .unknownColumns(names + (unknown.count > 10 ? ["…"] : []))
        }
        guard !sections.isEmpty else { throw .missing(field: "a column of text") }
        guard fields[.patient] != nil || fields[.id] != nil else {
            throw .missing(field: "a column with the patient's or the document's identifier")
        }
    }
}
