// SPDX-License-Identifier: Apache-2.0
package import Corpora
import DurableFiles

/// Where raw documents come from.
package struct CorpusSource: Hashable, Sendable {
    /// Its name in the manifest and in each document.
    package var name: String
    /// Where it was published; nil is undisclosed.
    package var address: String?
    /// Under which licence; nil is undisclosed.
    package var licence: String?
    /// The form of its files; nil is told by each file's content.
    package var format: RawTextFormat?
    /// Its files, and folders whose files are all taken.
    package var files: [String]

    /// A source.
    package init(
        name: String, address: String? = nil, licence: String? = nil,
        format: RawTextFormat? = nil, files: [String]
    ) {
        (self.name, self.address, self.licence) = (name, address, licence)
        (self.format, self.files) = (format, files)
    }
}

/// What a corpus is made of, and how.
package struct CurationSettings: Hashable, Sendable {
    /// The corpus's name.
    package var name: String
    /// Decides the hash functions and the choice of samples.
    package var seed: UInt64 = 0
    /// Its sources, in the order in which they are read; of duplicates the first stays.
    package var sources: [CorpusSource]
    /// The filters.
    package var filters = FilterSettings()
    /// Bytes of text that a shard is made of, before duplicates are taken out.
    package var shardBytes = 64 << 20
    /// Bytes that the search for duplicates may take beside what a shard takes.
    package var memoryBytes = 1 << 30
    /// Whether a record that cannot be read is counted and passed over instead of ending the run.
    package var skipsMalformed = false
    /// How many samples of what a filter took out are kept; 0 keeps none.
    package var samplesPerFilter = 0

    /// Settings with all filters on; throws ``CurationError/source(name:flaw:)``.
    package init(name: String, sources: [CorpusSource]) throws(CurationError) {
        (self.name, self.sources) = (name, sources)
        try check()
    }

    /// Documents of a shard at most, since each takes memory besides its text.
    static let shardDocuments = 50_000

    private func check() throws(CurationError) {
        var names: Set<String> = []
        for source in sources {
            guard !source.name.isEmpty, names.insert(source.name).inserted else {
                throw .source(name: source.name, flaw: "needs a name of its own")
            }
            guard !source.files.isEmpty else {
                throw .source(name: source.name, flaw: "names no file")
            }
        }
        guard !sources.isEmpty else {
            throw .source(name: name, flaw: "is none: name at least one")
        }
    }
}
