// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A small generator whose whole state is one number (Steele et al., OOPSLA 2014), so that a run
/// can be continued exactly.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// A generator that follows from a seed.
    package init(seed: UInt64) { state = seed }

    /// A generator for one use among many under the same seed, such as a row of an epoch.
    package init(seed: UInt64, stream: UInt64...) {
        state = seed
        for number in stream {
            state = next() ^ (number &* 0xD6E8_FEB8_6659_FD93)
        }
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mix(state)
    }

    /// The number that a seed gives as its `place`-th, counted from 1.
    package static func number(_ place: UInt64, of seed: UInt64) -> UInt64 {
        mix(seed &+ place &* step)
    }

    /// Spreads the bits of a number over all of its bits; no two numbers become one.
    @inlinable
    public static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// What a state grows by.
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// A number in 0 ..< 1 with 53 bits.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number below a bound, which is above 0.
    ///
    /// Our own, since the standard library may draw differently in another version.
    package mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A standard normal number (Box and Muller).
    package mutating func normal() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * Double.pi * unit())
    }

    /// Shuffles in place (Fisher and Yates).
    package mutating func shuffle<Element>(_ array: inout [Element]) {
        for last in stride(from: array.count - 1, to: 0, by: -1) {
            array.swapAt(last, below(last + 1))
        }
    }
}
