// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Training
import WeightFiles

/// What a tuning will cost, before it runs.
package struct InstructionPlan: Hashable, Sendable {
    /// Numbers that are trained.
    package let trainedParameters: Int
    /// Numbers of the model.
    package let parameters: Int
    /// Tokens of a step, on the average.
    package let tokensPerStep: Int
    /// Bytes of weights, moments, gradients, activations and logits.
    package let memoryBytes: Int
    /// Seconds of all steps, at the speed of one that was tried.
    package let seconds: Double
    /// The data.
    package let account: InstructionAccount
    /// How often each task is drawn.
    package let shares: [String: Double]
}

extension InstructionRun {
    /// Reads the data and tries one step's first batches, without writing anything.
    ///
    /// Throws as `run()` does.
    package func plan() throws -> InstructionPlan {
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        try checkContext()
        let material = try material()
        guard
            var mixture = TaskMixture(
                material.tasks.map { TaskMixture.Task(name: $0.name, count: $0.rows.count) },
                weights: recipe.mixture, seed: recipe.seed)
        else { throw InstructionDataError.empty(file: "sampling.weights") }
        let weights = try base.trialWeights(recipe)
        let (network, parameters) = try trialNetwork(weights)
        let rows = (0..<min(recipe.tuning.rows, 64)).map { number in
            let (task, row) = mixture.row(number)
            return material.tasks[task].rows[row]
        }
        let average = Double(rows.reduce(0) { $0 + $1.ids.count }) / Double(rows.count)
        let workers = ComputeThreads.count
        let batches = Array(
            InstructionBatches.batches(of: rows, tokens: recipe.tuning.microBatchTokens)
                .prefix(workers))
        var pass = ParallelPass(
            InstructionNetwork(network, noise: recipe.tuning.noise), workers: workers,
            precision: recipe.tuning.precision.usable)
        // The first time also takes memory and lays weights out.
        _ = pass.compute(batches, parameters: parameters)
        let begin = ContinuousClock.now
        _ = pass.compute(batches, parameters: parameters)
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let tokens = batches.reduce(0) { $0 + $1.tokens.count }
        let perStep = average * Double(recipe.tuning.rows)
        let trained = network.layout.count
        return InstructionPlan(
            trainedParameters: trained, parameters: base.configuration.parameterCount,
            tokensPerStep: Int(perStep),
            memoryBytes: MemoryEstimate.processBytes + 3 * 4 * trained + pass.memoryBytes
                + (recipe.adapter == nil ? 0 : weights.bytes),
            seconds: seconds / Double(max(1, tokens)) * perStep * Double(recipe.tuning.steps),
            account: material.account, shares: mixture.shares)
    }

    private func trialNetwork(
        _ weights: TrialWeights
    ) throws -> (DecoderNetwork, ParameterSet) {
        switch weights {
        case .trained(let parameters):
            return (
                DecoderNetwork(base.configuration, longestRow: recipe.tuning.context), parameters
            )
        case .frozen(let model):
            let adapted = try AdaptedDecoder(
                model, settings: recipe.adapter ?? AdapterSettings(),
                longestRow: recipe.tuning.context, file: "lora.targets")
            return (adapted.network, adapted.start(seed: recipe.seed))
        }
    }
}

/// The weights that a trial computes with.
enum TrialWeights {
    case trained(ParameterSet)
    case frozen(DecoderModel)

    /// Bytes of the matrices.
    var bytes: Int {
        switch self {
        case .trained(let parameters): 4 * parameters.layout.count
        case .frozen(let model): model.weights.multipliedBytes
        }
    }
}

extension InstructionBase {
    /// Weights as a run would have them, none of them written to a file.
    func trialWeights(_ recipe: InstructionRecipe) throws -> TrialWeights {
        guard recipe.adapter != nil else {
            return .trained(try weights(recipe.tokenInitialization, seed: recipe.seed))
        }
        guard !addedTokens.isEmpty else { return .frozen(try frozen(recipe.precision)) }
        let tensors = try weights(recipe.tokenInitialization, seed: recipe.seed).named()
        return .frozen(
            DecoderModel(
                configuration: configuration,
                weights: try DecoderWeights(
                    from: MemoryTensors(tensors, name: location.lastPathComponent),
                    configuration: configuration, precision: recipe.precision)))
    }
}
