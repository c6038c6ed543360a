// SPDX-License-Identifier: Apache-2.0

/// The hash FNV-1a in 64 bits (Fowler, Noll and Vo), equal on every machine and in every version.
///
/// What is stored by such a hash, or chosen by it, depends on it. It keeps nobody from making two
/// texts of one hash; what must not be forged is a ``ContentDigest``.
public struct FNV1a: Hashable, Sendable {
    @usableFromInline var state: UInt64

    /// The hash of what was mixed in so far.
    @inlinable
    public var value: UInt64 { state }

    /// A hash that goes on from another, or begins.
    @inlinable
    public init(_ start: UInt64 = 0xCBF2_9CE4_8422_2325) { state = start }

    /// The hash of a text's UTF-8.
    package init(of text: String) {
        self.init()
        mix(text.utf8)
    }

    /// Mixes in a byte, or another small number as a whole.
    @inlinable
    public mutating func mix(_ part: UInt64) { state = (state ^ part) &* 0x100_0000_01B3 }

    /// Mixes in bytes, one after another.
    @inlinable
    public mutating func mix(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { mix(UInt64(byte)) }
    }
}
