// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Testing
import TestSupport

@Suite("What lies in a file's place")
struct MistakenContentTests {
    @Test(
        "is told by its first bytes",
        arguments: [
            ("", MistakenContent.empty), ("<html>", .html), ("\r\n <!doctype HTML>", .html),
            ("version https://git-lfs.github.com/spec/v1\n", .gitLFS), ("PK\u{3}\u{4}", .zip),
            ("GGUF", nil), ("{}", nil), ("version 2", nil), ("PK", nil), (" ", nil), ("<s>", nil),
        ] as [(String, MistakenContent?)])
    func kinds(text: String, expected: MistakenContent?) throws {
        #expect(MistakenContent(beginning: Array(text.utf8)) == expected)
        let folder = try TemporaryFolder()
        let long = text.isEmpty ? "" : text + String(repeating: "x", count: 5000)
        let file = FilePath(try folder.write(long, to: "f"))
        #expect(MistakenContent(file: file) == expected)
        #expect(MistakenContent(file: FilePath(folder.url)) == nil)
    }
}
