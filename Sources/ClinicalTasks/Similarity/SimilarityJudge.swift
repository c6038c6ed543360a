// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText
package import LinearHeads
import Tensors

/// Says how far two texts mean the same, on the scale of JCSTS: 5 the same, 0 nothing in common.
///
/// Measures of overlap, and a bag of the words in which the texts differ or agree, under one linear
/// classifier. The verdict is the same whichever text comes first.
package struct SimilarityJudge: TaskModel {
    /// The name under which a bundle holds the task.
    package static let taskName = "similarity"

    /// Number of levels, 0 ... 5.
    package static let levelCount = 6

    /// Everything but the weights.
    package struct Settings: Codable, Hashable, Sendable {
        /// Number of hash buckets for words, a power of two.
        package var buckets = 1 << 15
        /// Number of buckets of the table of rarities, a power of two.
        package var rarityBuckets = 1 << 15
        /// Share of each level in the training pairs.
        package var prior = [Double](repeating: 1.0 / 6, count: 6)
        /// How far the uneven shares are undone before the decision, 0 ... 1.
        package var priorCorrection = 1.0
        /// Whether the level with the least expected distance is given, not the most probable.
        package var givesMedian = true
        /// Width of the trunk's states: always 0, since earlier documents are compared without them.
        package private(set) var stateWidth = 0

        /// The usual settings.
        package init() {}

        /// Number of features: words and measures.
        package var featureCount: Int { buckets + PairFeatures.measureRoom }
    }

    /// Everything but the weights.
    package let settings: Settings
    private let rarity: RarityTable
    private let head: LinearHead

    /// A judge; the head has a class for each level.
    package init(settings: Settings, rarity: RarityTable, head: LinearHead) {
        precondition(head.classCount == Self.levelCount, "a class for each level")
        precondition(head.featureCount == settings.featureCount, "words and measures")
        self.settings = settings
        self.rarity = rarity
        self.head = head
    }

    /// The verdict on two analysed texts.
    package func judge(_ a: AnalyzedText, _ b: AnalyzedText) -> Verdict {
        judge(SentenceProfile(a), SentenceProfile(b))
    }

    /// The level, its probability, and the measures that it rests on (no text).
    package func judge(_ a: SentenceProfile, _ b: SentenceProfile) -> Verdict {
        let pair = PairFeatures(a, b, rarity: rarity, settings: settings)
        let probabilities = Probability.correctingPrior(
            head.probabilities(pair.vector), prior: settings.prior,
            strength: settings.priorCorrection)
        let level =
            settings.givesMedian
            ? Probability.median(probabilities) : Probability.mostProbable(probabilities)
        var evidence: [String: Double] = [:]
        for name in Self.reported {
            evidence[name] = pair.measures.values.first { $0.name == name }?.value
        }
        evidence["expectedLevel"] = probabilities.enumerated().reduce(0) {
            $0 + Double($1.offset) * $1.element
        }
        return (level, probabilities[level], evidence)
    }

    /// A level of `0..<levelCount`, its probability, and named measures that it rests on.
    package typealias Verdict = (level: Int, score: Double, evidence: [String: Double])

    /// The measures that a verdict shows.
    private static let reported = [
        "characters2.dice", "words.cosine", "content.dice", "numbers.dice", "numbers.differ",
        "negation.differs", "opposites", "length.ratio", "same",
    ]

    // MARK: Storage

    /// Reads stored parameters; throws `TaskParameterError` naming what does not fit.
    package init(parameters: TaskParameters) throws {
        let settings = try TaskSettings.decode(
            Settings.self, from: parameters.settings, task: Self.taskName)
        try settings.check()
        guard let rarity = parameters.tensors["rarity"] else {
            throw TaskParameterError.missingTensor(task: Self.taskName, tensor: "rarity")
        }
        guard rarity.shape == [settings.rarityBuckets] else {
            throw TaskParameterError.shape(
                task: Self.taskName, tensor: "rarity", expected: [settings.rarityBuckets],
                found: rarity.shape)
        }
        self.init(
            settings: settings, rarity: RarityTable(rarity),
            head: try LinearHead(
                tensors: parameters.tensors, prefix: "levels", task: Self.taskName,
                classCount: Self.levelCount, featureCount: settings.featureCount, link: .exclusive))
    }

    /// The parameters to store.
    package func parameters() throws -> TaskParameters {
        var tensors = head.tensors(prefix: "levels")
        tensors["rarity"] = rarity.tensor
        return TaskParameters(settings: try TaskSettings.encode(settings), tensors: tensors)
    }
}

extension SimilarityJudge.Settings {
    fileprivate func check() throws(TaskParameterError) {
        func refuse(_ field: String) -> TaskParameterError {
            .settings(task: SimilarityJudge.taskName, field: field)
        }
        guard TaskSettings.isBucketCount(buckets) else { throw refuse("buckets") }
        guard TaskSettings.isBucketCount(rarityBuckets) else { throw refuse("rarityBuckets") }
        guard prior.count == SimilarityJudge.levelCount, prior.allSatisfy({ (0...1).contains($0) })
        else { throw refuse("prior") }
        guard (0...2).contains(priorCorrection) else { throw refuse("priorCorrection") }
        guard stateWidth == 0 else {
            throw .statesNotServed(task: SimilarityJudge.taskName, width: stateWidth)
        }
    }
}
