// SPDX-License-Identifier: Apache-2.0

/// Random numbers that are the same in every run, for tests that must be repeatable.
///
/// SplitMix64 (G. Steele et al., “Fast Splittable Pseudorandom Number Generators”, 2014).
package struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The sequence of a seed.
    package init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `limit`, which must be above 0.
    package mutating func number(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// A number from 0 to below 1, of 53 bits.
    package mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number from −1 to below 1, of 24 bits.
    package mutating func signed() -> Float { Float(next() >> 40) * 0x1p-23 - 1 }
}
