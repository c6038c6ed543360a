// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors
import WeightFiles

/// A trunk whose weights stay as they are, with a trained change of low rank (LoRA) to some of its layers, for heads
/// to be trained over both.
package struct AdaptedTrunk: Sendable {
    /// The trunk; its layout is that of the changes, by the names of PEFT's files.
    package let trunk: TrainedTrunk
    private let settings: AdapterSettings
    private let base: [String: Tensor]
    /// What knows a decoder's order of rows; nil for an encoder.
    private let decoder: AdaptedDecoder?

    /// A trunk beside its weights; throws `AdapterError` for a target that is no layer of it.
    ///
    /// - Parameters:
    ///   - trunk: the same trunk with all its tensors trained.
    ///   - weights: these tensors, by their published names.
    ///   - file: who asks for the targets, in errors.
    package init(
        _ trunk: TrainedTrunk, weights: [String: Tensor], settings: AdapterSettings,
        longestRow: Int, file: String
    ) throws {
        (self.settings, base) = (settings, weights)
        switch trunk {
        case .encoder(let network):
            let adapted = EncoderNetwork(
                network.configuration, longestRow: longestRow,
                frozen: FrozenTrunk(tensors: weights, settings: settings))
            self.trunk = .encoder(adapted)
            decoder = nil
            let modules = Self.modules(adapted.layout)
            if case .named(let targets) = settings.targets {
                for target in targets
                where !modules.contains(where: { AdapterModule.matches($0, target: target) }) {
                    throw AdapterError.target(file: file, target: target)
                }
            }
        case .decoder(let network, let causal):
            let model = DecoderModel(
                configuration: network.configuration,
                weights: try DecoderWeights(
                    from: MemoryTensors(weights, name: file), configuration: network.configuration))
            let adapted = try AdaptedDecoder(
                model, settings: settings, longestRow: longestRow, file: file)
            self.trunk = .decoder(adapted.network, causal: causal)
            decoder = adapted
        }
    }

    /// Bytes of the weights that stay as they are.
    package var bytes: Int { base.values.reduce(0) { $0 + 4 * $1.count } }

    /// The adapter that the first parameters of a network over this trunk are.
    ///
    /// It names its layers one by one: "all" means other layers elsewhere.
    package func adapter(of parameters: ParameterSet) -> Adapter {
        let places = trunk.layout.entries.indices
        let own = ParameterSet(trunk.layout, tensors: places.map { parameters.tensors[$0] })
        var pairs: [String: LowRankPair] = [:]
        if let decoder {
            pairs = decoder.adapter(of: own).pairs
        } else {
            let tensors = own.named()
            for module in Self.modules(trunk.layout) {
                guard let down = tensors[Adapter.downName(module)],
                    let up = tensors[Adapter.upName(module)]
                else { continue }
                pairs[module] = LowRankPair(down: down, up: up)
            }
        }
        var settings = settings
        settings.targets = .named(pairs.keys.sorted())
        return Adapter(settings: settings, pairs: pairs)
    }

    /// The trunk's tensors with an adapter's changes added.
    package func tensors(with adapter: Adapter) -> [String: Tensor] {
        var tensors = base
        for module in adapter.pairs.keys {
            let name = module + ".weight"
            guard var tensor = tensors[name],
                let change = adapter.change(of: module, rows: 0..<tensor.rows)
            else { continue }
            tensor.add(change)
            tensors[name] = tensor
        }
        return tensors
    }

    /// The layers whose changes a layout has, in its order.
    private static func modules(_ layout: ParameterLayout) -> [String] {
        let (before, after) = (Adapter.downName(""), ".lora_A.weight")
        let prefix = before.dropLast(after.count)
        return layout.entries.map(\.name).filter { $0.hasSuffix(after) }.map {
            String($0.dropFirst(prefix.count).dropLast(after.count))
        }
    }
}

extension ParameterLayout.Entry {
    /// Numbers that a matrix of an adapter begins with: A uniform within ±1/√in, as PEFT draws it, and B
    /// zero, so that the model begins as it is; nil for another tensor.
    package func adapterStart(seed: UInt64, stream: UInt64) -> [Float]? {
        if name.hasSuffix(".lora_B.weight") { return [Float](repeating: 0, count: count) }
        guard name.hasSuffix(".lora_A.weight"), let columns = shape.last else { return nil }
        var generator = SplitMix64(seed: seed, stream: stream)
        let bound = 1 / Double(columns).squareRoot()
        return (0..<count).map { _ in Float((2 * generator.unit() - 1) * bound) }
    }
}
