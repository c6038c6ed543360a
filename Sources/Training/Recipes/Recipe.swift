package import LanguageModel

/// How a model is made from data, start to finish, as a TOML file says.
package struct Recipe: Hashable, Sendable {
    /// Name of the model that comes out.
    package var name: String
    /// Decides every random choice.
    package var seed: UInt64
    /// Threads to compute with; 0 takes all of the machine.
    package var threads: Int
    /// Raw text to learn the language from, less what the licences exclude.
    package var sources: [TextSource]
    /// The tokenizer to train.
    package var tokenizer: TokenizerSettings
    /// The trunk's lengths; its vocabulary is what the tokenizer turns out to have.
    package var model: DecoderConfiguration
    /// What the trunk learns, one phase after the other.
    package var phases: [PretrainingPhase]
    /// When states of the run are kept.
    package var checkpoints: CheckpointSettings
    /// Tasks and whether a head is trained for them.
    package var heads: [String: Bool]
    /// Tasks whose heads see the trunk's states beside n-grams and measures.
    package var trunkStates: [String: Bool]
    /// Licences whose data is left out.
    package var excludedLicences: Set<String>
    /// SHA-256 of the recipe's text: a checkpoint belongs to one recipe.
    package var digest: String
}

extension Recipe {
    /// Everything that decides the weights of a pre-trained trunk, as text.
    ///
    /// The same in every process: dictionaries, whose order is drawn anew in each, are sorted.
    /// - Parameter digests: what stands for the tokens of each source.
    package func pretrainingIdentity(
        _ configuration: DecoderConfiguration, sources digests: [String]
    ) -> String {
        let phases = phases.map { phase in
            var unweighted = phase
            unweighted.weights = [:]
            let weights = phase.weights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value);" }
            return "\(unweighted) \(weights.joined())"
        }
        let shown = zip(sources, digests).map { "\($0.group) \($0.repetitions) \($1)" }
        return "\(seed) \(configuration) \(phases) \(shown)"
    }
}

/// One file of raw text.
package struct TextSource: Hashable, Sendable {
    /// Path below the data directory; documents are separated by one blank line.
    package var file: String
    /// The licence as its authors state it.
    package var licence: String
    /// Name by which phases weigh it.
    package var group: String
    /// Times that an epoch shows each document, before the phase's weight.
    package var repetitions: Double
}

/// What the tokenizer is to be.
package struct TokenizerSettings: Hashable, Sendable {
    /// Pieces, special tokens included.
    package var vocabularySize: Int
    /// Share of pieces that a pruning round keeps.
    package var shrinkingFactor: Double
    /// Longest piece in scalars.
    package var maximumPieceLength: Int
    /// Rounds of expectation and maximisation before each pruning.
    package var subIterations: Int
    /// Words seen less often do not take part.
    package var minimumWordCount: Int
}

/// A stretch of pre-training with one objective and one schedule.
package struct PretrainingPhase: Hashable, Sendable {
    /// Name in logs and checkpoints.
    package var name: String
    /// What is predicted.
    package var objective: Objective
    /// Tokens read in all.
    package var tokens: Int
    /// Tokens of one step.
    package var batchTokens: Int
    /// Tokens that one thread holds at a time; a step's gradient is summed over such parts.
    package var microBatchTokens: Int
    /// Tokens of a row.
    package var context: Int
    /// Peak of the learning rate.
    package var learningRate: Double
    /// Share of the steps in which the learning rate rises.
    package var warmupFraction: Double
    /// Weight decay of matrices.
    package var weightDecay: Double
    /// Dropout on attention and residuals.
    package var dropout: Double
    /// Whether documents of one row see each other.
    package var crossesDocuments: Bool
    /// Share of tokens predicted by ``Objective/maskedNext``.
    package var maskedShare: Double
    /// Piece that stands for a hidden token.
    package var maskToken: String
    /// Factor on the repetitions of each group of sources; groups not named keep theirs.
    package var weights: [String: Double]

    /// Steps of the phase, at least one.
    package var steps: Int { max(1, tokens / batchTokens) }
    /// Steps in which the learning rate rises.
    package var warmupSteps: Int { Int((Double(steps) * warmupFraction).rounded()) }
}

/// When states of a run are kept.
package struct CheckpointSettings: Hashable, Sendable {
    /// Steps from one checkpoint to the next.
    package var everySteps: Int
    /// Checkpoints kept; older ones are removed.
    package var keep: Int
}
