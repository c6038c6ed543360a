// SPDX-License-Identifier: Apache-2.0
import Tensors
import WeightFiles

/// The tensors of a model with an adapter's changes added (merged LoRA weights).
struct MergedTensors: TensorSource {
    let base: any TensorSource
    let adapter: Adapter

    var path: String { base.path }
    var names: [String] { base.names }

    func shape(of name: String) -> [Int]? { base.shape(of: name) }

    /// Whether the adapter changes a tensor.
    func changes(_ name: String) -> Bool { adapter.pairs[Self.module(name)] != nil }

    func tensor(_ name: String) throws(WeightFileError) -> Tensor {
        added(try base.tensor(name), name, firstRow: 0)
    }

    func tensor(_ name: String, rows: Range<Int>) throws(WeightFileError) -> Tensor {
        added(try base.tensor(name, rows: rows), name, firstRow: rows.lowerBound)
    }

    private func added(_ tensor: Tensor, _ name: String, firstRow: Int) -> Tensor {
        let rows = firstRow..<firstRow + (tensor.shape.first ?? 0)
        guard changes(name), let change = adapter.change(of: Self.module(name), rows: rows) else {
            return tensor
        }
        var sum = tensor
        ElementWise.add(change, to: &sum)
        return sum
    }

    /// A tensor's name without its last part.
    private static func module(_ name: String) -> String {
        name.hasSuffix(".weight") ? String(name.dropLast(".weight".count)) : name
    }
}
