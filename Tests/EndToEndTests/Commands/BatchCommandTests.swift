// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "shokenctl batch", .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct BatchCommandTests: CommandSubject {
    private static let documents = """
        {"id":"1","patient_id":"P1","text":"発熱あり。昨日も発熱。"}
        {"id":"2","patient_id":"P2","text":"咳嗽なし。"}
        {"id":"3","patient_id":"P3","text":"咳嗽なし。"}
        {"id":"4","patient_id":"P4","text":"右膝の疼痛を訴える。"}
        """

    /// An answer to the request of a text, as a server writes it.
    private static func answer(
        _ request: [String: Any], _ mentions: String, reason: String = "stop"
    ) throws -> String {
        let value: [String: Any] = [
            "custom_id": try #require(request["custom_id"]), "error": NSNull(),
            "response": [
                "status_code": 200,
                "body": [
                    "model": "instruct-32b",
                    "choices": [
                        [
                            "finish_reason": reason,
                            "message": ["content": "{\"mentions\":[\(mentions)]}"],
                        ]
                    ],
                ],
            ],
        ]
        return String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
            + "\n"
    }

    private static func mention(_ text: String) -> String {
        #"{"type":"disease","text":"\#(text)","certainty":"negative","subject":"patient","temporality":"current"}"#
    }

    static let place = prepared { folder in
        try folder.write(
            "[database]\nfile = \"results.db\"\n[models]\ndirectory = \"\(DaemonInstance.models.path)\"\n",
            to: "shoken.toml")
        try folder.write(documents, to: "notes.jsonl")
        let read = try Programs.run(
            "shokenctl", ["annotate", "--for-merge", "notes.jsonl", "--config", "shoken.toml"],
            in: folder.url)
        try folder.write(read.output, to: "notes.shard")
        try need("merge", "notes.shard", "--config", "shoken.toml", in: folder)
        try need(
            "batch", "export", "--task", "entities", "--served-model", "instruct-32b",
            "asked.jsonl",
            "--config", "shoken.toml", in: folder)
        let lines = String(decoding: try Data(contentsOf: folder["asked.jsonl"]), as: UTF8.self)
        let requests = try lines.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        try #require(requests.count == 3)
        let good = try answer(requests[1], mention("咳嗽"))
        try folder.write(
            try answer(requests[0], mention("発熱") + "," + mention("発熱")) + good
                + answer(requests[2], mention("疼痛")), to: "good.jsonl")
        // Two places of which the answer says one, no answer, a repetition, a stranger and no line at all.
        try folder.write(
            try answer(requests[0], mention("発熱")) + good + good
                + good.replacingOccurrences(of: "shoken-", with: "other-") + "{\n",
            to: "doubtful.jsonl")
        try folder.write("{}\n", to: "foreign.jsonl")
    }

    static let cases: [CommandCase] = [
        .works(
            "batch", "export", "--task", "tnm", "--served-model", "m", "stages.jsonl", "--input",
            "notes.jsonl", "--config", "shoken.toml", "--json"
        ) {
            let report = try $0.object()
            #expect(report["documents"] as? Int == 4 && report["requests"] as? Int == 3)
        },
        .fails(
            "batch", "export", "--task", "entities", "--served-model", "m", "asked.jsonl",
            "--config",
            "shoken.toml", code: 73, saying: "asked.jsonl"),
        .fails(
            "batch", "export", "--task", "stage", "--served-model", "m", "x.jsonl", code: 64,
            saying: "entities", "tnm"),
        .works(
            "batch", "import", "--requests", "asked.jsonl", "good.jsonl", "--config", "shoken.toml",
            "--json"
        ) {
            let report = try $0.object()
            #expect(report["answers"] as? Int == 3 && (report["faults"] as? [Any])?.isEmpty == true)
        },
        .fails(
            "batch", "import", "--requests", "foreign.jsonl", "good.jsonl", "--config",
            "shoken.toml",
            code: 65, saying: "foreign.jsonl", "line 1"),
        .fails(
            "batch", "import", "--requests", "absent.jsonl", "good.jsonl", "--config",
            "shoken.toml",
            code: 66, saying: "absent.jsonl"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }

    @Test("keeps what holds as a run of its own, once, and tells the rest")
    func journey() throws {
        let folder = try Self.place.get()
        func call(_ words: String...) throws -> (code: Int32, output: String, errors: String) {
            try Programs.run("shokenctl", words + ["--config", "shoken.toml"], in: folder.url)
        }
        func kept() throws -> String {
            try call(
                "sql",
                """
                SELECT d.external_id, json_extract(m.value, '$.surface'), json_extract(m.value, '$.start'),
                  json_extract(m.value, '$.review')
                FROM run_results r JOIN runs u ON u.id = r.run_id AND u.purpose = 'batch'
                JOIN documents d ON d.id = r.document_id, json_each(r.results, '$.mentions') m
                ORDER BY d.id, m.key
                """, "--format", "csv"
            ).output
        }
        let findings = try call("sql", "SELECT count(*) FROM entities", "--format", "csv").output
        let good = try call("batch", "import", "--requests", "asked.jsonl", "good.jsonl")
        #expect(
            good.code == 0 && good.output.hasPrefix("3 of 3 requests answered; "), "\(good.errors)")
        let first = try kept()
        #expect(
            first.split(separator: "\n").dropFirst().elementsEqual([
                "1,発熱,0,0", "1,発熱,8,0", "2,咳嗽,0,0", "3,咳嗽,0,0", "4,疼痛,3,0",
            ]), "\(first)")
        let doubtful = try call("batch", "import", "--requests", "asked.jsonl", "doubtful.jsonl")
        #expect(doubtful.code == 65)
        for words in [
            "doubtful.jsonl, line 1: what it names stands at another number of places than it says (1 of its parts)",
            "doubtful.jsonl, line 3: another line answers the same request",
            "doubtful.jsonl, line 4: its custom_id is of no request",
            "doubtful.jsonl, line 5: no JSON object with a custom_id",
            "asked.jsonl, line 3: there is no answer",
            "2 of 3 requests answered; 0 documents stored, 2 there before",
        ] { #expect(doubtful.output.contains(words), "\(words): \(doubtful.output)") }
        let second = try kept()
        #expect(second == first)
        let runs = try call(
            "sql", "SELECT purpose, model, documents FROM model_runs WHERE purpose = 'batch'",
            "--format", "csv")
        #expect(runs.output.hasSuffix("batch,instruct-32b,4\n"), "\(runs.output)")
        let afterwards = try call("sql", "SELECT count(*) FROM entities", "--format", "csv").output
        #expect(afterwards == findings)
        #expect(!doubtful.output.contains("発熱"))
    }
}
