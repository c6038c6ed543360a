// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import LinearHeads

/// How likely runs of a sentence's words are entities, whatever finds that out.
protocol RunProbabilities {
    /// Words of the sentence.
    var wordCount: Int { get }

    /// Probability that an entity of a type begins with the first of these words and holds all of them,
    /// and perhaps more; 0 for a type that is not looked for.
    func reaching(_ words: Range<Int>, as type: EntityType) -> Double
}

extension RunProbabilities {
    /// Probability that exactly these words, not one more, are an entity of a type.
    func probability(of words: Range<Int>, as type: EntityType) -> Double {
        let reaching = reaching(words, as: type)
        guard words.upperBound < wordCount else { return reaching }
        return reaching - self.reaching(words.lowerBound..<words.upperBound + 1, as: type)
    }

    /// The runs of words whose probability reaches the threshold of their type, from left to right;
    /// of overlapping ones the likeliest.
    ///
    /// Runs above one half cannot overlap, and the likeliest path need not hold them all.
    func runs(of types: [EntityType], thresholds: [EntityType: Double]) -> [EntityRun] {
        var candidates: [EntityRun] = []
        for type in types {
            guard let threshold = thresholds[type] else { continue }
            for start in 0..<wordCount {
                var words = start..<start + 1
                var reaching = reaching(words, as: type)
                while reaching >= threshold {
                    let longer = start..<words.upperBound + 1
                    let further =
                        words.upperBound < wordCount ? self.reaching(longer, as: type) : 0
                    if reaching - further >= threshold {
                        candidates.append(
                            EntityRun(type: type, words: words, score: reaching - further))
                    }
                    (reaching, words) = (further, longer)
                }
            }
        }
        candidates.sort { ($1.score, $0.words.lowerBound) < ($0.score, $1.words.lowerBound) }
        var kept: [EntityRun] = []
        for candidate in candidates
        where !kept.contains(where: { $0.words.overlaps(candidate.words) }) {
            kept.append(candidate)
        }
        return kept.sorted { $0.words.lowerBound < $1.words.lowerBound }
    }
}

/// A run of words that is taken for an entity.
struct EntityRun: Hashable {
    let type: EntityType
    let words: Range<Int>
    /// Probability that exactly these words are the entity.
    let score: Double
}

/// The runs of a chain over words.
struct ChainRuns: RunProbabilities {
    let chain: LabelChain
    let labels: EntityLabels

    var wordCount: Int { chain.wordCount }

    func reaching(_ words: Range<Int>, as type: EntityType) -> Double {
        guard let begin = labels.begin(type) else { return 0 }
        // One word in most cases, and no list of labels is needed for it.
        if words.count == 1 { return chain.marginal(word: words.lowerBound, label: begin) }
        var path = [Int](repeating: begin + 1, count: words.count)
        path[0] = begin
        return chain.probability(of: path, from: words.lowerBound)
    }
}

/// Runs that two ways of finding them agree on, each counting by its weight.
struct MixedRuns<First: RunProbabilities, Second: RunProbabilities>: RunProbabilities {
    let first: First
    let second: Second
    /// What the second counts, 0 to 1; the first counts the rest.
    let weight: Double

    var wordCount: Int { first.wordCount }

    func reaching(_ words: Range<Int>, as type: EntityType) -> Double {
        (1 - weight) * first.reaching(words, as: type) + weight * second.reaching(words, as: type)
    }
}
