// SPDX-License-Identifier: Apache-2.0

/// A linear layer that an adapter may change (a LoRA target module), as checkpoints name and store it.
///
/// Where a checkpoint stores several of the network's matrices as one, they are one layer here too.
package struct AdapterModule: Hashable, Sendable {
    /// Its name, `model.layers.0.self_attn.q_proj`.
    package let name: String
    /// The decoder's layer that it is in, from 0.
    package let layer: Int
    /// The network's matrices in it, in the order of their rows.
    package let parts: [LayerTensor]
    /// Length of a result.
    package let rows: Int
    /// Length of what is multiplied.
    package let columns: Int

    /// Whether a target means this layer: its whole name, or the end of it after a full stop.
    package func matches(_ target: String) -> Bool { Self.matches(name, target: target) }

    /// Whether a target means the layer of a name.
    package static func matches(_ name: String, target: String) -> Bool {
        name == target || name.hasSuffix("." + target)
    }
}

extension DecoderConfiguration {
    /// Every linear layer of the decoder's layers, in the order of the computation; not the head.
    package var adapterModules: [AdapterModule] {
        storedTensors.compactMap { tensor in
            guard case .layer(let layer, let parts) = tensor.place, tensor.shape.count == 2 else {
                return nil
            }
            return AdapterModule(
                name: String(tensor.name.dropLast(".weight".count)), layer: layer, parts: parts,
                rows: tensor.shape[0], columns: tensor.shape[1])
        }
    }

    /// The layers that an adapter's targets mean, in the order of the computation.
    ///
    /// All of them without the routers of experts, which training of few rows unsettles. Throws
    /// ``AdapterError/target(file:target:)`` for a target that means none; `file` is who asks.
    package func adapterModules(
        _ targets: AdapterTargets, file: String
    ) throws(AdapterError) -> [AdapterModule] {
        switch targets {
        case .all: return adapterModules.filter { $0.parts != [.router] }
        case .named(let names):
            let all = adapterModules
            for name in names where !all.contains(where: { $0.matches(name) }) {
                throw .target(file: file, target: name)
            }
            return all.filter { module in names.contains(where: module.matches) }
        }
    }
}

/// Which linear layers an adapter changes.
package enum AdapterTargets: Hashable, Sendable {
    /// All but the head.
    case all
    /// Those of these names, whole or their ends: `q_proj`.
    case named([String])
}

/// What is wrong with an adapter.
package enum AdapterError: Error, Hashable {
    /// A target is no linear layer of the model.
    case target(file: String, target: String)
    /// A tensor belongs to no layer that the adapter says it changes.
    case tensor(file: String, tensor: String)
    /// The file changes no layer at all.
    case empty(file: String)
}
