// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl tokenizer train", .timeLimit(.minutes(15)))
struct TokenizerTrainingTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func train(_ text: Data, _ options: String...) throws -> (code: Int32, errors: String) {
        try text.write(to: folder["text"])
        let result = try Programs.run(
            "shokenctl",
            ["tokenizer", "train", "--words", "--input", "text", "--output", "tokenizer.json"]
                + options, in: folder.url)
        return (result.code, result.errors)
    }

    private var isWritten: Bool {
        FileManager.default.fileExists(atPath: folder.path + "/tokenizer.json")
    }

    static let faults: [(text: [UInt8], code: Int32, says: String)] = [
        ([], 65, "no words"),
        (Array(" \n \n".utf8), 65, "no words"),
        (Array("発熱".utf8), 65, "gives only 5 tokens"),
        (Array("発熱 あり\n頭痛\n".utf8) + [0xE3, 0x81, 0x0A], 65, "line 3 is no valid UTF-8"),
        (Array("発熱\nあり\u{0}\n".utf8), 65, "line 2 holds a NUL byte"),
    ]

    @Test("What cannot be learned from is named, and no file is written", arguments: faults)
    func refused(text: [UInt8], code: Int32, says: String) throws {
        let result = try train(Data(text))
        #expect(result.code == code && result.errors.contains(says), "\(result.errors)")
        #expect(!isWritten)
    }

    @Test("Sizes out of range are a wrong usage", arguments: ["0", "4", "99999999"])
    func sizes(size: String) throws {
        #expect(try train(Data("発熱".utf8), "--vocabulary-size", size).code == 64)
        #expect(!isWritten)
    }

    @Test("A text of one long line is learned from like any other")
    func longLine() throws {
        let words = (0..<200_000).map { "第\($0 % 977)号" }.joined(separator: " ")
        #expect(try train(Data(words.utf8), "--vocabulary-size", "200").code == 0)
        #expect(isWritten)
    }
}
