// SPDX-License-Identifier: Apache-2.0

/// A vector of which only some entries differ from zero: hashed n-grams, cues and named measures.
package struct SparseVector: Hashable, Sendable {
    /// Positions of the entries, ascending, without repetition.
    package let indices: [UInt32]
    /// The entries, in the order of `indices`.
    package let values: [Float]

    /// A vector from entries in any order; entries at one index are added up.
    package init(_ entries: [(index: UInt32, value: Float)]) {
        let sorted = entries.sorted { $0.index < $1.index }
        var indices: [UInt32] = []
        var values: [Float] = []
        indices.reserveCapacity(sorted.count)
        values.reserveCapacity(sorted.count)
        for entry in sorted {
            if indices.last == entry.index {
                values[values.count - 1] += entry.value
            } else {
                indices.append(entry.index)
                values.append(entry.value)
            }
        }
        self.indices = indices
        self.values = values
    }
}
