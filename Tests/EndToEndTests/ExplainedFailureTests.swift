// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What a person reads when a file or a row is at fault: a sentence that names it, and its code.
@Suite("Failures of shokenctl are sentences", .timeLimit(.minutes(15)))
struct ExplainedFailureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func expectSentence(
        _ arguments: [String], code: Int32, _ words: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try Programs.run("shokenctl", arguments, in: folder.url)
        let said = result.errors
        #expect(result.code == code, "\(said)", sourceLocation: sourceLocation)
        for word in words {
            #expect(said.contains(word), "\(said)", sourceLocation: sourceLocation)
        }
        // One line, in the command's form, and no case of an error type as Swift prints it.
        #expect(said.hasPrefix("shokenctl: "), "\(said)", sourceLocation: sourceLocation)
        #expect(said.split(separator: "\n").count == 1, "\(said)", sourceLocation: sourceLocation)
        let isDump =
            said.contains("Error") || said.firstMatch(of: #/\b[a-z]\w*\((file|row|task): /#) != nil
        #expect(!isDump, "\(said)", sourceLocation: sourceLocation)
    }

    /// The head of a GGUF file without tensors and metadata.
    private func gguf(version: UInt32, isBigEndian: Bool = false) -> Data {
        var data = Data("GGUF".utf8)
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) {
                data += Data($0)
            }
        }
        append(version)
        append(UInt64(0))
        append(UInt64(0))
        return data + Data(count: 64)
    }

    @Test(
        "a GGUF file of a version or byte order that is not read",
        arguments: [
            (UInt32(1), false, "version 1"), (4, false, "version 4"), (3, true, "big-endian"),
        ])
    func gguf(version: UInt32, isBigEndian: Bool, says: String) throws {
        try gguf(version: version, isBigEndian: isBigEndian)
            .write(to: folder.url.appending(path: "old.gguf"))
        try folder.write("[[1]]", to: "prompts.json")
        for arguments in [
            ["convert", "--model", "old.gguf", "--output", "new"],
            ["generate", "--model", "old.gguf", "--tokens", "prompts.json"],
        ] {
            try expectSentence(["model"] + arguments, code: 65, ["old.gguf", says])
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/new"))
    }

    @Test("a file of weights that is cut short or is none")
    func weights() throws {
        try Data("GGUF".utf8).write(to: folder.url.appending(path: "cut.gguf"))
        try expectSentence(
            ["model", "convert", "--model", "cut.gguf", "--output", "new"], code: 65,
            ["cut.gguf", "version"])
    }

    private func write(_ rows: [[String: Any]], task: String) throws {
        let place = folder.url.appending(path: "jmed-llm/train")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        var lines = Data()
        for row in rows {
            lines += try JSONSerialization.data(withJSONObject: row) + Data("\n".utf8)
        }
        try lines.write(to: place.appending(path: "\(task).jsonl"))
    }

    private func row(_ task: String, _ other: [String: Any]) -> [String: Any] {
        [
            "id": "\(task)-7", "task": task, "question": "", "doc": "右下葉に結節を認める。",
            "doc_id": "d7", "fold": 1,
        ].merging(other) { $1 }
    }

    @Test("rows of staging whose tag or answer is none")
    func staging() throws {
        let arguments = ["evaluate", "folds", "--task", "tnm", "--data", ".", "--folds", "0"]
        try write([row("rrtnm", ["tag": "X", "answer": "A"])], task: "rrtnm")
        try expectSentence(arguments, code: 65, ["rrtnm.jsonl", "rrtnm-7", "tag", "T, N, M"])
        try write([row("rrtnm", ["tag": "T", "answer": "Z"])], task: "rrtnm")
        try expectSentence(arguments, code: 65, ["rrtnm.jsonl", "rrtnm-7", "answer"])
    }

    @Test("rows of entities outside their document, and dictionaries that are none")
    func entities() throws {
        let arguments = ["evaluate", "folds", "--task", "entities", "--data", ".", "--folds", "0"]
        let outside: [String: Any] = [
            "tag": "d", "answer": ["結節"], "spans": [["text": "結節", "offsets": [[2, 2]]]],
        ]
        try write([row("nrner", outside)], task: "nrner")
        for task in ["mrner_disease", "mrner_medicine"] { try write([], task: task) }
        try folder.write("name\n結節\n", to: "dictionaries/disease.tsv")
        try expectSentence(arguments, code: 65, ["dictionaries/disease.tsv", "icd10"])
        try folder.write("surface\ticd10\n結節\tR91\n", to: "dictionaries/disease.tsv")
        try folder.write("name\n架空錠\n", to: "dictionaries/MedDic-CANCER-DRUG-JA_202306.csv")
        try expectSentence(arguments, code: 65, ["nrner.jsonl", "nrner-7", "offsets"])
        // With no document left to learn from.
        try write([], task: "nrner")
        try expectSentence(arguments, code: 65, ["no document is left", "disease"])
    }
}
