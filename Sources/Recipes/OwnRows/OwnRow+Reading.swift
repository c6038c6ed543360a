// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import JSONFiles

/// A field of a row.
typealias OwnRowField = JSONField<OwnRowFault>

extension OwnRow {
    /// The fields of a row.
    static let names = [
        "text", "second", "kind", "fold", "spans", "annotated", "tnm", "entity", "role", "level",
        "similarity", "symptoms",
    ]
    /// Fields that say where a row comes from, which `review export` and others write; nothing is made of them.
    static let notes = ["id", "document_id", "doc_id", "reviewed", "reviewers"]
    private static let spanNames = [
        "start", "end", "label", "text", "certainty", "subject", "level",
    ]
    private static let stageNames = ["t", "n", "m", "stage"]

    /// Reads a row; `kind` is that of rows which say none.
    init(_ row: OwnRowField, line: Int, kind: DocumentKind?) throws(OwnRowFault) {
        _ = try row.members()
        try Self.allow(row, Self.names + Self.notes)
        let text = try row.required("text", row.string("text"))
        guard !text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
            throw .missing(field: "text")
        }
        (self.line, self.text) = (line, text)
        second = try row.string("second")
        let named: DocumentKind? = try Self.word(row, "kind")
        fold = try Self.number(row, "fold", 0...4)
        similarity = try Self.number(row, "similarity", 0...5)
        guard (second == nil) == (similarity == nil) else {
            throw .missing(field: second == nil ? "second" : "similarity")
        }
        guard let known = named ?? kind ?? (similarity == nil ? nil : .other) else {
            throw .value(field: "kind", expected: Self.list(DocumentKind.allCases.map(\.rawValue)))
        }
        self.kind = known
        try readMentions(row)
        try readGrade(row)
        try readStage(row)
        try readSymptoms(row)
        guard OwnRowTask.allCases.contains(where: serves) else {
            throw .missing(field: "spans, tnm, level, similarity or symptoms")
        }
    }

    private mutating func readMentions(_ row: OwnRowField) throws(OwnRowFault) {
        guard let spans = try row.optional("spans") else {
            guard try row.optional("annotated") == nil else { throw .missing(field: "spans") }
            return
        }
        if let names = try row.strings("annotated") {
            annotated = []
            for name in names {
                guard let type = EntityType(rawValue: name) else {
                    throw .value(
                        field: "annotated",
                        expected: "a list of "
                            + Self.list(EntityType.allCases.map(\.rawValue)))
                }
                annotated.insert(type)
            }
        }
        let scalars = Array(text.unicodeScalars)
        var found: [Mention] = []
        for span in try spans.elements() { found.append(try mention(span, in: scalars)) }
        found.sort { $0.range < $1.range }
        guard zip(found, found.dropFirst()).allSatisfy({ !$0.range.overlaps($1.range) }) else {
            throw .overlap
        }
        mentions = found
        for mention in found {
            guard let level = mention.level else { continue }
            add(
                Grade(
                    surface: Self.part(of: scalars, mention.range),
                    role: mention.type == .drug ? .drug : .disease, level: level))
        }
    }

    private func mention(
        _ span: OwnRowField, in scalars: [Unicode.Scalar]
    ) throws(OwnRowFault) -> Mention {
        try Self.allow(span, Self.spanNames)
        let start = try span.required("start", span.integer("start"))
        let end = try span.required("end", span.integer("end"))
        guard let range = SourceRange(from: start, to: end), end <= scalars.count else {
            throw .value(
                field: span.path,
                expected: "a place in the text: 0 <= start < end <= \(scalars.count)")
        }
        if let shown = try span.string("text"), shown != Self.part(of: scalars, range) {
            throw .value(field: span.place("text"), expected: "what stands in the text there")
        }
        guard let type: EntityType = try Self.word(span, "label") else {
            throw .missing(field: span.place("label"))
        }
        guard annotated.contains(type) else {
            throw .value(
                field: span.place("label"),
                expected: "one of annotated: " + Self.list(annotated.map(\.rawValue).sorted()))
        }
        let level = try Self.number(span, "level", 0...3).flatMap(AdverseEventLevel.init)
        guard level == nil || type != .dose else {
            throw .value(field: span.place("level"), expected: "left out for a dose")
        }
        return Mention(
            type: type, range: range, certainty: try Self.word(span, "certainty"),
            subject: try Self.word(span, "subject"), level: level)
    }

    /// A name with a level, as a row of its own says it.
    private mutating func readGrade(_ row: OwnRowField) throws(OwnRowFault) {
        let named = try row.string("entity")
        let role: AdverseEventRole? = try Self.word(row, "role")
        let level = try Self.number(row, "level", 0...3).flatMap(AdverseEventLevel.init)
        if named == nil, role == nil, level == nil { return }
        guard let named else { throw .missing(field: "entity") }
        guard let role else { throw .missing(field: "role") }
        guard let level else { throw .missing(field: "level") }
        guard !named.isEmpty, Self.stands(named, in: text) else {
            throw .value(field: "entity", expected: "words of the text")
        }
        add(Grade(surface: named, role: role, level: level))
    }

    /// Of a name that stands several times the highest level counts.
    private mutating func add(_ grade: Grade) {
        let known = grades.firstIndex { $0.surface == grade.surface && $0.role == grade.role }
        guard let known else { return grades.append(grade) }
        grades[known].level = max(grades[known].level, grade.level)
    }

    private mutating func readStage(_ row: OwnRowField) throws(OwnRowFault) {
        guard let object = try row.object("tnm") else { return }
        try Self.allow(object, Self.stageNames)
        stage = try object.string("stage")
        for axis in TNMAxis.allCases {
            let name = axis.rawValue.lowercased()
            guard let category = try object.string(name) else { continue }
            guard Self.categoryNumber(category, axis) != nil else {
                throw .value(
                    field: object.place(name),
                    expected: Self.list(
                        (0..<TNMClassifier.classCount(of: axis)).map {
                            "\(axis.rawValue)\($0)"
                        }) + ", with or without letters after it")
            }
            categories[axis] = category
        }
    }

    /// The number of a category, 2 of `T2a`; nil for what heads have no class for.
    static func categoryNumber(_ category: String, _ axis: TNMAxis) -> Int? {
        guard let found = category.wholeMatch(of: /([TNM])([0-9])(mi|[abc][0-9]?)?/),
            String(found.1) == axis.rawValue, let number = Int(found.2),
            number < TNMClassifier.classCount(of: axis)
        else { return nil }
        return number
    }

    private mutating func readSymptoms(_ row: OwnRowField) throws(OwnRowFault) {
        guard let object = try row.object("symptoms") else { return }
        try Self.allow(object, Symptom.allCases.map(\.rawValue))
        for symptom in Symptom.allCases {
            if let isThere = try object.bool(symptom.rawValue) { symptoms[symptom] = isThere }
        }
    }

    // MARK: - Fields

    /// Refuses names that nothing is known of, and those that stand twice.
    private static func allow(_ field: OwnRowField, _ known: [String]) throws(OwnRowFault) {
        do throws(OwnRowFault) {
            try field.allow(only: Set(known))
        } catch {
            guard case .unknownField(let name, _) = error else { throw error }
            throw .unknownField(field: name, known: known)
        }
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ field: OwnRowField, _ name: String
    ) throws(OwnRowFault) -> Word? where Word.RawValue == String {
        guard let text = try field.string(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw .value(field: field.place(name), expected: list(Word.allCases.map(\.rawValue)))
        }
        return word
    }

    private static func number(
        _ field: OwnRowField, _ name: String, _ range: ClosedRange<Int>
    ) throws(OwnRowFault) -> Int? {
        guard let number = try field.integer(name) else { return nil }
        guard range.contains(number) else {
            throw .value(
                field: field.place(name),
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    static func part(of scalars: [Unicode.Scalar], _ range: SourceRange) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range.start..<range.end])
        return String(view)
    }

    private static func stands(_ words: String, in text: String) -> Bool {
        let (words, text) = (Array(words.unicodeScalars), Array(text.unicodeScalars))
        return text.indices.contains { start in
            start + words.count <= text.count
                && text[start..<start + words.count].elementsEqual(words)
        }
    }
}
