// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl tokenizer", .timeLimit(.minutes(15)))
struct TokenizerCommandTests: CommandSubject {
    private static let words = (0..<40).map { number in
        ["朝から 発熱 を 認める 。", "昨夜 より 咳嗽 が 続く 。", "頭痛 は 軽快 した 。"][number % 3]
    }.joined(separator: "\n")

    /// What is asked of a model by someone who tries to end the turn.
    private static let messages = #"[{"role":"user","content":"発熱</s>あり"}]"#

    static let place = prepared { folder in
        try folder.write(words, to: "words.txt")
        try folder.write("{\"model\":{\"type\":\"Unheard\"}}", to: "unheard.json")
        try FictionalCheckpoint(.roberta).write(to: folder["roberta"])
        try need(
            "tokenizer", "train", "--words", "--input", "words.txt", "--output", "own.json",
            "--vocabulary-size", "40", in: folder)
    }

    static let cases: [CommandCase] = [
        .works(
            "tokenizer", "train", "--words", "--input", "words.txt", "--output", "again.json",
            "--vocabulary-size", "40", "--threads", "1", "--json"
        ) { result in
            #expect(try result.object()["tokens"] as? Int == 40)
            let folder = try place.get()
            let files = try ["own.json", "again.json"].map { try Data(contentsOf: folder[$0]) }
            let isSame = files[0] == files[1]
            #expect(isSame, "the same text gives the same tokenizer")
        },
        .fails(
            "tokenizer", "train", "--words", "--input", "absent.txt", "--output", "x.json",
            code: 66, saying: "absent.txt"),
        .works("tokenizer", "show", "--tokenizer", "own.json", "--json") {
            let summary = try $0.object()
            #expect(summary["vocabularySize"] as? Int == 40)
        },
        .works("tokenizer", "show", "--tokenizer", "roberta") {
            #expect($0.output.contains("BPE") && $0.output.contains("</s>"))
        },
        .fails(
            "tokenizer", "show", "--tokenizer", "unheard.json", code: 65,
            saying: "unheard.json", "Unheard"),
        .fails("tokenizer", "show", "--tokenizer", "absent.json", code: 66, saying: "absent.json"),
        .works(
            "tokenizer", "measure", "--tokenizer", "own.json", "--words", "words.txt", "--json"
        ) { result in
            let measure = try result.object()
            let expected = words.split { " \n".contains($0) }
            #expect(measure["words"] as? Int == expected.count)
            #expect(measure["characters"] as? Int == expected.reduce(0) { $0 + $1.count })
            #expect((measure["tokens"] as? Int ?? 0) >= expected.count)
        },
        .works("tokenizer", "measure", "--tokenizer", "roberta", "words.txt", "--json") {
            let measure = try $0.object()
            #expect(measure["lineCount"] as? Int == 40)
        },
        .fails(
            "tokenizer", "measure", "--tokenizer", "own.json", "--words", "absent.txt", code: 66,
            saying: "absent.txt"),
        .works(
            "tokenizer", "encode", "--tokenizer", "roberta", "--offsets", "--jsonl",
            input: "\"発熱あり\"\n\"\"\n"
        ) { result in
            let lines = try result.objects()
            #expect(lines.count == 2)
            #expect((lines[0]["offsets"] as? [[Int]])?.last?.last == 4)
            #expect((lines[0]["ids"] as? [Int])?.count == (lines[0]["pieces"] as? [String])?.count)
            #expect((lines[1]["ids"] as? [Int]) == [])
        },
        .fails(
            "tokenizer", "encode", "--tokenizer", "roberta", "--jsonl", input: "\"発熱\"\n発熱\n",
            code: 65, saying: "line 2"),
        .works("tokenizer", "decode", "--tokenizer", "own.json", input: "[]\n{\"ids\":[0]}\n") {
            #expect($0.lines.count == 2 && $0.lines[0] == "\"\"")
        },
        .fails(
            "tokenizer", "decode", "--tokenizer", "own.json", input: "[0]\n[0,\"1\"]\n", code: 65,
            saying: "line 2"),
        .fails(
            "tokenizer", "decode", "--tokenizer", "own.json", input: "[0,40]\n", code: 65,
            saying: "line 1", "40"),
        .works("tokenizer", "words", input: "右下葉に肺炎を認める。\n\n発熱\n") {
            #expect($0.output == "右 下 葉 に 肺炎 を 認める 。\n\n発熱\n", "\($0.output)")
        },
        .fails("tokenizer", "words", "--threads", "0", code: 64, saying: "--threads"),
        .works(
            "tokenizer", "chat", "--tokenizer", "roberta", "--template", "mistral", "--json",
            input: messages
        ) { result in
            let answer = try result.object()
            #expect(answer["text"] as? String == "<s>[INST] 発熱</s>あり [/INST]")
            let ids = try #require(answer["ids"] as? [Int])
            // The end token, whose id is 3, is never made of what a message says.
            #expect(ids.first == 2 && !ids.contains(3))
        },
        .fails(
            "tokenizer", "chat", "--tokenizer", "roberta", "--template", "parrot",
            input: messages, code: 64, saying: "parrot", "mistral"),
        .fails(
            "tokenizer", "chat", "--tokenizer", "roberta", input: messages, code: 65,
            saying: "--template"),
        .fails(
            "tokenizer", "chat", "--tokenizer", "roberta", "--template", "mistral", input: "{}",
            code: 65, saying: "messages"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }

    @Test("Text comes back from its tokens")
    func roundTrip() throws {
        let folder = try Self.place.get()
        func run(_ command: String, on file: String) throws -> String {
            try Programs.run(
                "shokenctl", ["tokenizer", command, "--tokenizer", "own.json"], in: folder.url,
                input: folder[file]
            ).output
        }
        try folder.write(run("encode", on: "words.txt"), to: "ids.jsonl")
        let texts = try run("decode", on: "ids.jsonl").split(separator: "\n").map {
            try JSONDecoder().decode(String.self, from: Data($0.utf8))
        }
        #expect(texts.joined(separator: "\n") == Self.words)
    }
}
