// SPDX-License-Identifier: Apache-2.0
public import DurableFiles
public import Tensors

/// A 64-bit hash of a feature's name and parts (FNV-1a with a final mix), equal on every machine.
///
/// The bundle stores weights by hash bucket, so this function is part of the bundle format:
/// a change of it makes every trained head void.
///
/// Public and inlinable, since a document has some hundred thousand features: what is inlinable for the
/// package alone is called all the same (Swift 6.3), and a generic call costs more than a short hash.
public struct FeatureHash: Sendable {
    @usableFromInline var state = FNV1a()

    /// Starts a feature of the given family, for example `"w[-1]"`.
    @inlinable
    public init(_ family: String) {
        for byte in family.utf8 { mix(byte: byte) }
        mix(byte: 0)
    }

    /// Adds a number.
    @inlinable
    public mutating func mix(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        for _ in 0..<8 {
            mix(byte: UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Adds one character.
    @inlinable
    public mutating func mix(_ scalar: Unicode.Scalar) {
        state.mix(UInt64(scalar.value))
    }

    /// Adds a run of characters.
    @inlinable
    public mutating func mix(_ scalars: some Sequence<Unicode.Scalar>) {
        for scalar in scalars { mix(scalar) }
        mix(byte: 1)
    }

    /// Adds a string.
    @inlinable
    public mutating func mix(_ text: String) { mix(text.unicodeScalars) }

    @inlinable
    mutating func mix(byte: UInt8) {
        state.mix(UInt64(byte))
    }

    /// The hash.
    @inlinable
    public var value: UInt64 { SplitMix64.mix(state.value) }

    /// The bucket among `count`, a power of two.
    @inlinable
    public func bucket(of count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: value & UInt64(count - 1))
    }
}
