// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Tensors

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

/// A 64-bit hash of a feature's name and parts (FNV-1a with a final mix), equal on every machine.
///
/// The bundle stores weights by hash bucket, so this function is part of the bundle format:
/// a change of it makes every trained head void.
package struct FeatureHash: Sendable {
    private var state = FNV1a()

    /// Starts a feature of the given family, for example `"w[-1]"`.
    package init(_ family: String) {
        for byte in family.utf8 { mix(byte: byte) }
        mix(byte: 0)
    }

    /// Adds a number.
    package mutating func mix(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        for _ in 0..<8 {
            mix(byte: UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Adds one character.
    package mutating func mix(_ scalar: Unicode.Scalar) {
        state.mix(UInt64(scalar.value))
    }

    /// Adds a run of characters.
    package mutating func mix(_ scalars: some Sequence<Unicode.Scalar>) {
        for scalar in scalars { mix(scalar) }
        mix(byte: 1)
    }

    /// Adds a string.
    package mutating func mix(_ text: String) { mix(text.unicodeScalars) }

    private mutating func mix(byte: UInt8) {
        state.mix(UInt64(byte))
    }

    /// The hash.
    package var value: UInt64 { SplitMix64.mix(state.value) }

    /// The bucket among `count`, a power of two.
    package func bucket(of count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: value & UInt64(count - 1))
    }
}
