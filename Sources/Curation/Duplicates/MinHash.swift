// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Signatures by which texts with many common shingles are found (Broder 1997), and the bands of them
/// that meet in one place for texts that are nearly the same (locality-sensitive hashing; Leskovec,
/// Rajaraman and Ullman, "Mining of Massive Datasets", 3.4).
///
/// The share of equal numbers in two signatures is an estimate of the share of common shingles
/// (Jaccard), with a standard error of at most 0.5 / √(numbers of a signature). Two texts meet in one
/// of b bands of r rows with a probability of 1 − (1 − sʳ)ᵇ where s is that share.
struct MinHash: Sendable {
    /// Numbers that are worked out beside each other.
    private typealias Lane = SIMD16<UInt32>

    /// Bands of a signature.
    let bands: Int
    /// Numbers of a band.
    let rows: Int
    private let factors: [Lane]
    private let summands: [Lane]

    /// Hash functions that follow from a seed alone.
    init(bands: Int, rows: Int, seed: UInt64) {
        (self.bands, self.rows) = (bands, rows)
        var random = SplitMix64(seed: seed)
        let lanes = (bands * rows + Lane.scalarCount - 1) / Lane.scalarCount
        var (factors, summands): ([Lane], [Lane]) = ([], [])
        for _ in 0..<lanes {
            var (factor, summand) = (Lane(), Lane())
            for place in factor.indices {
                // Odd, so that the function is a permutation of the 32-bit numbers.
                factor[place] = UInt32(truncatingIfNeeded: random.next() >> 32) | 1
                summand[place] = UInt32(truncatingIfNeeded: random.next() >> 32)
            }
            factors.append(factor)
            summands.append(summand)
        }
        (self.factors, self.summands) = (factors, summands)
    }

    /// Numbers of a signature.
    var size: Int { bands * rows }

    /// The signature of a text's shingles; of none, the largest numbers.
    func signature(of shingles: [UInt32]) -> [UInt32] {
        var signature: [UInt32] = []
        signature.reserveCapacity(factors.count * Lane.scalarCount)
        for index in factors.indices {
            let (factor, summand) = (factors[index], summands[index])
            var least = Lane(repeating: .max)
            for shingle in shingles {
                least = pointwiseMin(least, Lane(repeating: shingle) &* factor &+ summand)
            }
            for place in least.indices { signature.append(least[place]) }
        }
        signature.removeLast(signature.count - size)
        return signature
    }

    /// A key for each band; 0 for all where there was no shingle.
    func keys(of signature: [UInt32], isEmpty: Bool) -> [UInt64] {
        if isEmpty { return [UInt64](repeating: 0, count: bands) }
        return (0..<bands).map { band in
            var key = UInt64(band) &+ 0x9E37_79B9_7F4A_7C15
            for number in signature[band * rows..<(band + 1) * rows] {
                key = (key ^ UInt64(number)) &* 0xD6E8_FEB8_6659_FD93
                key ^= key >> 32
            }
            return key == 0 ? 1 : key
        }
    }

    /// The share of equal numbers.
    static func similarity(_ first: [UInt32], _ second: [UInt32]) -> Double {
        var equal = 0
        for index in first.indices where first[index] == second[index] { equal += 1 }
        return Double(equal) / Double(max(1, first.count))
    }
}
