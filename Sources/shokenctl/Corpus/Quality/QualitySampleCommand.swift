// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import Curation
import Foundation
import JSONFiles
import Tensors

/// `shokenctl corpus quality sample`: draws documents.
struct QualitySampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw documents of a corpus at random.",
        discussion: """
            Writes JSON Lines: document (its number among those with text, from 1), file, id and \
            text. Every choice of so many documents is as likely as any other; the seed decides \
            which. Of a smaller corpus all are taken.
            """)

    @Argument(
        help: ArgumentHelp("Files of the corpus, in any form of raw text.", valueName: "file"))
    var corpus: [String]
    @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String
    @Option(name: .long, help: "How many documents.")
    var count = 100_000
    @Option(name: .long, help: "Decides which.")
    var seed: UInt64 = 0
    @Option(name: .long, help: "How the files hold documents (default: told by their content).")
    var format: RawTextFormat?
    @OptionGroup var compute: ThreadsOption
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000_000).contains(count) else {
            throw ValidationError("--count must be 1 to 10000000")
        }
    }

    private struct Summary: Encodable {
        let documents: Int
        let drawn: Int
    }

    func run() throws {
        ComputeThreads.set(compute.count)
        let bar = ProgressBar()
        let sample = DocumentSample(corpus, format: format) { bar.show($0, $1) }
        let total = try sample.count()
        guard total > 0 else {
            throw CommandFailure(.badData, "\(corpus.joined(separator: ", ")): no documents")
        }
        let chunks = try ChunkedOutput(
            output,
            identity: [
                "files": corpus.joined(separator: "\n"), "documents": "\(total)",
                "count": "\(count)", "seed": "\(seed)",
            ])
        // What a kill left is drawn anew, but not written again.
        var known = chunks.items
        try sample.draw(count, of: total, seed: seed) { drawn in
            let passed = min(known, drawn.count)
            known -= passed
            guard drawn.count > passed else { return }
            var lines = Data()
            for document in drawn.dropFirst(passed) {
                lines += try JSONEncoder.sorted().encode(document)
                lines.append(UInt8(ascii: "\n"))
            }
            try chunks.append(lines, items: drawn.count - passed)
        }
        let drawn = chunks.items
        try chunks.finish()
        bar.finish()
        if json { return try printJSON(Summary(documents: total, drawn: drawn)) }
        print("\(drawn) of \(total) documents drawn")
    }
}
