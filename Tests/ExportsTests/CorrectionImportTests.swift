// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Exports
import Foundation
import ResultStore
import TestSupport
import Testing

@Suite("Corrections as reviews of the database")
struct CorrectionImportTests {
    let store: FictionalStore
    let folder: TemporaryFolder

    /// 発熱, 咳嗽, a drug and its dose in the first document, whose line ends are two characters; one more document.
    init() throws {
        store = try FictionalStore([
            FictionalStore.Document(
                "😀発熱あり。\r\n咳嗽なし。\r\n鎮痛剤甲を５ｍｇ内服し頭痛は軽い。", key: "k",
                [("disease", "発熱"), ("disease", "咳嗽"), ("drug", "鎮痛剤甲"), ("dose", "５ｍｇ")]),
            FictionalStore.Document("発疹あり。", [("disease", "発疹")]),
        ])
        folder = try TemporaryFolder()
    }

    /// The documents as a tool gets them, one a line; `edit` is what somebody did.
    private func lines(_ edit: (AnnotatedText) -> AnnotatedText = { $0 }) throws -> [String] {
        var lines: [String] = []
        try store.reader.eachDocument(of: DocumentSelection()) {
            lines.append(DoccanoLines.line(edit(AnnotatedText($0))))
        }
        return lines
    }

    private func correct(
        _ lines: [String], exported: [String]? = nil, by reviewer: String = "甲",
        types: Set<EntityType> = Set(EntityType.allCases), isDone: Bool = false,
        isTrial: Bool = false
    ) throws -> CorrectionImport {
        func reading(_ lines: [String], _ name: String) throws -> AnnotationReading {
            let file = try folder.write(lines.joined(separator: "\n") + "\n", to: name)
            return try AnnotationFiles(of: .doccano).read([FilePath(file)])
        }
        let rows = CorrectedRows(
            of: try reading(lines, "now.jsonl"), from: .doccano,
            exported: try exported.map { try reading($0, "was.jsonl") })
        #expect(rows.faults.isEmpty)
        return try CorrectionImport(
            of: rows.texts, from: .doccano, into: store.database, by: reviewer, types: types,
            isDone: isDone, isTrial: isTrial)
    }

    private func counts(_ result: CorrectionImport) -> [Int] {
        let counts = result.reviews
        return [counts.accepted, counts.changed, counts.rejected, counts.added, counts.unchanged]
    }

    private func texts(_ sql: String) throws -> [[String]] {
        try store.reader.select(sql).rows.map { $0.map(\.text) }
    }

    private func findings() throws -> [String] {
        try texts(
            """
            SELECT verdict, type, surface, certainty FROM findings_reviewed WHERE document_id = 1
            ORDER BY start
            """
        ).map { $0.joined(separator: " ") }
    }

    /// 発熱 is longer, 咳嗽 goes, the drug is a disease, 頭痛 comes.
    private func corrected(_ text: AnnotatedText) -> AnnotatedText {
        guard text.document == "1" else { return text }
        var text = text
        text.spans[0].range = SourceRange(start: 1, end: 5)
        text.spans[2].label = "disease"
        text.spans.remove(at: 1)
        let start = text.scalars.firstIndex(of: "頭") ?? 0
        text.spans.append(
            AnnotatedText.Span(
                range: SourceRange(start: start, end: start + 2), label: "disease"))
        text.relations = []
        return text
    }

    @Test("each difference from the model is a row, with places of the text as it was sent")
    func differences() throws {
        let result = try correct(try lines(corrected))
        #expect(result.conflicts.isEmpty && result.documents == 2)
        #expect(counts(result) == [2, 2, 1, 1, 0])
        #expect(
            try findings() == [
                "change disease 発熱あり positive", "change disease 鎮痛剤甲 positive",
                "accept dose ５ｍｇ positive", "add disease 頭痛 positive",
            ])
        #expect(
            try texts("SELECT DISTINCT reviewer, note FROM reviews") == [["甲", "import doccano"]])
    }

    @Test("the same once more changes nothing; what was changed again counts")
    func repeated() throws {
        _ = try correct(try lines(corrected))
        let before = try findings()
        #expect(counts(try correct(try lines(corrected))) == [0, 0, 0, 0, 6])
        #expect(try texts("SELECT count(*) FROM reviews") == [["6"]])
        #expect(try findings() == before)
        // Now as the model had it: what was added here goes, the others come back.
        #expect(counts(try correct(try lines())) == [0, 3, 1, 0, 2])
        #expect(
            try findings() == [
                "change disease 発熱 positive", "change disease 咳嗽 negative",
                "change drug 鎮痛剤甲 positive", "accept dose ５ｍｇ positive",
            ])
        // Another reviewer is none of this.
        #expect(counts(try correct(try lines(), by: "乙")) == [5, 0, 0, 0, 0])
    }

    @Test("what was not shown is not rejected")
    func shown() throws {
        func drugs(_ text: AnnotatedText) -> AnnotatedText {
            var text = text
            text.spans.removeAll { $0.label != "drug" }
            text.relations = []
            return text
        }
        #expect(counts(try correct(try lines(drugs), types: [.drug])) == [1, 0, 0, 0, 0])
        let shown = try lines(drugs)
        #expect(counts(try correct(shown, exported: shown, by: "乙")) == [1, 0, 0, 0, 0])
        let marked = try correct(try lines(drugs), by: "丙", isDone: true)
        #expect(counts(marked) == [1, 0, 4, 0, 0] && marked.reviews.done == 2)
        let partly = try correct(shown, exported: shown, by: "丁", isDone: true)
        #expect(partly.reviews.done == 0)
    }

    @Test(
        "another text, another version and another label are conflicts, and nothing of them is recorded"
    )
    func conflicts() throws {
        let result = try correct(
            [
                #"{"text":"発疹なし。","label":[[0,2,"disease"]],"meta":{"document":"2"}}"#,
                #"{"text":"発疹あり。","label":[[0,2,"disease"]],"meta":{"document":"77"}}"#,
                #"{"text":"発疹あり。","label":[[0,2,"organ"]],"meta":{"document":"2"}}"#,
            ].prefix(2).map(\.self))
        #expect(result.conflicts.map(\.reason) == ["other-text", "no-document"])
        #expect(result.conflicts.map(\.place.record) == [1, 2] && result.documents == 0)
        let label = try correct([
            #"{"text":"発疹あり。","label":[[0,2,"organ"]],"meta":{"document":"2"}}"#
        ])
        #expect(label.conflicts.map(\.reason) == ["unknown"])
        #expect(label.conflicts.allSatisfy { !$0.words.contains("発疹") })
        #expect(try texts("SELECT count(*) FROM reviews") == [["0"]])
    }

    @Test("a trial only counts")
    func trial() throws {
        let result = try correct(try lines(corrected), isDone: true, isTrial: true)
        #expect(counts(result) == [2, 2, 1, 1, 0] && result.reviews.done == 2)
        #expect(try texts("SELECT count(*) FROM reviews") == [["0"]])
    }
}
