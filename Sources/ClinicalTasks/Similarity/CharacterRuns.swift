// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import LinearHeads

/// All different runs of one to four characters of a text, as sorted numbers.
///
/// A character takes 21 bits, so that three fit into 64 and four into 128 bits.
struct CharacterRuns {
    let singles: [UInt64]
    let pairs: [UInt64]
    let triples: [UInt64]
    let quadruples: [UInt128]

    private static let bits = 21

    init(_ letters: [Unicode.Scalar]) {
        singles = Self.runs(of: letters, length: 1)
        pairs = Self.runs(of: letters, length: 2)
        triples = Self.runs(of: letters, length: 3)
        quadruples = Self.runs(of: letters, length: 4)
    }

    /// The singles that are Chinese characters.
    var ideographs: [UInt64] {
        singles.filter {
            Unicode.Scalar(UInt32(truncatingIfNeeded: $0)).map(SentenceProfile.isIdeograph) ?? false
        }
    }

    /// The hash by which a run of `length` characters stands in a table of rarities.
    static func hash(of run: UInt64, length: Int) -> FeatureHash {
        var hash = FeatureHash("r")
        hash.mix(
            (0..<length).lazy.compactMap { place in
                Unicode.Scalar(
                    UInt32(truncatingIfNeeded: run >> (bits * (length - 1 - place))) & 0x1F_FFFF)
            })
        return hash
    }

    private static func runs<Number: FixedWidthInteger>(
        of letters: [Unicode.Scalar], length: Int
    ) -> [Number] {
        guard letters.count >= length else { return [] }
        var runs: [Number] = []
        runs.reserveCapacity(letters.count - length + 1)
        let mask = (Number(1) << Number(bits * length - 1) - 1) << 1 | 1
        var run: Number = 0
        for (place, letter) in letters.enumerated() {
            run = (run << Number(bits) | Number(truncatingIfNeeded: letter.value)) & mask
            if place + 1 >= length { runs.append(run) }
        }
        runs.sort()
        var kept = 0
        for run in runs where kept == 0 || runs[kept - 1] != run {
            runs[kept] = run
            kept += 1
        }
        runs.removeSubrange(kept...)
        return runs
    }
}
