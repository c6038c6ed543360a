// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Which rows of a pass belong to which adapter (several LoRA adapters in one batch); the others are the
/// base's.
struct AdapterRows: Sendable {
    /// The rows of one adapter, rising.
    struct Group: Sendable {
        let adapter: Int
        let rows: [Int32]
    }

    /// The groups, by adapter; none where no row has one.
    let groups: [Group]
    /// Rows of the pass.
    let count: Int

    /// No row has an adapter.
    static let none = AdapterRows(groups: [], count: 0)

    /// Rows in runs of so many, each with the adapter that it is for.
    init(_ runs: [(count: Int, adapter: Int?)]) {
        var rows: [Int: [Int32]] = [:]
        var start: Int32 = 0
        for run in runs {
            let end = start + Int32(run.count)
            if let adapter = run.adapter { rows[adapter, default: []] += start..<end }
            start = end
        }
        count = Int(start)
        groups = rows.sorted { $0.key < $1.key }.map { Group(adapter: $0.key, rows: $0.value) }
    }

    private init(groups: [Group], count: Int) { (self.groups, self.count) = (groups, count) }

    /// The same of chosen rows, numbered anew; `chosen` rises.
    func chosen(_ chosen: [Int32]) -> AdapterRows {
        guard !groups.isEmpty else { return AdapterRows(groups: [], count: chosen.count) }
        var places: [Int32: Int32] = [:]
        for (place, row) in chosen.enumerated() { places[row] = Int32(place) }
        return AdapterRows(
            groups: groups.map { group in
                Group(adapter: group.adapter, rows: group.rows.compactMap { places[$0] })
            }.filter { !$0.rows.isEmpty }, count: chosen.count)
    }
}

/// A change of low rank (LoRA) as products want it: y += B · A · x, the scale being in B.
struct LowRankChange: Sendable {
    /// A (r, in).
    let down: Tensor
    /// scale · B (out, r).
    let up: Tensor

    /// Adds the change of each row of `x` (T, in) to `y` (T, out).
    private func add(_ x: Tensor, to y: inout Tensor) {
        var inner = Tensor(zeros: [x.rows, down.rows])
        MatrixProduct.multiply(x, down, transposeB: true, into: &inner)
        MatrixProduct.multiply(inner, up, transposeB: true, into: &y, accumulate: true)
    }

    /// Adds the change of a group's rows.
    func add(_ x: Tensor, to y: inout Tensor, group: AdapterRows.Group) {
        guard group.rows.count < x.rows else { return add(x, to: &y) }
        var chosen = Tensor(zeros: [group.rows.count, x.columns])
        ElementWise.gatherRows(x, ids: group.rows, into: &chosen)
        var change = Tensor(zeros: [group.rows.count, y.columns])
        add(chosen, to: &change)
        ElementWise.addRows(
            change, scales: [Float](repeating: 1, count: group.rows.count), to: &y,
            rows: group.rows)
    }
}
