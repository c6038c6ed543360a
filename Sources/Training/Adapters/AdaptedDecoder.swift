// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

/// A decoder whose weights stay as they are, with a trained change of low rank to some of its layers
/// (LoRA).
///
/// The weights may be in any form: 32-bit floats, packed in fewer bits, or blocks of a GGUF file
/// (QLoRA: Dettmers et al. 2023, arXiv 2305.14314). Parameters have the names of PEFT's files.
package struct AdaptedDecoder: Sendable {
    /// The network; its layout is that of the adapter.
    package let network: DecoderNetwork
    /// What the adapter is.
    package let settings: AdapterSettings
    private let base: DecoderModel
    private let modules: [AdapterModule]

    /// A decoder with an adapter; throws `AdapterError` for a target that is no layer of it.
    ///
    /// - Parameters:
    ///   - longestRow: tokens of the longest sequence that will be read.
    ///   - file: who asks for the targets, in errors.
    package init(
        _ base: DecoderModel, settings: AdapterSettings, longestRow: Int, file: String
    ) throws(AdapterError) {
        (self.base, self.settings) = (base, settings)
        modules = try base.configuration.adapterModules(settings.targets, file: file)
        var network = DecoderNetwork(frozen: base, longestRow: longestRow)
        network.layout = ParameterLayout(
            modules.flatMap { module in
                [
                    .init(
                        name: Adapter.downName(module.name),
                        shape: [settings.rank, module.columns]),
                    .init(
                        name: Adapter.upName(module.name), shape: [module.rows, settings.rank]),
                ]
            })
        for (index, module) in modules.enumerated() {
            for (part, rows) in base.configuration.rows(of: module) {
                let change = LowRankReference(
                    down: network.layout.matrix(2 * index),
                    up: .trained(2 * index + 1, rows: rows, columns: settings.rank),
                    scale: Float(settings.scale), dropout: Float(settings.dropout))
                network.layers[module.layer].update(part) { $0.adapter = change }
            }
        }
        self.network = network
    }

    /// What training begins with: A uniform within ±1/√in, as PEFT draws it, and B zero, so that the
    /// decoder begins as it is.
    package func start(seed: UInt64) -> ParameterSet {
        var parameters = ParameterSet(zeros: network.layout)
        for place in network.layout.entries.indices {
            let entry = network.layout.entries[place]
            guard let values = entry.adapterStart(seed: seed, stream: UInt64(place / 2)) else {
                continue
            }
            parameters.tensors[place].values = values
        }
        return parameters
    }

    /// The parameters of an adapter of the same settings and layers.
    ///
    /// Throws ``TrainingError/tensorMissing(_:)`` or ``TrainingError/tensorShape(_:expected:found:)``.
    package func parameters(of adapter: Adapter) throws -> ParameterSet {
        var tensors: [String: Tensor] = [:]
        for module in modules {
            guard let pair = adapter.pairs[module.name] else { continue }
            tensors[Adapter.downName(module.name)] = pair.down
            tensors[Adapter.upName(module.name)] = reordered(module, pair.up, base.inBaseOrder)
        }
        return try ParameterSet(network.layout) { tensors[$0] }
    }

    /// The adapter that parameters are, with the rows of checkpoints whatever order the base has.
    package func adapter(of parameters: ParameterSet) -> Adapter {
        var pairs: [String: LowRankPair] = [:]
        for (index, module) in modules.enumerated() {
            pairs[module.name] = LowRankPair(
                down: parameters.tensors[2 * index],
                up: reordered(module, parameters.tensors[2 * index + 1], base.inPublishedOrder))
        }
        return Adapter(settings: settings, pairs: pairs)
    }

    private func reordered(
        _ module: AdapterModule, _ up: Tensor, _ order: (Tensor, LayerTensor) -> Tensor
    ) -> Tensor {
        guard module.parts.count == 1, let part = module.parts.first else { return up }
        return order(up, part)
    }
}
