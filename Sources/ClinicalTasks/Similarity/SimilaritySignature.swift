// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText
import Tensors

/// A short signature by which texts with many character trigrams in common find each other.
///
/// MinHash: the share of equal places in two signatures estimates the share of common trigrams
/// (Broder 1997). Texts that agree in a whole band of four places are candidates for a comparison:
/// at half of the trigrams in common two of three pairs are found, at a fifth one of forty.
/// The seeds are fixed, so that signatures of different days can be compared.
package struct SimilaritySignature: Hashable, Sendable {
    /// Number of hash functions.
    package static let length = 64
    /// Places in one band.
    package static let bandLength = 4

    /// The smallest hash of any trigram under each function; empty for a text of no trigram.
    package let values: [UInt64]

    /// The signature of a text, white space and punctuation left out.
    package init(of text: AnalyzedText) {
        self.init(letters: SentenceProfile.letters(of: text))
    }

    /// The signature of the text that a profile was made of.
    package init(of profile: SentenceProfile) {
        self.init(letters: profile.letters)
    }

    init(letters: [Unicode.Scalar]) {
        guard letters.count >= 3 else {
            values = []
            return
        }
        var smallest = [UInt64](repeating: .max, count: Self.length)
        for start in 0...(letters.count - 3) {
            var trigram: UInt64 = 0
            for scalar in letters[start..<(start + 3)] {
                trigram = trigram << 21 | UInt64(scalar.value)
            }
            for place in 0..<Self.length {
                let hash = SplitMix64.mix(trigram ^ Self.seeds[place])
                if hash < smallest[place] { smallest[place] = hash }
            }
        }
        values = smallest
    }

    /// One key for each band, for an index; texts that share any are candidates.
    package func bands() -> [UInt64] {
        stride(from: 0, to: values.count, by: Self.bandLength).map { start in
            values[start..<(start + Self.bandLength)].reduce(SplitMix64.mix(UInt64(start) &+ 1)) {
                SplitMix64.mix($0 ^ $1)
            }
        }
    }

    private static let seeds: [UInt64] = (1...UInt64(length)).map {
        SplitMix64.number($0, of: 0)
    }
}
