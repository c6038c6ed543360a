// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import Foundation
import Tensors

/// `shokenctl corpus show`: what files of raw text hold.
struct CorpusShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Count documents and characters of files of raw text.",
        discussion: """
            Formats: text (documents divided by blank lines), jsonl (a field text), wikiextractor \
            (<doc …> or lines of JSON), wiki40b (_START_ARTICLE_ …), oscar (OSCAR-2301). Files \
            may be packed by gzip, zstd, bzip2 or xz. Every record is read; one that cannot be \
            is named by its line.
            """)

    @Argument(help: ArgumentHelp("Files of raw text.", valueName: "file"))
    var files: [String]
    @Option(
        name: .long,
        help: "How the files hold documents (default: told by the content of each).")
    var format: RawTextFormat?
    @OptionGroup var compute: ThreadsOption
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        ComputeThreads.set(compute.count)
        let bar = ProgressBar()
        var counts: [RawTextCount] = []
        for file in files {
            counts.append(
                try RawTextCount(file, format) {
                    bar.show("reading \(URL(filePath: file).lastPathComponent)", $0)
                })
        }
        bar.finish()
        if json { return try printJSON(counts) }
        TextTable(
            columns: ["FILE", "FORMAT", "DOCUMENTS", "EMPTY", "CHARACTERS", "BYTES"],
            rows: counts.map {
                [
                    $0.file, $0.format, "\($0.documents)", "\($0.empty)", "\($0.characters)",
                    "\($0.bytes)",
                ]
            }
        ).print()
    }
}

/// What a file holds.
private struct RawTextCount: Encodable {
    let file: String
    let format: String
    /// Documents with text.
    var documents = 0
    /// Documents without any.
    var empty = 0
    var characters = 0
    /// Of the texts, in UTF-8.
    var bytes = 0

    private static let batch = 1024
    private static let batchBytes = 8 << 20

    init(_ path: String, _ format: RawTextFormat?, progress: (Double) -> Void) throws {
        var raw = try RawTextFile(path, format: format)
        let reader = RawRecordReader(raw.format, file: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        file = path
        self.format = raw.format.rawValue
        while true {
            var batch: [RawRecord] = []
            var length = 0
            while batch.count < Self.batch, length < Self.batchBytes, let record = try raw.next() {
                length += record.bytes.count
                batch.append(record)
            }
            guard !batch.isEmpty else { return }
            let records = batch
            let lengths = ComputeThreads.map(records.count) { index in
                Result { () throws(RawTextError) in
                    let text = try reader.document(in: records[index]).text
                    return (characters: text.unicodeScalars.count, bytes: text.utf8.count)
                }
            }
            for length in lengths {
                let length = try length.get()
                if length.bytes == 0 { empty += 1 } else { documents += 1 }
                characters += length.characters
                bytes += length.bytes
            }
            progress(Double(raw.packedBytes) / Double(max(size, 1)))
        }
    }
}
