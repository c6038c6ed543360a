// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Tokenizers

/// What `tokenizer measure` finds of a tokenizer that is given lines as they are.
struct TokenizerLineMeasure: Encodable {
    /// Most bytes of one file.
    private static let fileByteLimit = 1 << 30

    private var lineCount = 0
    private var characters = 0
    private var tokens = 0
    private var bytesOfText = 0
    /// Of `ids(in:)`, on one thread.
    private var secondsEncoding = 0.0

    /// Encodes every line of files.
    mutating func time(_ tokenizer: any TextTokenizer, _ files: [String]) throws {
        for file in files {
            let content = try DiskFiles().read(
                FilePath(URL(filePath: file).resolvingSymlinksInPath()),
                maximumBytes: Self.fileByteLimit)
            let lines = content.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
            // Tables that are made when they are first needed do not count.
            for line in lines.prefix(100) { _ = tokenizer.ids(in: line) }
            let begin = ProcessAccount.threadSeconds
            for line in lines { tokens += tokenizer.ids(in: line).count }
            secondsEncoding += ProcessAccount.threadSeconds - begin
            lineCount += lines.count
            characters += lines.reduce(0) { $0 + $1.unicodeScalars.count }
            bytesOfText += lines.reduce(0) { $0 + $1.utf8.count }
        }
    }

    /// The measures for people.
    var lines: [String] {
        let speed = Double(bytesOfText) / 1e6 / max(secondsEncoding, 1e-9)
        return [
            "\(lineCount) lines, \(characters) characters, \(tokens) tokens",
            String(
                format: "%.4f characters a token", Double(characters) / Double(max(tokens, 1))),
            String(format: "%.1f MB/s encoding", speed),
        ]
    }
}
