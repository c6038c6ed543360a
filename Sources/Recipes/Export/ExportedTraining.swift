// SPDX-License-Identifier: Apache-2.0
import Foundation
import Training

/// `training.json` of an export: what a script elsewhere needs to know to train as we would.
struct ExportedTraining: Codable, Hashable {
    /// AdamW's constants.
    struct Adam: Codable, Hashable {
        var beta1: Double
        var beta2: Double
        var epsilon: Double
    }

    /// A phase: its rows, its schedule and what is asked of the network.
    struct Phase: Codable, Hashable {
        var name: String
        var objective: String
        var crossDocuments: Bool
        var steps: Int
        var context: Int
        var rowsPerStep: Int
        var rowsPerPass: Int
        var learningRate: Double
        var warmupSteps: Int
        var weightDecay: Double
        var dropout: Double
        var precision: String
        var clipNorm: Double
        var seed: UInt64
        var adam: Adam
    }

    var format = 1
    var recipe: String
    var recipeSHA256: String
    var seed: UInt64
    var parameters: Int
    var beginToken: Int32?
    var endToken: Int32
    var phases: [Phase]
    /// Files that go with the trained model.
    var companions: [String]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(format, forKey: .format)
        try container.encode(recipe, forKey: .recipe)
        try container.encode(recipeSHA256, forKey: .recipeSHA256)
        try container.encode(seed, forKey: .seed)
        try container.encode(parameters, forKey: .parameters)
        // Written where it is null, too, for the script to find.
        try container.encode(beginToken, forKey: .beginToken)
        try container.encode(endToken, forKey: .endToken)
        try container.encode(phases, forKey: .phases)
        try container.encode(companions, forKey: .companions)
    }

    private enum CodingKeys: String, CodingKey {
        case format, recipe, seed, parameters, phases, companions
        case recipeSHA256 = "recipe_sha256"
        case beginToken = "begin_token"
        case endToken = "end_token"
    }
}

extension ExportedTraining.Phase {
    private enum CodingKeys: String, CodingKey {
        case name, objective, steps, context, dropout, precision, seed, adam
        case crossDocuments = "cross_documents"
        case rowsPerStep = "rows_per_step"
        case rowsPerPass = "rows_per_pass"
        case learningRate = "learning_rate"
        case warmupSteps = "warmup_steps"
        case weightDecay = "weight_decay"
        case clipNorm = "clip_norm"
    }

    /// What a phase of a recipe says.
    init(_ phase: PretrainingPhase, dropoutSeed: UInt64, _ optimizer: AdamW.Settings) {
        self.init(
            name: phase.name, objective: phase.objective.rawValue,
            crossDocuments: phase.crossesDocuments, steps: phase.steps, context: phase.context,
            rowsPerStep: phase.batchTokens / phase.context,
            rowsPerPass: phase.microBatchTokens / phase.context,
            learningRate: phase.learningRate, warmupSteps: phase.warmupSteps,
            weightDecay: phase.weightDecay, dropout: phase.dropout,
            precision: phase.precision.rawValue,
            clipNorm: optimizer.clipNorm,
            // Below 2^63, which is what PyTorch's generator takes with a step's number added.
            seed: dropoutSeed >> 2,
            adam: .init(
                beta1: shortest(optimizer.beta1), beta2: shortest(optimizer.beta2),
                epsilon: shortest(optimizer.epsilon)))
    }
}

/// The double that a person would write for a float.
private func shortest(_ value: Float) -> Double { Double(value.description) ?? Double(value) }

/// `manifest.json` of an export: every file with its size and digest, and where which rows are.
struct ExportManifest: Codable, Hashable {
    /// A file.
    struct File: Codable, Hashable {
        var bytes: Int
        var sha256: String
    }

    /// A file of rows.
    struct Shard: Codable, Hashable {
        var file: String
        var phase: String
        var firstRow: Int
        var rows: Int

        private enum CodingKeys: String, CodingKey {
            case file, phase, rows
            case firstRow = "first_row"
        }
    }

    var format = 1
    var files: [String: File]
    var shards: [Shard]
}
