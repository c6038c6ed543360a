// SPDX-License-Identifier: Apache-2.0
import Corpora
import DurableFiles
import Foundation
import Tensors

/// Counts the tokens of texts, on any thread.
package struct TokenCounter: Sendable {
    /// The tokenizer's file.
    package let file: String
    /// SHA-256 of it.
    package let digest: String
    /// Counts.
    package let count: @Sendable (String) -> Int

    /// A counter by a tokenizer.
    package init(file: String, digest: String, count: @escaping @Sendable (String) -> Int) {
        (self.file, self.digest, self.count) = (file, digest, count)
    }
}

/// How far reading is after a shard.
struct ReadingState: Codable {
    /// The source and the file that is being read, and records taken of it.
    var source = 0
    var file = 0
    var records = 0
    /// Records taken of all files.
    var allRecords = 0
    /// Documents and sentences in all shards so far, and sentences that are compared.
    var documents = 0
    var sentences = 0
    var compared = 0
    /// Documents of each shard.
    var shards: [Int] = []
    var tallies: [SourceTally]
    var isComplete = false
    /// Samples so far.
    var samples: [Sample] = []
}

/// Reads all sources, leaves out what the filters of one document refuse, and writes the rest in shards with
/// signatures and hashes of sentences.
///
/// A shard's state is written last, so that reading goes on after the last whole shard.
struct ReadingStage {
    let settings: CurationSettings
    let sources: SourceFiles
    let work: WorkFiles
    let tokens: TokenCounter?
    let progress: (Double) -> Void

    /// Bytes of records that each thread is given at a time.
    private static let batchBytes = 2 << 20
    private static let batchRecords = 4096

    static func name(_ shard: Int) -> String { "read-\(WorkFiles.digits(shard)).json" }

    /// Reads to the end, from where an earlier run was.
    func run() throws -> ReadingState {
        var state = ReadingState(
            tallies: settings.sources.map { _ in SourceTally(countsTokens: tokens != nil) })
        var next = 0
        while let later = try work.value(ReadingState.self, in: Self.name(next)) {
            state = later
            next += 1
        }
        guard !state.isComplete else { return state }
        let examination = DocumentExamination(settings, tokens)
        var shard = ReadingShard(settings, work, state)
        var done = sources.files.prefix(state.source).joined().reduce(0) { $0 + $1.bytes }
        while shard.state.source < sources.files.count {
            let files = sources.files[shard.state.source]
            done += files.prefix(shard.state.file).reduce(0) { $0 + $1.bytes }
            while shard.state.file < files.count {
                try read(files[shard.state.file], done, examination, &shard)
                done += files[shard.state.file].bytes
                shard.state.file += 1
                shard.state.records = 0
            }
            shard.state.source += 1
            shard.state.file = 0
        }
        shard.state.isComplete = true
        try shard.write()
        return shard.state
    }

    /// Reads a file from where the state is to its end; shards that become full are written.
    private func read(
        _ file: SourceFiles.File, _ done: Int, _ examination: DocumentExamination,
        _ shard: inout ReadingShard
    ) throws {
        let source = shard.state.source
        var raw = try RawTextFile(file.path, format: settings.sources[source].format)
        let reader = RawRecordReader(raw.format, file: file.path)
        for _ in 0..<shard.state.records { _ = try raw.next() }
        while true {
            var batch: [RawRecord] = []
            var bytes = 0
            while bytes < Self.batchBytes * ComputeThreads.count, batch.count < Self.batchRecords,
                let record = try raw.next()
            {
                bytes += record.bytes.count
                batch.append(record)
            }
            guard !batch.isEmpty else { return try SourceFiles.check(file) }
            let records = batch
            let results = ComputeThreads.map(records.count) { index in
                Result { () throws(RawTextError) in
                    try examination.examine(records[index], reader, source: source)
                }
            }
            // A shard is full by its documents alone, so that shards do not depend on the number of threads.
            for result in results { try shard.add(result, source) }
            progress(
                Double(done + min(raw.packedBytes, file.bytes)) / Double(max(1, sources.bytes)))
        }
    }
}
