// SPDX-License-Identifier: Apache-2.0
package import Foundation
import LanguageModel
import Tensors
import WeightFiles

/// A training run of an encoder's token labels that another implementation has made, to be repeated.
///
/// The layout is that of ``ReferenceRun``, with the folder `full` alone; a batch has `input_ids`,
/// `attention_mask`, `token_type_ids` and `labels`.
package struct EncoderReferenceRun {
    private let folder: URL
    private let configuration: EncoderConfiguration
    private let network: HeadedNetwork
    private let start: ParameterSet

    /// Whether a reference is one of an encoder, by its `config.json`.
    package static func isEncoder(_ folder: URL) throws -> Bool {
        let fields = try ConfigurationFields(file: folder.appending(path: "config.json"))
        return try fields.string("model_type").flatMap(EncoderArchitecture.init) != nil
    }

    /// Opens a reference; throws what its files lack.
    package init(_ folder: URL) throws {
        self.folder = folder
        configuration = try EncoderConfiguration(file: folder.appending(path: "config.json"))
        guard configuration.task == .tokenClassification else {
            throw TrainingError.reference(
                file: folder.appending(path: "config.json").path, field: "architectures")
        }
        network = HeadedNetwork(
            .encoder(EncoderNetwork(configuration, longestRow: configuration.longestText)),
            heads: [
                HeadSettings(name: "labels", kind: .tokens(.none), labels: configuration.labels)
            ])
        start = try PublishedWeights(folder).parameters(of: network)
    }

    /// Repeats the run in `full`.
    package func repeatRun() throws -> ReferenceRun.Differences {
        let place = folder.appending(path: "full")
        let batches: Batches = try readReference(place.appending(path: "batches.json"))
        let log: ReferenceLog = try readReference(place.appending(path: "log.json"))
        let parts = [batches.input_ids, batches.attention_mask, batches.labels]
        let steps = log.steps.count
        guard parts.allSatisfy({ $0.count >= steps }), batches.token_type_ids.count >= steps else {
            throw TrainingError.reference(file: place.path, field: "input_ids")
        }
        let (parameters, found) = try repeatSteps(
            log, of: network, from: start,
            gradients: SafetensorsFile(place.appending(path: "gradients-step-0.safetensors"))
        ) { try batch(batches, $0, place) }
        var differences = found
        let final = try SafetensorsFile(place.appending(path: "final.safetensors"))
        let leftOut = Set(log.no_final_weights ?? [])
        let kept = parameters.layout.entries.indices.filter {
            !leftOut.contains(parameters.layout.entries[$0].name)
        }
        let compared = ParameterSet(
            ParameterLayout(kept.map { parameters.layout.entries[$0] }),
            tensors: kept.map { parameters.tensors[$0] })
        differences.weight = try largestDifference(compared) { try final.tensor($0) }
        differences.weightsApart = try shareApart(compared) { try final.tensor($0) }
        return differences
    }

    private func batch(_ batches: Batches, _ step: Int, _ place: URL) throws -> HeadBatch {
        let (ids, mask) = (batches.input_ids[step], batches.attention_mask[step])
        let (types, labels) = (batches.token_type_ids[step], batches.labels[step])
        var texts: [(ids: [Int32], types: [Int32])] = []
        var rows: [Int32] = []
        var targets: [Int32] = []
        var first = 0
        guard ids.count == mask.count, ids.count == types.count, ids.count == labels.count else {
            throw TrainingError.reference(file: place.path, field: "labels")
        }
        for row in ids.indices {
            let count = mask[row].prefix { $0 == 1 }.count
            guard
                [ids[row].count, types[row].count, labels[row].count].allSatisfy({ $0 >= count }),
                count > 0, count <= configuration.longestText,
                ids[row].allSatisfy((0..<Int32(configuration.vocabSize)).contains),
                types[row].allSatisfy((0..<Int32(max(1, configuration.typeVocabSize))).contains)
            else { throw TrainingError.reference(file: place.path, field: "input_ids") }
            texts.append((Array(ids[row][..<count]), Array(types[row][..<count])))
            for (place, label) in labels[row][..<count].enumerated()
            where label != TrainingBatch.ignoredLabel {
                rows.append(Int32(first + place))
                targets.append(label)
            }
            first += count
        }
        guard targets.allSatisfy((0..<Int32(configuration.labels.count)).contains) else {
            throw TrainingError.reference(file: place.path, field: "labels")
        }
        return HeadBatch(
            texts: SequenceBatch(texts), head: 0,
            targets: .tokens(rows: rows, labels: targets, chains: []))
    }

    private struct Batches: Decodable {
        let input_ids: [[[Int32]]]
        let attention_mask: [[[Int32]]]
        let token_type_ids: [[[Int32]]]
        let labels: [[[Int32]]]
    }
}
