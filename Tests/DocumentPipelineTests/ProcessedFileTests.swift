// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Configuration
import DocumentPipeline
import DurableFiles
import Foundation
import Intake
import ModelBundle
import ResultStore
import Spool
import Synchronization
import TestSupport
import Testing

/// A spool, a database and a processor on the bundle that comes with the project.
private struct ProcessorInstance {
    static let bundle = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../models/shoken-base").standardized
    static var hasModel: Bool {
        FileManager.default.fileExists(atPath: bundle.appending(path: "shoken.json").path)
    }
    /// Loaded once for all tests.
    private static let model = Result {
        try LoadedModel(
            bundle: BundleDirectory(directory: bundle),
            settings: ServiceConfiguration(toml: "", file: "shoken.toml"))
    }
    static let maximumBytes = 4096

    let files: TemporarySpool
    let processor: ClinicalProcessor
    private let database: ResultDatabase
    private let folder: TemporaryFolder

    init(
        candidateLimit: Int = 5, maximumBytes: Int = Self.maximumBytes,
        plan: @escaping @Sendable (DocumentKind) -> Set<ClinicalTask> = \.standardTasks
    ) throws {
        files = try TemporarySpool()
        folder = try TemporaryFolder()
        let model = try Self.model.get()
        let slot = try ModelSlot(
            first: BundleDirectory(directory: Self.bundle), wanted: { nil }, load: { _ in model },
            report: { _ in })
        database = try ResultDatabase(file: folder["shoken.db"])
        processor = ClinicalProcessor(
            model: slot, database: database,
            intake: DocumentReader(
                limits: IntakeLimits(
                    maximumBytes: maximumBytes, maximumDocumentScalars: 500)),
            candidateLimit: candidateLimit, plan: plan)
    }

    /// Drops files and claims them, in the order of the list.
    func claims(_ contents: [(name: String, text: Data)], _ kind: DocumentKind = .nursing) throws
        -> [ClaimedFile]
    {
        try contents.map { name, text in
            try DiskFiles().write(text, to: files.spool.incoming(kind).appending(name))
            let file = try #require(files.spool.scan().files.first)
            return try #require(try files.spool.claim(file))
        }
    }

    func process(_ contents: [(String, String)], _ kind: DocumentKind = .nursing) throws
        -> [ProcessingOutcome]
    {
        processor.process(try claims(contents.map { ($0, Data($1.utf8)) }, kind))
    }

    /// Records the first documents of a claimed file, as a daemon did that ended then.
    func recordFirst(_ count: Int, of claim: ClaimedFile) throws {
        let part = RecordedFile(
            sha256: try ContentDigest(ofFile: claim.path).hexadecimal, kind: claim.kind,
            sourceName: claim.recordedName.escaped, receivedAt: "2026-01-02T04:00:00.000Z",
            documents: (0..<count).map { _ in
                RecordedDocument(
                    ClinicalDocument(kind: claim.kind, text: "前の部分"), Findings())
            }, isLastPart: false)
        _ = try database.record([part], after: 0, maker: try Self.model.get().maker, at: .now)
    }

    /// Rows of a statement, each value as text.
    func rows(_ sql: String) throws -> [[String]] {
        try ResultReader(file: folder["shoken.db"]).select(sql).rows.map { row in
            row.map { value in
                switch value {
                case .null: ""
                case .integer(let number): "\(number)"
                case .real(let number): "\(number)"
                case .text(let text): text
                }
            }
        }
    }
}

extension ProcessingOutcome {
    /// The code of a rejection.
    fileprivate var code: String? {
        switch self {
        case .rejected(let code, _, _): code
        case .recordedInPart: "partly-recorded"
        default: nil
        }
    }
}

@Suite(
    "Claimed files become rows",
    .enabled(if: ProcessorInstance.hasModel, "models/shoken-base is not there"))
struct ProcessedFileTests {
    /// What must never be said of a document.
    private static let secret = "山吹丸太郎"

    @Test("One batch gives each file its own outcome, in their order, and only rows of good ones")
    func outcomes() throws {
        let instance = try ProcessorInstance()
        let secret = Self.secret
        let claims = try instance.claims([
            ("good.txt", Data("\(secret)氏、発熱あり。".utf8)),
            ("broken.txt", Data("\(secret) 発熱あり".utf8) + Data([0xE3, 0x81]) + Data("。\n".utf8)),
            ("two.jsonl", Data("{\"id\":\"1\",\"text\":\"咳嗽あり。\"}\n{\"text\":\"頭痛なし。\"}\n".utf8)),
            ("half.jsonl", Data("{\"text\":\"発熱あり。\"}\n{\"text\":\"\(secret)".utf8)),
            ("textless.jsonl", Data("{\"id\":\"\(secret)\"}\n".utf8)),
            ("kind.jsonl", Data("{\"kind\":\"x-ray\",\"text\":\"\(secret)\"}\n".utf8)),
            ("empty.txt", Data()),
            ("blank.txt", Data(" \n".utf8)),
            ("binary.txt", Data((0..<512).map { UInt8($0 % 256) })),
            ("bytes.txt", Data(repeating: 0x61, count: ProcessorInstance.maximumBytes + 1)),
            ("scalars.txt", Data(String(repeating: "あ", count: 501).utf8)),
            ("line\nbreak.txt", Data("発熱あり。".utf8)),
            ("last.txt", Data("腹痛あり。".utf8)),
        ])
        let outcomes = instance.processor.process(claims)
        #expect(
            outcomes.map(\.code) == [
                nil, "undecodable", nil, "partly-recorded", "missing-field", "unknown-kind",
                "empty",
                "empty", "binary", "too-large", "too-large", "control-character-in-name", nil,
            ])
        #expect(outcomes[0] == .recorded(documents: 1) && outcomes[12] == .recorded(documents: 1))
        #expect(outcomes[2] == .recorded(documents: 2))
        let names = try instance.rows("SELECT source_name FROM documents ORDER BY id").joined()
        #expect(
            Array(names) == ["good.txt", "two.jsonl", "two.jsonl", "half.jsonl", "last.txt"])
        #expect(!"\(outcomes)".contains(secret))
    }

    @Test("A file that is gone is rejected alone, with its reason")
    func vanished() throws {
        let instance = try ProcessorInstance()
        let claims = try instance.claims([
            ("gone.txt", Data("発熱あり。".utf8)), ("there.txt", Data("腹痛あり。".utf8)),
        ])
        try FileManager.default.removeItem(atPath: claims[0].path.description)
        let outcomes = instance.processor.process(claims)
        #expect(outcomes.map(\.code) == ["unreadable", nil])
        #expect(try instance.rows("SELECT source_name FROM documents") == [["there.txt"]])
    }

    @Test("The same bytes under the same name and kind are recorded once, under another name again")
    func duplicates() throws {
        let instance = try ProcessorInstance()
        let text = "発熱あり。"
        let claim = try instance.claims([("a.txt", Data(text.utf8))])[0]
        let digest = ContentDigest(of: Data(text.utf8)).hexadecimal
        #expect(try !instance.processor.isRecorded(claim, sha256: digest))
        #expect(instance.processor.process([claim]) == [.recorded(documents: 1)])
        #expect(try instance.processor.isRecorded(claim, sha256: digest))
        #expect(try instance.process([("a.txt", text)]) == [.duplicate])
        #expect(try instance.process([("b.txt", text)]) == [.recorded(documents: 1)])
        #expect(try instance.process([("a.txt", text)], .radiology) == [.recorded(documents: 1)])
        let other = ContentDigest(of: Data("咳嗽あり。".utf8)).hexadecimal
        #expect(try !instance.processor.isRecorded(claim, sha256: other))
        #expect(try instance.rows("SELECT count(*) FROM documents") == [["3"]])
    }

    @Test("A file dropped again as it was leaves an event that says when, and no document")
    func repetition() throws {
        let instance = try ProcessorInstance()
        _ = try instance.process([("a.txt", "特変なし。"), ("b.txt", "特変なし。")])
        #expect(try instance.rows("SELECT count(*) FROM events") == [["0"]])
        #expect(
            try instance.process([("b.txt", "特変なし。"), ("b.txt", "特変なし。")])
                == [.duplicate, .duplicate])
        let rows = try instance.rows(
            """
            SELECT actor, action, object, json_extract(details, '$.kind'),
              json_extract(details, '$.received_at') GLOB '20*Z' FROM events
            """)
        #expect(
            rows == Array(repeating: ["shokend", "duplicate", "file 2", "nursing", "1"], count: 2))
        #expect(try instance.rows("SELECT count(*) FROM documents") == [["2"]])
    }

    @Test("A file that grows while the model reads is not recorded, and its neighbour is")
    func changedInHand() throws {
        let growing = Mutex<FilePath?>(nil)
        let instance = try ProcessorInstance { kind in
            // The plan is asked for after the file was read and before anything is written.
            if let path = growing.withLock({ $0 })?.text,
                let handle = FileHandle(forWritingAtPath: path)
            {
                _ = try? handle.seekToEnd()
                try? handle.write(contentsOf: Data("咳嗽あり。".utf8))
                try? handle.close()
            }
            return kind.standardTasks
        }
        let claims = try instance.claims([
            ("growing.txt", Data("発熱あり。".utf8)), ("whole.txt", Data("腹痛あり。".utf8)),
        ])
        growing.withLock { $0 = claims[0].path }
        #expect(instance.processor.process(claims) == [.changed, .recorded(documents: 1)])
        growing.withLock { $0 = nil }
        #expect(try instance.rows("SELECT source_name FROM documents") == [["whole.txt"]])
        #expect(instance.processor.process([claims[0]]) == [.recorded(documents: 1)])
        let texts = try instance.rows(
            "SELECT text FROM documents WHERE source_name = 'growing.txt'")
        #expect(texts.first?.first?.hasPrefix("発熱あり。咳嗽あり。") == true)
    }

    @Test("Entities stand at their place in the text as it came, with who found them")
    func places() throws {
        let instance = try ProcessorInstance()
        let text = "　夜間に右膝の疼痛あり。\r\nﾛｷｿﾌﾟﾛﾌｪﾝ６０ｍｇを内服した。発熱なし。"
        #expect(try instance.process([("a.txt", text)]) == [.recorded(documents: 1)])
        let rows = try instance.rows(
            """
            SELECT e.type, e.surface, e.certainty,
              substr(d.text, e.start + 1, e."end" - e.start) = e.surface, m.name
            FROM entities e JOIN documents d ON d.id = e.document_id
            JOIN models m ON m.id = d.model_id ORDER BY e.start
            """)
        #expect(rows.contains(["drug", "ﾛｷｿﾌﾟﾛﾌｪﾝ", "positive", "1", "shoken-base"]))
        #expect(rows.contains(["disease", "疼痛", "positive", "1", "shoken-base"]))
        #expect(rows.allSatisfy { $0[3] == "1" })
        #expect(try instance.rows("SELECT text = '\(text)' FROM documents") == [["1"]])
    }

    @Test("Only what is planned for a kind is asked of its documents")
    func plans() throws {
        let report = "右上葉に３８ｍｍ大の腫瘤を認め、肺癌と考えます。\n右肺門リンパ節転移を認めます。\n胸水なし。"
        let instance = try ProcessorInstance { kind in
            switch kind {
            case .nursing: [.entities]
            case .radiology: [.tnm]
            default: []
            }
        }
        _ = try instance.process([("a.txt", report)], .radiology)
        _ = try instance.process([("b.txt", report)], .nursing)
        #expect(
            try instance.rows(
                "SELECT DISTINCT d.kind FROM entities e JOIN documents d ON d.id = e.document_id")
                == [["nursing"]])
        #expect(
            try instance.rows(
                """
                SELECT d.kind, t.t, t.n FROM tnm_stages t JOIN documents d ON d.id = t.document_id
                """) == [["radiology", "T2a", "N1"]])
        #expect(try instance.rows("SELECT count(*) FROM similarity_bands") == [["0"]])
    }

    @Test("A report without a stage has its reason, one with a stage the words behind it, as rows")
    func stageReasons() throws {
        let instance = try ProcessorInstance { $0 == .radiology ? [.tnm] : [] }
        _ = try instance.process([("a.txt", "頭部MRI：肺癌の脳転移検索。異常を認めません。")], .radiology)
        _ = try instance.process([("b.txt", "右上葉肺癌術後 pT2aN1M0。再発なし。")], .radiology)
        #expect(
            try instance.rows(
                """
                SELECT coalesce(t, '-'), coalesce(stage, '-'), coalesce(reason, '-'),
                  coalesce(prefix, '-') FROM tnm_stages ORDER BY document_id
                """) == [["-", "-", "not-examined", "-"], ["T2a", "IIB", "-", "p"]])
        #expect(
            try instance.rows(
                """
                SELECT e.category, e.rule, substr(d.text, e.start + 1, e."end" - e.start)
                FROM tnm_evidence e JOIN documents d ON d.id = e.document_id
                WHERE e.axis = 'T' AND d.source_name = 'b.txt'
                """) == [["pT2a", "stated-in-report", "pT2a"]])
    }

    @Test(
        "Documents are compared with earlier ones of their kind, of one batch too, and no more than asked"
    )
    func similarities() throws {
        func texts(_ ends: [String]) -> [(String, String)] {
            ends.enumerated().map { ("\($0).txt", "夜間に右膝の疼痛あり、湿布を貼付した。歩行は安定している\($1)") }
        }
        let instance = try ProcessorInstance(candidateLimit: 2)
        _ = try instance.process(texts(["。"]), .caseReport)
        _ = try instance.process([("other.txt", "急性虫垂炎に対し虫垂切除術を施行した．")], .caseReport)
        _ = try instance.process(texts(["。", "．", " 。", "！"]).suffix(3), .caseReport)
        let pairs = try instance.rows(
            "SELECT document_id, other_document_id, level FROM similarities")
        #expect(pairs.allSatisfy { (Int($0[1]) ?? 9) < (Int($0[0]) ?? 0) })
        #expect(!pairs.contains { $0[0] == "2" || $0[1] == "2" })
        let counts = Dictionary(grouping: pairs) { $0[0] }.mapValues(\.count)
        #expect(counts == ["3": 1, "4": 2, "5": 2])
        #expect(pairs.allSatisfy { $0[2] == "5" })

        let alone = try ProcessorInstance(candidateLimit: 0)
        _ = try alone.process(texts(["。", "．"]), .caseReport)
        #expect(try alone.rows("SELECT count(*) FROM similarities") == [["0"]])
    }

    @Test("Rows of one database are not taken for those of another that the same model fills")
    func databases() throws {
        let texts = ["夜間に右膝の疼痛あり、湿布を貼付した。歩行は安定している。", "急性虫垂炎に対し虫垂切除術を施行した．"]
        for text in texts {
            let instance = try ProcessorInstance()
            for name in ["a.txt", "b.txt"] { _ = try instance.process([(name, text)], .caseReport) }
            #expect(try instance.rows("SELECT level FROM similarities") == [["5"]])
        }
    }

    @Test("A document gets the same findings alone as in a batch with others")
    func company() throws {
        let text = "体動時に呼吸困難あり。両下腿に浮腫を認める。フロセミド２０ｍｇを内服。"
        let columns = "SELECT type, start, \"end\", certainty, round(score, 5) FROM entities e "
        let alone = try ProcessorInstance()
        _ = try alone.process([("x.txt", text)])
        let among = try ProcessorInstance()
        let others = (0..<5).map { ("\($0).txt", String(repeating: "腰痛あり。", count: $0 * 7 + 1)) }
        _ = try among.process(others + [("x.txt", text)])
        let expected = try alone.rows(columns + "ORDER BY start")
        #expect(!expected.isEmpty)
        #expect(
            try among.rows(
                columns + "JOIN documents d ON d.id = e.document_id WHERE source_name = 'x.txt' "
                    + "ORDER BY start") == expected)
    }

    @Test("No files are no work, and work is accounted for")
    func accounts() throws {
        let instance = try ProcessorInstance()
        #expect(instance.processor.timeShares == nil)
        #expect(instance.processor.process([]).isEmpty)
        _ = try instance.process([("a.txt", "発熱あり。")])
        #expect(instance.processor.timeShares != nil)
    }

    @Test("A file of many documents is recorded in parts, from where an earlier end has left it")
    func parts() throws {
        let instance = try ProcessorInstance(maximumBytes: 1 << 16, plan: { _ in [] })
        let lines = (0..<150).map { #"{"id":"\#($0)","text":"\#($0)日目、体温\#($0)度。"}"# + "\n" }
        let claims = try instance.claims([("many.jsonl", Data(lines.joined().utf8))])
        try instance.recordFirst(10, of: claims[0])
        #expect(instance.processor.process(claims) == [.recorded(documents: 150)])
        let rows = try instance.rows(
            "SELECT position, external_id, text FROM documents ORDER BY id")
        #expect(rows.map { $0[0] } == (0..<150).map(String.init))
        #expect(rows.map { $0[1] } == (0..<10).map { _ in "" } + (10..<150).map(String.init))
        #expect(Set(rows.prefix(10).map { $0[2] }) == ["前の部分"])
        #expect(try instance.rows("SELECT count(*), min(complete) FROM files") == [["1", "1"]])
        #expect(instance.processor.process(claims) == [.duplicate])
    }

    @Test("Good lines are recorded and bad ones listed, once, whatever comes between")
    func recordsAtFault() throws {
        let instance = try ProcessorInstance()
        let lines = [
            #"{"id":12,"text":"発熱あり。"}"#, "{", #"{"text":"咳嗽あり。"}"#, "",
            #"{"text":"頭痛","kind":"NURSING"}"#,
            #"{"text":" "}"#,
        ]
        let claims = try instance.claims([
            ("a.jsonl", Data(lines.joined(separator: "\n").utf8)),
            ("b.jsonl", Data("[1]\n{}\n".utf8)),
        ])
        let outcomes = instance.processor.process(claims)
        guard case .recordedInPart(documents: 2, let faults) = outcomes[0],
            case .rejected("malformed-json", _, let others?) = outcomes[1]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(faults.listed.map(\.line) == [2, 5, 6] && faults.count == 3)
        #expect(faults.listed.map(\.code) == ["malformed-json", "unknown-kind", "empty-text"])
        #expect(Set(faults.documents).count == 2)
        #expect(others.listed.map(\.line) == [1, 2] && others.documents.isEmpty)
        let rows = "SELECT external_id, position, text FROM documents ORDER BY id"
        let expected = [["12", "0", "発熱あり。"], ["", "1", "咳嗽あり。"]]
        #expect(try instance.rows(rows) == expected)
        #expect(try instance.rows("SELECT faults, complete FROM files") == [["3", "1"]])
        let digest = try ContentDigest(ofFile: claims[0].path).hexadecimal
        #expect(try instance.processor.isRecorded(claims[0], sha256: digest))
        #expect(try !instance.processor.isSettled(claims[0], sha256: digest))
        // As after a crash: the same claim is no repetition, and its faults are still to be told.
        #expect(
            instance.processor.process([claims[0]]) == [.recordedInPart(documents: 0, faults)])
        let again = try instance.claims([
            ("a.jsonl", Data(lines.joined(separator: "\n").utf8))
        ])
        #expect(instance.processor.process(again) == [.duplicate])
        #expect(try instance.rows(rows) == expected)
        #expect(try instance.rows("SELECT count(*) FROM events") == [["1"]])
    }

    @Test("A retry takes out what is recorded, however the copy was saved, and nothing twice")
    func remainingRecords() throws {
        let instance = try ProcessorInstance()
        let good = [#"{"id":"1","text":"表示"}"#, #"{"text":"発熱"}"#, #"{"text":"発熱"}"#]
        let claims = try instance.claims([
            ("a.jsonl", Data((good + ["{"]).joined(separator: "\n").utf8))
        ])
        guard case .recordedInPart(documents: 3, let faults) = instance.processor.process(claims)[0]
        else {
            Issue.record("no document is recorded")
            return
        }
        let corrected =
            "\u{FEFF}" + #"{"text" : "咳"}"# + "\r\n" + #"{"text":"発熱", "id":null}"# + "\r\n"
            + #"{ "text":"\u8868示","id":"1" }"# + "\r\n" + good[1] + "\r\n" + good[2] + "\r\n["
        func remaining(_ content: Data) throws -> [String] {
            let rest = try RetriedRecords.remaining(
                of: content, fileName: "a~x.jsonl", kind: .nursing, recorded: faults.documents,
                reader: DocumentReader())
            return String(decoding: rest, as: UTF8.self).split(whereSeparator: \.isNewline)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        // Two of the three that read alike are recorded.
        #expect(
            try remaining(Data(corrected.utf8)) == [#"{"text" : "咳"}"#, good[2], "["])
        #expect(try remaining(Data(good.joined(separator: "\n").utf8)).isEmpty)
        let first = try remaining(Data(corrected.utf8)).joined(separator: "\n")
        #expect(try remaining(Data("{\"text\":\"頭痛\"}\n\(good[0])".utf8)) == [#"{"text":"頭痛"}"#])
        #expect(first.contains("咳"))
    }

    @Test("A file that is given back amid its parts keeps those that are recorded")
    func givenBack() throws {
        let path = Mutex<FilePath?>(nil)
        let instance = try ProcessorInstance(
            maximumBytes: 1 << 16,
            plan: { _ in
                // As the daemon does at a stop, while the model is at work.
                if let path = path.withLock({ $0 }), let name = path.text {
                    rename(name, name + ".given-back")
                }
                return []
            })
        let lines = (0..<150).map { #"{"text":"\#($0)日目。"}"# + "\n" }
        let claims = try instance.claims([("many.jsonl", Data(lines.joined().utf8))])
        try instance.recordFirst(10, of: claims[0])
        path.withLock { $0 = claims[0].path }
        guard case .postponed = instance.processor.process(claims)[0] else {
            Issue.record("it waits for the next run")
            return
        }
        #expect(try instance.rows("SELECT count(*) FROM documents") == [["10"]])
        #expect(try instance.rows("SELECT complete FROM files") == [["0"]])
    }
}
