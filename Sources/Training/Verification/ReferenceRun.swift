// SPDX-License-Identifier: Apache-2.0
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
        let batches: BatchFile = try readReference(place.appending(path: "batches.json"))
        let log: ReferenceLog = try readReference(place.appending(path: "log.json"))
        guard log.steps.count <= batches.input_ids.count,
            batches.input_ids.count == batches.labels.count
        else { throw TrainingError.reference(file: place.path, field: "input_ids") }
        let (parameters, found) = try repeatSteps(
            log, of: network, from: start,
            gradients: SafetensorsFile(place.appending(path: "gradients-step-0.safetensors"))
        ) { try batch(batches.input_ids[$0], batches.labels[$0], place) }
        var differences = found
        let final = try SafetensorsFile(place.appending(path: "final.safetensors"))
        differences.weight = try largestDifference(parameters) { try final.tensor($0) }
        differences.weightsApart = try shareApart(parameters) { try final.tensor($0) }
        return differences
    }

    /// Repeats `packing`: rows of several documents, apart and together.
    package func repeatPacking() throws -> Differences {
        let place = folder.appending(path: "packing")
        let packing: PackingFile = try readReference(place.appending(path: "packing.json"))
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
}

struct BatchFile: Decodable {
    let input_ids: [[[Int32]]]
    let labels: [[[Int32]]]
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
