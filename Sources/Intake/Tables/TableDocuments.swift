// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A cell of a table.
struct TableCell: Hashable {
    /// What it shows.
    let text: String
    /// Whether a spreadsheet keeps it as a number, so that zeros before it are lost.
    var isNumber = false
}

/// A row of a table, or what is wrong with it.
struct TableRow {
    /// The line or row of the sheet that it begins on, from 1.
    let line: Int
    let cells: Result<[TableCell], FormatFlaw>

    /// How many cells hold something; nil for a faulty row.
    var filled: Int? {
        guard case .success(let cells) = cells else { return nil }
        return cells.count { cell in
            cell.text.unicodeScalars.contains { !$0.isSpace && $0 != "\u{FEFF}" }
        }
    }
}

/// Makes a document of each row of a table.
struct TableDocuments {
    let columns: TableColumns
    let mapping: TableMapping
    /// The kind of the folder.
    let kind: DocumentKind
    let codes: DocumentCodes
    let limits: IntakeLimits
    let format: SourceFormat
    let encoding: String
    /// What is to be told of every document.
    let notices: [String]
    /// What words of the column of kinds mean, which are the same in most rows.
    private var kinds: [String: DocumentKind?] = [:]

    init(
        columns: TableColumns, mapping: TableMapping, kind: DocumentKind, codes: DocumentCodes,
        limits: IntakeLimits, format: SourceFormat, encoding: String, notices: [String]
    ) {
        (self.columns, self.mapping, self.kind, self.codes) = (columns, mapping, kind, codes)
        (self.limits, self.format, self.encoding) = (limits, format, encoding)
        self.notices = notices
    }

    /// The documents and faults of rows in order; rows of nothing but empty cells are left out.
    mutating func entries(of rows: some Sequence<TableRow>) -> [ReadDocument] {
        var (entries, identities): ([ReadDocument], TableIdentities) = ([], TableIdentities())
        for row in rows where row.filled != 0 {
            let place = RecordPlace(.row, entries.count + 1, line: row.line)
            do throws(FormatFlaw) {
                let document = try document(of: try row.cells.get())
                identities.add(document, at: entries.count)
                entries.append(ReadDocument(place: place, result: .success(document)))
            } catch {
                entries.append(
                    ReadDocument(
                        place: place, result: .failure(.flaw(error, in: format, at: place))))
            }
        }
        for (index, flaw) in identities.conflicts {
            let place = entries[index].place
            entries[index] = ReadDocument(
                place: place, result: .failure(.flaw(flaw, in: format, at: place)))
        }
        return entries
    }

    private mutating func document(of cells: [TableCell]) throws(FormatFlaw) -> ClinicalDocument {
        let cells = try wholeRow(cells)
        var source = DocumentSource(format: format)
        source.notices = notices
        source.status = try status(cells)
        source.version = value(.version, cells)
        source.versionTime = try time(.changed, cells).flatMap { StatedTime($0)?.utc }
        source.title = value(.title, cells)
        source.author = value(.author, cells)
        source.department = value(.department, cells)
        source.facility = value(.facility, cells)
        source.visit = value(.visit, cells)
        source.order = value(.order, cells)
        let kind = kind(cells, &source)
        let identifier = try identifier(.id, cells)
        source.key = identifier.map { "table:\(kind.rawValue):" + $0 }
        let patient = try patient(cells, isNeeded: source.status != .withdrawn)
        let text = try text(cells)
        guard !text.text.isEmpty || source.status == .withdrawn else { throw .noText }
        source.sections = text.sections
        if columns.fields[.id] != nil, identifier == nil {
            source.notices.append("the row has no identifier of the document")
        }
        if !columns.passedOver.isEmpty {
            source.notices.append(
                "columns passed over: " + columns.passedOver.joined(separator: ", "))
        }
        return ClinicalDocument(
            kind: kind, text: text.text, encoding: encoding, externalIdentifier: identifier,
            patientIdentifier: patient, authoredAt: try time(.authored, cells), source: source)
    }

    /// A row with as many cells as there are columns; empty ones may stand behind them.
    private func wholeRow(_ cells: [TableCell]) throws(FormatFlaw) -> [TableCell] {
        let extra = cells.dropFirst(columns.count)
        guard cells.count >= columns.count,
            extra.allSatisfy({ Self.trimmed($0.text).isEmpty })
        else {
            throw .contradiction(
                "the row has \(cells.count) cells, the table \(columns.count) columns")
        }
        return Array(cells.prefix(columns.count))
    }

    // MARK: Fields

    /// What a field's cells say, or its constant; nil for nothing.
    private func value(_ field: TableMapping.Field, _ cells: [TableCell]) -> String? {
        let parts = columns.fields[field, default: []]
            .map { Self.unprotected(Self.trimmed(cells[$0].text)) }.filter { !$0.isEmpty }
        return parts.isEmpty
            ? mapping.constants[field] : parts.joined(separator: field.separator)
    }

    private func name(of field: TableMapping.Field) -> String {
        columns.fields[field]?.first.map(columns.name(of:)) ?? field.rawValue
    }

    private func identifier(
        _ field: TableMapping.Field, _ cells: [TableCell]
    ) throws(FormatFlaw) -> String? {
        guard let value = value(field, cells) else { return nil }
        guard !Self.isRounded(value) else {
            throw .wrongValue(
                field: name(of: field),
                expected: "an identifier, not a number that a spreadsheet has rounded")
        }
        return value
    }

    private func patient(
        _ cells: [TableCell], isNeeded: Bool
    ) throws(FormatFlaw) -> String? {
        guard let places = columns.fields[.patient] else { return mapping.constants[.patient] }
        guard let value = try identifier(.patient, cells) else {
            guard isNeeded else { return nil }
            throw .missing(field: name(of: .patient))
        }
        guard places.contains(where: { cells[$0].isNumber }) else { return value }
        guard let digits = mapping.patientDigits else {
            throw .wrongValue(
                field: name(of: .patient),
                expected: "text, since a number has lost the zeros before it; "
                    + "or say with patient_digits how many digits there are")
        }
        return String(repeating: "0", count: max(0, digits - value.count)) + value
    }

    private func status(_ cells: [TableCell]) throws(FormatFlaw) -> SenderStatus {
        if let mark = value(.withdrawn, cells) {
            guard let isMarked = TableWords.isMarked(mark) else {
                throw .wrongValue(field: name(of: .withdrawn), expected: "0 or 1")
            }
            if isMarked { return .withdrawn }
        }
        guard let word = value(.status, cells) else { return .unknown }
        guard let status = TableWords.status(word, site: mapping.statusWords) else {
            throw .wrongValue(
                field: name(of: .status),
                expected: "a known word for a status; add it to status_words")
        }
        return status
    }

    private mutating func kind(
        _ cells: [TableCell], _ source: inout DocumentSource
    ) -> DocumentKind {
        guard let word = value(.kind, cells) else { return kind }
        source.code = word
        if kinds[word] == nil {
            kinds[word] = .some(TableWords.kind(word, site: mapping.kindWords))
        }
        if case .some(.some(let known)) = kinds[word] { return known }
        if codes.knows(word) { return codes.kind(of: word) }
        return columns.hasVagueKind ? kind : .other
    }

    /// A time as sent, or in ISO 8601 if it has a form of the site.
    private func time(
        _ field: TableMapping.Field, _ cells: [TableCell]
    ) throws(FormatFlaw) -> String? {
        guard let value = value(field, cells) else { return nil }
        if let form = mapping.timeForms.lazy.compactMap({ $0.iso8601(of: value) }).first {
            return form
        }
        if StatedTime(value) != nil { return value }
        if let clock = Self.withColons(value), StatedTime(clock) != nil { return clock }
        throw .wrongValue(field: name(of: field), expected: "a time")
    }

    // MARK: Text

    private func text(_ cells: [TableCell]) throws(FormatFlaw) -> SectionedText {
        var text = SectionedText()
        for section in columns.sections {
            let body = Self.withLineFeeds(cells[section.column].text)
            text.append(title: section.title, code: section.code, body: body)
        }
        guard text.sections.count <= limits.maximumSections else {
            throw .tooMuch(of: "sections", limit: limits.maximumSections)
        }
        guard text.text.scalarCount <= limits.maximumDocumentScalars else {
            throw .tooMuch(of: "characters of text", limit: limits.maximumDocumentScalars)
        }
        return text
    }

    private static func withLineFeeds(_ text: String) -> String {
        guard text.hasByte(0x0D) else { return text }
        var result = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars {
            if !(wasReturn && scalar == "\n") { result.append(scalar == "\r" ? "\n" : scalar) }
            wasReturn = scalar == "\r"
        }
        return String(result)
    }

    static func trimmed(_ text: String) -> String {
        text.trimmingScalars { $0.isSpace || $0 == "\u{FEFF}" }
    }

    /// `="0012"` and `'0012`, as programs write that keep spreadsheets from taking `0012` for a number.
    private static func unprotected(_ value: String) -> String {
        if value.hasPrefix("=\""), value.hasSuffix("\""), value.utf8.count > 3 {
            return trimmed(String(value.dropFirst(2).dropLast()))
        }
        if value.hasPrefix("'"), value.dropFirst().allSatisfy({ $0.isLetter || $0.isNumber }) {
            return String(value.dropFirst())
        }
        return value
    }

    /// Whether it is a number such as `1.23E+07`.
    private static func isRounded(_ value: String) -> Bool {
        guard let e = value.firstIndex(where: { $0 == "E" || $0 == "e" }) else { return false }
        let exponent = value[value.index(after: e)...]
        return value[..<e].contains(".") && exponent.hasPrefix("+") && Double(value) != nil
    }

    /// `20260512 0610` with a colon in its clock.
    private static func withColons(_ value: String) -> String? {
        let parts = value.split(separator: " ")
        guard parts.count == 2, let clock = parts.last, [3, 4, 6].contains(clock.count),
            clock.allSatisfy({ ("0"..."9").contains($0) })
        else { return nil }
        let digits = clock.count == 3 ? "0" + clock : String(clock)
        return parts[0] + " " + digits.prefix(2) + ":" + digits.dropFirst(2).prefix(2)
            + (digits.count == 6 ? ":" + digits.suffix(2) : "")
    }
}
