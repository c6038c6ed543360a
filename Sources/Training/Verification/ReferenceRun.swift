package import Foundation
import LanguageModel
import Tensors
import WeightFiles

/// A training run that another implementation has made, to be repeated by this one.
///
/// The layout is that of the reference fixtures: `config.json` and `model.safetensors` at the start,
/// and folders `full`, `masked`, `lora` and `packing` with batches and expected results.
package struct ReferenceRun {
    /// Largest absolute differences from the reference.
    package struct Differences: Codable, Hashable, Sendable {
        /// Of the loss, over all steps.
        package var loss: Double
        /// Of the gradient of the first step.
        package var gradient: Double
        /// Of the weights after the last step; nil where the reference has none.
        package var weight: Double?
        /// Of the logits; nil where the reference has none.
        package var logits: Double?
        /// Share of final weights that differ by more than 1e-5.
        package var weightsApart: Double?
    }

    let folder: URL
    let network: DecoderNetwork
    let start: ParameterSet

    /// Opens a reference; throws what its files lack.
    package init(_ folder: URL) throws {
        self.folder = folder
        let configuration = try DecoderConfiguration(
            file: folder.appending(path: "config.json"))
        network = DecoderNetwork(
            configuration, longestRow: configuration.maxPositionEmbeddings)
        let weights = try SafetensorsFile(folder.appending(path: "model.safetensors"))
        start = try ParameterSet(network.layout) { try weights.tensor($0) }
    }

    /// Repeats the run in a folder such as `full` or `masked`.
    package func repeatRun(_ name: String) throws -> Differences {
        let place = folder.appending(path: name)
        let batches: BatchFile = try read(place.appending(path: "batches.json"))
        let log: LogFile = try read(place.appending(path: "log.json"))
        let expected = try SafetensorsFile(place.appending(path: "gradients-step-0.safetensors"))
        let settings = log.optimizer
        let schedule = LearningRateSchedule(
            peak: settings.peak_learning_rate, warmup: settings.warmup_steps,
            total: settings.total_steps)
        guard log.steps.count <= batches.input_ids.count,
            batches.input_ids.count == batches.labels.count
        else { throw TrainingError.reference(file: place.path, field: "input_ids") }
        var parameters = start
        var optimizer = AdamW(start.layout)
        var pass = ParallelPass(network, workers: 1)
        var differences = Differences(loss: 0, gradient: 0)
        for step in log.steps.indices {
            let batch = try batch(batches.input_ids[step], batches.labels[step], place)
            let loss = pass.compute([batch], parameters: parameters)
            differences.loss = max(differences.loss, abs(loss - log.steps[step].loss))
            if step == 0 {
                differences.gradient = try largestDifference(pass.gradients) {
                    try expected.tensor($0)
                }
            }
            _ = optimizer.update(
                &parameters, gradients: pass.gradients, rate: schedule.rate(step: step))
        }
        let final = try SafetensorsFile(place.appending(path: "final.safetensors"))
        differences.weight = try largestDifference(parameters) { try final.tensor($0) }
        differences.weightsApart = try shareApart(parameters) { try final.tensor($0) }
        return differences
    }

    /// Repeats `packing`: rows of several documents, apart and together.
    package func repeatPacking() throws -> Differences {
        let place = folder.appending(path: "packing")
        let packing: PackingFile = try read(place.appending(path: "packing.json"))
        let expected = try SafetensorsFile(place.appending(path: "expected.safetensors"))
        guard packing.input_ids.count == packing.document_lengths.count,
            zip(packing.input_ids, packing.document_lengths).allSatisfy({
                $0.count == $1.reduce(0, +) && $1.allSatisfy { $0 > 0 }
            })
        else { throw TrainingError.reference(file: place.path, field: "document_lengths") }
        let apart = try batch(
            packing.input_ids, packing.input_ids, place, documents: packing.document_lengths)
        let plain = try batch(packing.input_ids, packing.input_ids, place)
        var pass = ParallelPass(network, workers: 1)
        let plainLoss = pass.compute([plain], parameters: start)
        let loss = pass.compute([apart], parameters: start)
        let tape = Tape(network.layout)
        return Differences(
            loss: max(
                abs(loss - packing.block_diagonal.loss),
                abs(plainLoss - packing.plain.loss_across_documents)),
            gradient: try largestDifference(pass.gradients) {
                try expected.tensor("gradient." + $0)
            },
            logits: max(
                largestDifference(
                    network.logits(of: apart, on: tape, parameters: start),
                    try expected.tensor("logits_block_diagonal")),
                largestDifference(
                    network.logits(of: plain, on: tape, parameters: start),
                    try expected.tensor("logits_plain"))))
    }

    func batch(
        _ rows: [[Int32]], _ labels: [[Int32]], _ place: URL, documents: [[Int]]? = nil
    ) throws -> TrainingBatch {
        let known = 0..<Int32(network.configuration.vocabSize)
        let fits =
            rows.count == labels.count
            && zip(rows, labels).allSatisfy { row, label in
                !row.isEmpty && row.count == label.count
                    && row.count <= network.configuration.maxPositionEmbeddings
                    && row.allSatisfy(known.contains)
                    && label.allSatisfy { $0 == TrainingBatch.ignoredLabel || known.contains($0) }
            }
        guard fits else { throw TrainingError.reference(file: place.path, field: "labels") }
        return TrainingBatch(rows: rows, labels: labels, documents: documents)
    }

    func read<Content: Decodable>(_ file: URL) throws -> Content {
        do {
            return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
        } catch is DecodingError {
            throw TrainingError.reference(file: file.path, field: "JSON of the expected form")
        }
    }
}

struct BatchFile: Decodable {
    let input_ids: [[[Int32]]]
    let labels: [[[Int32]]]
}

struct LogFile: Decodable {
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
}

private struct PackingFile: Decodable {
    struct Losses: Decodable {
        let loss: Double
        let loss_across_documents: Double
    }
    let input_ids: [[Int32]]
    let document_lengths: [[Int]]
    let block_diagonal: Losses
    let plain: Losses
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
