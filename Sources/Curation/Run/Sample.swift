// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Something that a filter took out, kept for people to look at.
package struct Sample: Codable, Hashable, Sendable {
    /// The filter.
    package let filter: CorpusFilter
    /// The source's name.
    package let source: String
    /// The document's name in its source.
    package let id: String?
    /// The document, or the sentence.
    package let text: String
    /// The earlier document that it is nearly the same as.
    package var duplicates: String?
    /// Number of that document among those compared.
    var leader: Int?
    /// Decides which are kept.
    let rank: UInt64
}

/// The samples of each filter: those of lowest rank, so that they do not depend on the order of what was seen.
struct SampleChoice: Sendable {
    private let count: Int
    private let seed: UInt64
    private(set) var samples: [CorpusFilter: [Sample]] = [:]

    init(count: Int, seed: UInt64) { (self.count, self.seed) = (count, seed) }

    /// A number that decides whether what has a place in the corpus is among the samples.
    func rank(_ filter: CorpusFilter, place: Int, part: Int = 0) -> UInt64 {
        var random = SplitMix64(
            seed: seed, stream: UInt64(CorpusFilter.allCases.firstIndex(of: filter) ?? 0),
            UInt64(place), UInt64(part))
        return random.next()
    }

    /// Whether a rank would be among those kept.
    func keeps(_ rank: UInt64, of filter: CorpusFilter) -> Bool {
        guard count > 0 else { return false }
        let kept = samples[filter] ?? []
        return kept.count < count || rank < kept[kept.count - 1].rank
    }

    mutating func add(_ sample: Sample) {
        guard keeps(sample.rank, of: sample.filter) else { return }
        var kept = samples[sample.filter] ?? []
        let place = kept.firstIndex { $0.rank > sample.rank } ?? kept.count
        kept.insert(sample, at: place)
        samples[sample.filter] = Array(kept.prefix(count))
    }

    /// All samples, filter by filter.
    var all: [Sample] { CorpusFilter.allCases.flatMap { samples[$0] ?? [] } }
}
