// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
package import LinearHeads
package import Tensors

/// The symptoms and illnesses of the messages in NTCIR-13 MedWeb; raw values as in JMED-LLM.
package enum Symptom: String, Codable, CaseIterable, Hashable, Sendable {
    case influenza, diarrhea, hayfever, cough, headache, fever, runnynose, cold
}

/// Tells from a short message whether its writer or someone near has a symptom now.
///
/// One yes-or-no question a symptom over shared n-grams of characters and words.
package struct SymptomDetector: TaskModel {
    /// The name under which a bundle holds the task.
    package static let taskName = "symptoms"

    /// Everything but the weights.
    package struct Settings: Codable, Hashable, Sendable {
        /// Number of hash buckets, a power of two.
        package var buckets = 1 << 16
        /// Longest run of characters.
        package var characters = 4
        /// Longest run of words.
        package var words = 2
        /// Probability from which a symptom counts as present.
        ///
        /// Far below one half: one message in eight tells of a given symptom in training, and a
        /// message unlike those of training gets cautious probabilities.
        package var threshold = 0.08
        /// Width of the trunk's states after the buckets; 0 without them.
        package var stateWidth = 0
        /// What the heads answer, in their order.
        package var symptoms = Symptom.allCases

        /// The usual settings.
        package init() {}

        /// Number of features.
        package var featureCount: Int { buckets + stateWidth }
    }

    /// Everything but the weights.
    package let settings: Settings
    private let head: LinearHead

    /// A detector; the head has one class a symptom.
    package init(settings: Settings, head: LinearHead) {
        precondition(head.classCount == settings.symptoms.count, "one class a symptom")
        precondition(head.featureCount == settings.featureCount, "buckets and states")
        self.settings = settings
        self.head = head
    }

    /// The probability of each symptom; `states` are the trunk's of each sentence, if it is used.
    package func symptoms(in text: AnalyzedText, states: [Tensor] = []) -> [String: Double] {
        let features = Self.features(of: text, states: states, settings: settings)
        let probabilities = head.probabilities(features)
        return Dictionary(
            uniqueKeysWithValues: zip(settings.symptoms.map(\.rawValue), probabilities))
    }

    /// Whether a probability is enough to say that the symptom is there.
    package func isPresent(_ probability: Double) -> Bool { probability >= settings.threshold }

    /// The features of a message: runs of characters, runs of words, and pairs of words in order.
    ///
    /// Pairs tie a symptom to what is said of it elsewhere in the message (long ago, cured, not me).
    package static func features(
        of text: AnalyzedText, states: [Tensor], settings: Settings
    ) -> SparseVector {
        var entries = characters(of: text, settings).block(norm: 1)
        let words = text.sentences.flatMap(\.morphemes).map(\.baseForm)
        var runs = FeatureBag(buckets: settings.buckets)
        runs.addRuns("w", of: words, lengths: 1...settings.words)
        entries += runs.block(norm: 0.5)
        entries += pairs(of: words, settings).block(norm: 0.5)
        if settings.stateWidth > 0 {
            let mean = StateMeans.mean(
                of: text, states: states, ranges: nil, width: settings.stateWidth)
            for (column, value) in mean.enumerated() {
                entries.append((UInt32(settings.buckets + column), value))
            }
        }
        return SparseVector(entries)
    }

    private static func characters(of text: AnalyzedText, _ settings: Settings) -> FeatureBag {
        var bag = FeatureBag(buckets: settings.buckets)
        let marked = ["\u{2}"] + text.cleaned.scalars + ["\u{3}"]
        bag.addRuns("c", of: marked[...], lengths: 1...settings.characters)
        return bag
    }

    /// Pairs of the first words of a message; the number grows with its square, so it is bounded.
    private static func pairs(of words: [String], _ settings: Settings) -> FeatureBag {
        let words = words.prefix(100)
        var bag = FeatureBag(buckets: settings.buckets)
        for (first, word) in words.enumerated() {
            for other in words[(first + 1)...] {
                var hash = FeatureHash("p")
                hash.mix(word)
                hash.mix(other)
                bag.add(hash)
            }
        }
        return bag
    }

    // MARK: Storage

    /// Reads stored parameters; throws `TaskParameterError` naming what does not fit.
    package init(parameters: TaskParameters) throws {
        let settings = try TaskSettings.decode(
            Settings.self, from: parameters.settings, task: Self.taskName)
        try settings.check()
        self.init(
            settings: settings,
            head: try LinearHead(
                tensors: parameters.tensors, prefix: "symptoms", task: Self.taskName,
                classCount: settings.symptoms.count, featureCount: settings.featureCount,
                link: .independent))
    }

    /// The parameters to store.
    package func parameters() throws -> TaskParameters {
        TaskParameters(
            settings: try TaskSettings.encode(settings), tensors: head.tensors(prefix: "symptoms"))
    }
}

extension SymptomDetector.Settings {
    fileprivate func check() throws(TaskParameterError) {
        func refuse(_ field: String) -> TaskParameterError {
            .settings(task: SymptomDetector.taskName, field: field)
        }
        guard TaskSettings.isBucketCount(buckets) else { throw refuse("buckets") }
        guard (1...16).contains(characters) else { throw refuse("characters") }
        guard (1...16).contains(words) else { throw refuse("words") }
        guard (0...65536).contains(stateWidth) else { throw refuse("stateWidth") }
        guard !symptoms.isEmpty, Set(symptoms).count == symptoms.count else {
            throw refuse("symptoms")
        }
    }
}
