// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// What a corpus was made of, how, and how much of each source is in it.
package struct CorpusManifest: Codable, Hashable, Sendable {
    /// A source and what became of it.
    package struct Source: Codable, Hashable, Sendable {
        /// A file of it.
        package struct File: Codable, Hashable, Sendable {
            /// Its path when it was read.
            package let file: String
            /// Its size.
            package let bytes: Int
            /// Its digest.
            package let sha256: String
        }

        /// Its name.
        package let name: String
        /// Where it was published; nil is undisclosed.
        package let address: String?
        /// Its licence; nil is undisclosed.
        package let licence: String?
        /// Its files.
        package let files: [File]
        /// What was read, taken out and kept.
        package let tally: SourceTally

        /// Bytes of its files.
        package var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

        /// What is not known of it, in words; nil where all is.
        package var undisclosed: String? {
            let lacking = [address == nil ? "address" : nil, licence == nil ? "licence" : nil]
                .compactMap { $0 }
            return lacking.isEmpty ? nil : "no " + lacking.joined(separator: " and no ")
        }
    }

    /// A file of the corpus.
    package struct Shard: Codable, Hashable, Sendable {
        /// Its name beside the manifest.
        package let file: String
        /// Its size.
        package let bytes: Int
        /// Its digest.
        package let sha256: String
        /// Documents in it.
        package let documents: Int
    }

    /// The tokenizer that tokens were counted with.
    package struct Tokenizer: Codable, Hashable, Sendable {
        /// Its file.
        package let file: String
        /// Its digest.
        package let sha256: String
    }

    /// Version of this format.
    package static let currentFormat = 1

    /// Version of the format of this file.
    package let format: Int
    /// The corpus's name.
    package let name: String
    /// The program that made it.
    package let program: String
    /// All that decided what is in it, by name.
    package let settings: [String: String]
    /// The filters that were on, in their order.
    package let filters: [CorpusFilter]
    /// The tokenizer of the counts; nil where tokens were not counted.
    package let tokenizer: Tokenizer?
    /// The sources.
    package let sources: [Source]
    /// The files of the corpus.
    package let shards: [Shard]

    /// All sources together.
    package var total: SourceTally {
        var total = SourceTally(countsTokens: tokenizer != nil)
        for source in sources { total += source.tally }
        return total
    }

    /// Sources of which address or licence is not known, and which of them.
    package var undisclosed: [(name: String, lacking: String)] {
        sources.compactMap { source in source.undisclosed.map { (source.name, $0) } }
    }

    /// Reads a manifest; throws `FileError`, or ``CurationError/damaged(file:)`` for another file.
    package init(file: URL) throws {
        let content = try DiskFiles().read(FilePath(file), maximumBytes: 256 << 20)
        guard let manifest = try? JSONDecoder().decode(Self.self, from: content),
            manifest.format == Self.currentFormat
        else { throw CurationError.noManifest(file: file.path) }
        self = manifest
    }

    init(
        _ settings: CurationSettings, _ identity: [String: String], program: String,
        _ files: SourceFiles, _ written: WritingState, _ tokens: TokenCounter?
    ) {
        format = Self.currentFormat
        name = settings.name
        self.program = program
        self.settings = identity
        filters = settings.filters.active
        tokenizer = tokens.map { Tokenizer(file: $0.file, sha256: $0.digest) }
        sources = settings.sources.indices.map { index in
            let source = settings.sources[index]
            return Source(
                name: source.name, address: source.address, licence: source.licence,
                files: files.files[index].map {
                    .init(file: $0.path, bytes: $0.bytes, sha256: $0.sha256)
                }, tally: written.tallies[index])
        }
        shards = written.shards
    }
}

extension CorpusManifest {
    /// A corpus after one more filter.
    init(
        _ former: CorpusManifest, filter: CorpusFilter, settings: [String: String],
        program: String, tallies: [SourceTally], shards: [Shard]
    ) {
        format = former.format
        name = former.name
        self.program = program
        self.settings = settings
        filters = former.filters + [filter]
        tokenizer = former.tokenizer
        sources = zip(former.sources, tallies).map { source, tally in
            Source(
                name: source.name, address: source.address, licence: source.licence,
                files: source.files, tally: tally)
        }
        self.shards = shards
    }
}

extension SourceTally {
    /// What each filter took out and what was left after it, in the order of the filters.
    package func steps(
        _ filters: [CorpusFilter]
    ) -> [(filter: CorpusFilter, removed: Amount, left: Amount)] {
        var left = read
        return filters.map { filter in
            let removed =
                removed[filter.rawValue] ?? Amount(countsTokens: read.tokens != nil)
            left = left - removed
            return (filter, removed, left)
        }
    }
}
