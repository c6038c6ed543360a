// SPDX-License-Identifier: Apache-2.0
package import Corpora
import Tensors

/// A document that was drawn from a corpus, and what was said of it.
package struct SampledDocument: Codable, Hashable, Sendable {
    /// Its number among the documents with text, from 1.
    package let document: Int
    /// Its file.
    package let file: String
    /// Its name in its source.
    package let id: String?
    /// Its text.
    package let text: String
}

/// Draws documents at random without replacement; they follow from the seed and their number alone.
package struct DocumentSample {
    private let files: [String]
    private let format: RawTextFormat?
    private let progress: (String, Double) -> Void

    /// A sample of files.
    package init(
        _ files: [String], format: RawTextFormat?,
        progress: @escaping (String, Double) -> Void = { _, _ in }
    ) {
        (self.files, self.format, self.progress) = (files, format, progress)
    }

    /// Calls `body` with batches of documents that have text, in their order.
    private func forEach(
        _ step: String, _ body: (_ file: String, _ documents: [RawDocument]) throws -> Void
    ) throws {
        for (place, file) in files.enumerated() {
            var raw = try RawTextFile(file, format: format)
            let reader = RawRecordReader(raw.format, file: file)
            while true {
                var batch: [RawRecord] = []
                var bytes = 0
                while batch.count < 1024, bytes < 8 << 20, let record = try raw.next() {
                    bytes += record.bytes.count
                    batch.append(record)
                }
                guard !batch.isEmpty else { break }
                let records = batch
                let documents = ComputeThreads.map(records.count) { index in
                    Result { () throws(RawTextError) in try reader.document(in: records[index]) }
                }
                try body(file, try documents.map { try $0.get() }.filter { !$0.text.isEmpty })
            }
            progress(step, Double(place + 1) / Double(files.count))
        }
    }

    /// Documents with text.
    package func count() throws -> Int {
        var count = 0
        try forEach("counting") { _, documents in count += documents.count }
        return count
    }

    /// Calls `body` with the documents drawn, `count` of `total` or all of fewer, in their order.
    ///
    /// Each choice of so many documents is as likely as any other (selection sampling: Knuth, The Art of
    /// Computer Programming 2, 3.4.2, algorithm S). Throws ``CurationError/changed(file:)`` where there are
    /// not `total` documents any more, and what reading and `body` throw.
    package func draw(
        _ count: Int, of total: Int, seed: UInt64, body: ([SampledDocument]) throws -> Void
    ) throws {
        var random = SplitMix64(seed: seed)
        var wanted = min(count, total)
        var number = 0
        try forEach("drawing") { file, documents in
            var drawn: [SampledDocument] = []
            for document in documents {
                guard number < total else { throw CurationError.changed(file: file) }
                if random.below(total - number) < wanted {
                    wanted -= 1
                    drawn.append(
                        SampledDocument(
                            document: number + 1, file: file, id: document.id,
                            text: document.text))
                }
                number += 1
            }
            try body(drawn)
        }
        guard number == total else {
            throw CurationError.changed(file: files.joined(separator: ", "))
        }
    }
}
