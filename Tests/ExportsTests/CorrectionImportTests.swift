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

    /// A file that a tool gives back of the documents; `edit` is what somebody did in it.
    private func file(
        of tool: AnnotationTool, _ edit: (AnnotatedText) -> AnnotatedText
    ) throws -> URL {
        var records: [String] = []
        try store.reader.eachDocument(of: DocumentSelection()) { stored in
            let (shown, text) = (AnnotatedText(stored), edit(AnnotatedText(stored)))
            switch tool {
            case .labelStudio:
                func task(_ text: AnnotatedText) throws -> [String: Any]? {
                    try JSONSerialization.jsonObject(with: Data(LabelStudioTasks.task(text).utf8))
                        as? [String: Any]
                }
                var answered = try #require(try task(shown))
                answered["annotations"] = try task(text)?["predictions"]
                let data = try JSONSerialization.data(withJSONObject: answered)
                records.append(String(decoding: data, as: UTF8.self))
            case .prodigy:
                records.append(ProdigyLines.line(text).dropLast() + ",\"answer\":\"accept\"}")
            default: records.append(DoccanoLines.line(text))
            }
        }
        guard tool != .labelStudio else {
            return try folder.write("[\(records.joined(separator: ","))]", to: "tasks.json")
        }
        return try folder.write(records.joined(separator: "\n") + "\n", to: "records.jsonl")
    }

    private func correct(_ file: URL, from tool: AnnotationTool) throws -> CorrectionImport {
        let rows = CorrectedRows(
            of: try AnnotationFiles(of: tool).read([FilePath(file)]), from: tool, exported: nil)
        #expect(rows.faults.isEmpty)
        return try CorrectionImport(of: rows.texts, from: tool, into: store.database, by: "甲")
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

    @Test(
        "what somebody did in either tool is the same, with emoji, line ends of two characters and full-width letters",
        arguments: [AnnotationTool.doccano, .labelStudio, .prodigy])
    func tools(_ tool: AnnotationTool) throws {
        let result = try correct(try file(of: tool, corrected), from: tool)
        #expect(result.conflicts.isEmpty && result.documents == 2)
        #expect(counts(result) == [2, 2, 1, 1, 0])
        #expect(
            try findings() == [
                "change disease 発熱あり positive", "change disease 鎮痛剤甲 positive",
                "accept dose ５ｍｇ positive", "add disease 頭痛 positive",
            ])
        #expect(try texts("SELECT DISTINCT note FROM reviews") == [["import \(tool.rawValue)"]])
        // What they gave back a second time says nothing new.
        let again = try correct(try file(of: tool, corrected), from: tool)
        #expect(counts(again) == [0, 0, 0, 0, 6])
    }

    @Test("a table of INCEpTION's changes the document that its file is named by")
    func inception() throws {
        let table = """
            #FORMAT=WebAnno TSV 3.3
            #T_SP=custom.Entity|label|certainty


            #Text=発疹あり。
            1-1\t0-1\t発\tdisease[1]\tnegative[1]\t
            1-2\t1-3\t疹あ\tdisease[1]\tnegative[1]\t
            1-3\t3-5\tり。\t_\t_\t

            """
        let result = try correct(try folder.write(table, to: "2.tsv"), from: .webanno)
        #expect(result.conflicts.isEmpty && counts(result) == [0, 1, 0, 0, 0])
        #expect(
            try texts(
                "SELECT verdict, type, surface, certainty FROM findings_reviewed WHERE document_id = 2"
            ) == [["change", "disease", "発疹あ", "negative"]])
        let other = try correct(try folder.write(table, to: "77.tsv"), from: .webanno)
        #expect(other.conflicts.map(\.reason) == ["no-document"])
    }

    @Test("what was rejected or left unanswered in a tool says nothing of its documents")
    func passedOver() throws {
        let line = try lines()[1]
        let rejected = try folder.write(
            line.dropLast() + ",\"answer\":\"reject\"}\n", to: "r.jsonl")
        #expect(try correct(rejected, from: .prodigy).documents == 0)
        var task = ""
        try store.reader.eachDocument(of: DocumentSelection()) {
            task = LabelStudioTasks.task(AnnotatedText($0))
        }
        let unanswered = try folder.write("[\(task)]", to: "unanswered.json")
        #expect(try correct(unanswered, from: .labelStudio).documents == 0)
        #expect(try texts("SELECT count(*) FROM reviews") == [["0"]])
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
