// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import WeightFiles

/// What a reference says of its run: `log.json`, with the loss of every step.
struct ReferenceLog: Decodable {
    struct Settings: Decodable {
        let peak_learning_rate: Double
        let warmup_steps: Int
        let total_steps: Int
    }
    struct Step: Decodable {
        let loss: Double
    }
    let optimizer: Settings
    let steps: [Step]
    /// Weights that the reference's last file leaves out.
    let no_final_weights: [String]?
}

/// Repeats the steps of a reference, with its optimizer and schedule, and compares each loss and the first
/// gradients on the way; returns the last weights with the differences so far.
func repeatSteps<Network: TrainedNetwork>(
    _ log: ReferenceLog, of network: Network, from start: ParameterSet,
    gradients expected: SafetensorsFile, batch: (Int) throws -> Network.Batch
) throws -> (parameters: ParameterSet, differences: ReferenceRun.Differences) {
    let schedule = LearningRateSchedule(
        peak: log.optimizer.peak_learning_rate, warmup: log.optimizer.warmup_steps,
        total: log.optimizer.total_steps)
    var parameters = start
    var optimizer = AdamW(start.layout)
    var pass = ParallelPass(network, workers: 1)
    var differences = ReferenceRun.Differences(loss: 0, gradient: 0)
    for step in log.steps.indices {
        let loss = pass.compute([try batch(step)], parameters: parameters)
        differences.loss = max(differences.loss, abs(loss - log.steps[step].loss))
        if step == 0 {
            differences.gradient = try largestDifference(pass.gradients) {
                try expected.tensor($0)
            }
        }
        _ = optimizer.update(
            &parameters, gradients: pass.gradients, rate: schedule.rate(step: step))
    }
    return (parameters, differences)
}

/// Reads one of a reference's JSON files; throws ``TrainingError/reference(file:field:)`` for another form.
func readReference<Content: Decodable>(_ file: URL) throws -> Content {
    do {
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    } catch is DecodingError {
        throw TrainingError.reference(file: file.path, field: "JSON of the expected form")
    }
}

/// Largest absolute difference of two tensors of as many elements; infinite for other counts.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a.values, b.values).reduce(0) { max($0, Double(abs($1.0 - $1.1))) }
}

func largestDifference(
    _ found: ParameterSet, _ expected: (String) throws -> Tensor
) rethrows -> Double {
    try found.named().reduce(0) { max($0, largestDifference($1.value, try expected($1.key))) }
}

/// Share of numbers that differ by more than 1e-5.
func shareApart(
    _ found: ParameterSet, _ expected: (String) throws -> Tensor
) rethrows -> Double {
    var (apart, all) = (0, 0)
    for (name, tensor) in found.named() {
        let reference = try expected(name)
        guard reference.count == tensor.count else { return 1 }
        apart += zip(tensor.values, reference.values).count { abs($0 - $1) > 1e-5 }
        all += tensor.count
    }
    return Double(apart) / Double(max(1, all))
}
