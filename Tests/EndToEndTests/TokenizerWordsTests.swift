// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl tokenizer words", .timeLimit(.minutes(15)))
struct TokenizerWordsTests {
    @Test("Lines come in order on any number of threads, empty ones and the last one too")
    func order() throws {
        let folder = try TemporaryFolder()
        // More than is gathered at a time for three threads.
        let lines = (0..<60_000).map { $0 % 7 == 0 ? "" : "第\($0)号  室  " } + ["終"]
        try folder.write(lines.joined(separator: "\n"), to: "text")
        let wanted =
            lines.map { $0.split(separator: " ").joined(separator: " ") + "\n" }.joined()
        for threads in ["1", "3"] {
            let result = try Programs.run(
                "shokenctl", ["tokenizer", "words", "--words", "--threads", threads],
                input: folder["text"])
            #expect(result.code == 0)
            // Not shown in full where they differ.
            let isEqual = result.output == wanted
            #expect(isEqual, "\(threads) threads")
        }
    }
}
