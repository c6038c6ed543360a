// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import DurableFiles
import Foundation
import Intake
import JapaneseText
import LinearHeads
import ModelBundle
import Spool
import Tensors
import TestSupport
import Testing

@testable import DocumentPipeline
@testable import ResultStore

/// One analyzer for all tests here: loading the dictionary takes longer than a test.
private let analyzer: TextAnalyzer? = (try? MorphologicalAnalyzer()).map {
    TextAnalyzer(analyzer: $0)
}

/// A processor on a database of its own, whose model does nothing but compare documents.
private struct Instance {
    let folder: TemporaryFolder
    let processor: ClinicalProcessor

    init(_ folder: TemporaryFolder? = nil) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let manifest = BundleManifest(
            name: "fictional", version: "1", createdAt: "2026-01-01T00:00:00Z", codeVersion: "0",
            cleaning: .init(profile: "documents", version: 1), dictionary: "ipadic", tasks: [:],
            sources: [], licence: "none", scores: .object([]))
        try folder.write(JSONEncoder().encode(manifest), to: "model/shoken.json")
        let model = LoadedModel(
            annotator: ClinicalAnnotator(
                analyzer: try #require(analyzer), reader: nil,
                tasks: TaskSet(similarity: Self.judge())),
            maker: ResultMaker(
                name: "fictional", version: "1", sha256: "aa", cleaningVersion: "documents-1",
                dictionary: "ipadic", codeVersion: "0", methods: ["similarity": "heads"]))
        let slot = try ModelSlot(
            first: BundleDirectory(directory: folder["model"]), wanted: { nil },
            load: { _ in model }, report: { _ in })
        processor = ClinicalProcessor(
            model: slot, database: try ResultDatabase(file: folder["shoken.db"]),
            intake: DocumentReader(), plan: \.standardTasks)
    }

    /// A judge by the Dice coefficient of characters, the first of its measures.
    private static func judge() -> SimilarityJudge {
        var settings = SimilarityJudge.Settings()
        settings.buckets = 256
        settings.rarityBuckets = 256
        var weights = Tensor(zeros: [6, settings.featureCount])
        weights.values[5 * settings.featureCount + 256] = 20
        return SimilarityJudge(
            settings: settings, rarity: RarityTable(documents: [], buckets: 256),
            head: LinearHead(
                weights: weights, bias: Tensor(shape: [6], values: [10, 0, 0, 0, 0, 0]),
                link: .exclusive))
    }

    /// A claim of a file that is written first.
    func claim(_ text: String, _ name: String, kind: DocumentKind = .nursing) throws -> ClaimedFile
    {
        let file = try folder.write(text, to: "processing/\(name)")
        return ClaimedFile(
            path: FilePath(file), kind: kind, originalName: try #require(FileName(name)),
            size: text.utf8.count, claimedAt: Date(timeIntervalSince1970: 0), attempt: 1)
    }

    func rows(_ sql: String) throws -> [[ResultValue]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows
    }

    /// All that comparisons have left.
    func similarities() throws -> [[ResultValue]] {
        try rows("SELECT * FROM similarities ORDER BY document_id, other_document_id")
    }
}

@Suite("Processing documents")
struct ClinicalProcessorTests {
    /// Fictional records, some near to each other.
    static let texts = [
        "右膝の疼痛を訴える。体温は36.8度。発赤あり。経過観察とする。",
        "右膝の疼痛を訴える。体温は37.1度。発赤あり。経過観察とする。",
        "胸水なし。右上葉に12mm大の結節を認めます。",
        "右膝の疼痛を訴える。体温は36.8度。発赤なし。医師に報告した。",
        "右膝の疼痛を訴える。体温は36.8度。発赤あり。経過観察とする。",
        "胸水なし。右上葉に14mm大の結節を認めます。",
    ]

    private func claims(_ instance: Instance) throws -> [ClaimedFile] {
        try Self.texts.enumerated().map { try instance.claim($1, "\($0).txt") }
    }

    @Test("similarities do not depend on batches, nor on what is still in memory")
    func batches() throws {
        let together = try Instance()
        let outcomes = together.processor.process(try claims(together))
        #expect(outcomes == Self.texts.map { _ in .recorded(documents: 1) })
        let alone = try Instance()
        for claim in try claims(alone) {
            #expect(alone.processor.process([claim]) == [.recorded(documents: 1)])
        }
        let forgetful = try TemporaryFolder()
        for number in Self.texts.indices {
            // A new processor each time, as after a restart: earlier documents are read again.
            let instance = try Instance(forgetful)
            let claim = try claims(instance)[number]
            #expect(instance.processor.process([claim]) == [.recorded(documents: 1)])
        }
        let expected = try together.similarities()
        #expect(expected.count >= 4)
        #expect(try alone.similarities() == expected)
        #expect(try Instance(forgetful).similarities() == expected)
        #expect(
            try together.rows(
                "SELECT level FROM similarities WHERE document_id = 5 AND other_document_id = 1")
                == [[.integer(5)]])
    }

    @Test("one line's document is compared with the lines before it")
    func lines() throws {
        let instance = try Instance()
        let lines = Self.texts.map { "{\"text\": \"\($0)\"}" }.joined(separator: "\n")
        let outcomes = instance.processor.process([
            try instance.claim(Self.texts[0], "first.txt"),
            try instance.claim(lines, "day.jsonl"),
        ])
        #expect(outcomes == [.recorded(documents: 1), .recorded(documents: 6)])
        #expect(
            try instance.rows(
                """
                SELECT other_document_id FROM similarities
                WHERE document_id = 6 AND level = 5 ORDER BY 1
                """
            ).prefix(2) == [[.integer(1)], [.integer(2)]])
    }

    @Test("a file that is there twice is recorded once and compared with nothing")
    func duplicates() throws {
        let instance = try Instance()
        let claim = try instance.claim(Self.texts[0], "a.txt")
        #expect(
            instance.processor.process([claim, claim]) == [.recorded(documents: 1), .duplicate])
        #expect(instance.processor.process([claim]) == [.duplicate])
        #expect(try instance.similarities().isEmpty)
        let next = try instance.claim(Self.texts[1], "b.txt")
        #expect(
            instance.processor.process([claim, next]) == [.duplicate, .recorded(documents: 1)])
        #expect(try instance.similarities().count == 1)
    }

    @Test("after a write that failed documents are compared with what is really there")
    func failedWrite() throws {
        let instance = try Instance()
        let file = instance.folder["shoken.db"]
        #expect(
            instance.processor.process([try instance.claim(Self.texts[0], "a.txt")])
                == [.recorded(documents: 1)])
        // A trigger stands for whatever refuses a row: no document whose text has a 37 in it.
        let trigger = """
            CREATE TRIGGER refuse BEFORE INSERT ON documents WHEN instr(NEW.text, '37') > 0
            BEGIN SELECT raise(ABORT, 'refused'); END
            """
        try Self.execute(trigger, on: file)
        let outcomes = instance.processor.process([
            try instance.claim(Self.texts[1], "b.txt"), try instance.claim(Self.texts[4], "c.txt"),
        ])
        guard case .rejected("not-recorded", _, _) = outcomes[0] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outcomes[1] == .recorded(documents: 1))
        try Self.execute("DROP TRIGGER refuse", on: file)
        #expect(
            instance.processor.process([try instance.claim(Self.texts[1], "b.txt")])
                == [.recorded(documents: 1)])
        let fresh = try Instance()
        for (number, name) in [(0, "a.txt"), (4, "c.txt"), (1, "b.txt")] {
            _ = fresh.processor.process([try fresh.claim(Self.texts[number], name)])
        }
        #expect(try instance.similarities() == fresh.similarities())
    }

    private static func execute(_ sql: String, on file: URL) throws {
        try ResultDatabase(file: file).write { try $0.execute(sql: sql) }
    }

    @Test("what cannot be read is refused with a code, and the others are recorded")
    func refused() throws {
        let instance = try Instance()
        let outcomes = instance.processor.process([
            try instance.claim(" \n", "empty.txt"), try instance.claim("発熱なし。", "a.txt"),
            try instance.claim("{\"text\": 1}", "b.jsonl"),
            try instance.claim("発熱なし。", "c\u{1}.txt"),
        ])
        #expect(outcomes[1] == .recorded(documents: 1))
        let codes = outcomes.map { outcome -> String? in
            if case .rejected(let code, _, _) = outcome { code } else { nil }
        }
        #expect(codes == ["empty", nil, "wrong-type", "control-character-in-name"])
    }

    @Test("a file of which nothing at all is a document is refused, as shokenctl intake says")
    func withoutNarrative() throws {
        let instance = try Instance()
        let observation = """
            {"resourceType": "Observation", "status": "final", "valueString": "右胸痛あり。"}
            """
        let outcomes = instance.processor.process([
            try instance.claim(observation, "a.json"), try instance.claim(observation, "a.txt"),
        ])
        for outcome in outcomes {
            guard case .rejected("no-narrative", let reason, _) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(reason.contains("it holds no report, composition or reference to a document"))
        }
        #expect(try instance.rows("SELECT * FROM files").isEmpty)
    }
}
