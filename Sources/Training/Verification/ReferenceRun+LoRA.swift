// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import WeightFiles

extension ReferenceRun {
    /// Repeats `lora`: an adapter trained on the first batches of `full`, and merged in the end.
    ///
    /// The weight difference is that of the adapter and of the merged matrices; logits are those with the
    /// adapter beside the weights and merged into them.
    package func repeatLoRA() throws -> Differences {
        let place = folder.appending(path: "lora")
        let batches: BatchFile = try readReference(
            folder.appending(path: "full").appending(path: "batches.json"))
        let log: ReferenceLog = try readReference(place.appending(path: "log.json"))
        guard log.steps.count <= batches.input_ids.count,
            batches.input_ids.count == batches.labels.count
        else { throw TrainingError.reference(file: place.path, field: "steps") }
        let configuration = network.configuration
        let first = try Adapter(directory: place, configuration: configuration)
        let base = try DecoderModel(directory: folder)
        let adapted = try AdaptedDecoder(
            base, settings: first.settings, longestRow: configuration.maxPositionEmbeddings,
            file: place.path)
        let (parameters, found) = try repeatSteps(
            log, of: adapted.network, from: adapted.parameters(of: first),
            gradients: SafetensorsFile(place.appending(path: "gradients-step-0.safetensors"))
        ) { try batch(batches.input_ids[$0], batches.labels[$0], place) }
        var differences = found
        let final = try SafetensorsFile(place.appending(path: "final.safetensors"))
        differences.weight = try largestDifference(parameters) { try final.tensor($0) }
        let merged = try SafetensorsFile(place.appending(path: "merged.safetensors"))
        let (weights, weight) = try merging(adapted.adapter(of: parameters), like: merged)
        differences.weight = max(differences.weight ?? 0, weight)
        differences.logits = try logitsDifference(
            adapted, parameters, merged: weights, batches, merged.tensor("logits"), place)
        return differences
    }

    /// The base's weights with an adapter merged into them, and how far they are from the reference's.
    private func merging(
        _ adapter: Adapter, like expected: SafetensorsFile
    ) throws -> (weights: ParameterSet, difference: Double) {
        var (weights, difference) = (start, 0.0)
        for module in network.configuration.adapterModules {
            guard let change = adapter.change(of: module.name, rows: 0..<module.rows),
                let place = weights.layout.place(of: module.name + ".weight")
            else { continue }
            weights.tensors[place].add(change)
            difference = max(
                difference,
                largestDifference(
                    weights.tensors[place], try expected.tensor(module.name + ".weight")))
        }
        return (weights, difference)
    }

    private func logitsDifference(
        _ adapted: AdaptedDecoder, _ parameters: ParameterSet, merged: ParameterSet,
        _ batches: BatchFile, _ expected: Tensor, _ place: URL
    ) throws -> Double {
        guard let row = batches.input_ids.first?.first else { return .infinity }
        let batch = try batch([row], [row], place)
        let beside = adapted.network.logits(
            of: batch, on: Tape(adapted.network.layout), parameters: parameters)
        let inside = network.logits(of: batch, on: Tape(network.layout), parameters: merged)
        return max(largestDifference(beside, expected), largestDifference(inside, expected))
    }
}
