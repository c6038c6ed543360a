// SPDX-License-Identifier: Apache-2.0
package import Tensors

extension DecoderModel {
    /// The same model with adapters beside its weights, of which each request may choose one.
    ///
    /// The weights are shared, not copied, and may be in any form. An adapter is chosen by its place in
    /// the list.
    package func serving(_ adapters: [Adapter]) -> DecoderModel {
        var weights = weights
        for module in configuration.adapterModules {
            for (number, adapter) in adapters.enumerated() {
                guard let pair = adapter.pairs[module.name] else { continue }
                for (part, rows) in configuration.rows(of: module) {
                    let change = LowRankChange(
                        down: pair.down,
                        up: scaled(pair.up, part, rows, adapter.settings.scale))
                    weights.layers[module.layer].update(part) { $0.changes[number] = change }
                }
            }
        }
        return DecoderModel(
            configuration: configuration, weights: weights, adapterCount: adapters.count)
    }

    /// Some rows of B times the scale, in the order in which the base has its rows.
    private func scaled(
        _ up: Tensor, _ part: LayerTensor, _ rows: Range<Int>, _ scale: Double
    ) -> Tensor {
        var part = inBaseOrder(up.rowSlice(rows), of: part)
        for index in part.values.indices { part.values[index] *= Float(scale) }
        return part
    }

    /// Rows of a layer's tensor in the order in which this model has them, from that of checkpoints.
    package func inBaseOrder(_ tensor: Tensor, of part: LayerTensor) -> Tensor {
        guard let heads = interleavedHeads(part) else { return tensor }
        return tensor.reordered(heads) { place, half in place / 2 + place % 2 * half }
    }

    /// Rows of a layer's tensor in the order of checkpoints, from that in which this model has them.
    package func inPublishedOrder(_ tensor: Tensor, of part: LayerTensor) -> Tensor {
        guard let heads = interleavedHeads(part) else { return tensor }
        return tensor.reordered(heads) { place, half in place % half * 2 + place / half }
    }

    /// Heads whose rows lie in pairs that turn together, as in GGUF files of Llama used as they lie.
    private func interleavedHeads(_ part: LayerTensor) -> Int? {
        guard weights.turnsNeighbours else { return nil }
        switch part {
        case .query: return configuration.numAttentionHeads
        case .key: return configuration.numKeyValueHeads
        default: return nil
        }
    }
}

extension DecoderConfiguration {
    /// The network's matrices in a stored layer, and which of its rows each is.
    package func rows(of module: AdapterModule) -> [(part: LayerTensor, rows: Range<Int>)] {
        var start = 0
        return module.parts.map { part in
            let count = shape(of: part)[0]
            defer { start += count }
            return (part, start..<start + count)
        }
    }
}

extension Tensor {
    /// Rows of each head in another order: `source` says which row of the head comes to a place.
    fileprivate func reordered(
        _ heads: Int, _ source: (_ place: Int, _ half: Int) -> Int
    ) -> Tensor {
        let (perHead, width) = (rows / heads, columns)
        var result = self
        for row in 0..<rows {
            let from = row / perHead * perHead + source(row % perHead, perHead / 2)
            result.values.replaceSubrange(
                row * width..<(row + 1) * width, with: values[from * width..<(from + 1) * width])
        }
        return result
    }
}
