// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors
import Tokenizers
package import Training

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
    /// The tokenizer to train; nil where training goes on from a model that has one.
    package var tokenizer: TokenizerTrainingSettings?
    /// The trunk's lengths; its vocabulary is what the tokenizer turns out to have.
    package var model: DecoderConfiguration
    /// The folder of a model that training goes on from; nil for random weights.
    package var start: String?
    /// What the trunk learns, one phase after the other.
    package var phases: [PretrainingPhase]
    /// When states of the run are kept.
    package var checkpoints: CheckpointSettings
    /// What is held out to measure the trunk; nil without.
    package var validation: PretrainingValidation?
    /// What is done when the loss is no number or leaps.
    package var stability: StabilitySettings
    /// Tasks and whether a head is trained for them.
    package var heads: [String: Bool]
    /// Tasks whose heads see the trunk's states beside n-grams and measures.
    package var trunkStates: [String: Bool]
    /// Licences whose data is left out.
    package var excludedLicences: Set<String>
    /// Path below the data directory of the manifest of the corpus that the texts are of; nil for none.
    package var manifest: String?
    /// What heads learn from.
    package var headSources: HeadSources
    /// The recipe's text.
    package var text: String
    /// SHA-256 of the recipe's text.
    package var digest: String
}

extension Recipe {
    /// Everything that decides the weights of a pre-trained trunk.
    ///
    /// - Parameter digests: what stands for the tokens of each source.
    package func pretrainingIdentity(
        _ configuration: DecoderConfiguration, sources digests: [String]
    ) -> RunIdentity {
        var identity = RunIdentity()
        identity["seed"] = String(seed)
        identity.add(configuration, as: "model")
        for phase in phases {
            identity.add(phase, warmup: phase.warmup, as: "pretraining.\(phase.name)")
        }
        identity["pretraining.phases"] = phases.map(\.name).joined(separator: " ")
        for (source, digest) in zip(sources, digests) {
            identity["data.\(source.file)"] = "\(source.group) \(source.repetitions) \(digest)"
        }
        if let validation { identity.add(validation, as: "validation") }
        identity.add(stability, as: "stability")
        return identity
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
package struct TokenizerTrainingSettings: Hashable, Sendable {
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
    /// How long the learning rate rises.
    package var warmup: Warmup
    /// Weight decay of matrices.
    package var weightDecay: Double
    /// Dropout on attention and residuals.
    package var dropout: Double
    /// The arithmetic of products that is asked for; 32-bit floats where the processor has no other.
    package var precision: TrainingPrecision
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
    package var warmupSteps: Int { warmup.steps(of: steps) }
}

/// What a pre-training run holds out to measure itself on.
package struct PretrainingValidation: Hashable, Sendable {
    /// Share of the documents that is held out.
    package var share: Double
    /// Tokens that a measurement reads at most.
    package var tokens: Int
    /// When it is measured, and what follows.
    package var settings: ValidationSettings

    /// All choices.
    package init(share: Double, tokens: Int, settings: ValidationSettings) {
        (self.share, self.tokens, self.settings) = (share, tokens, settings)
    }
}
