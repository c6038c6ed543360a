// SPDX-License-Identifier: Apache-2.0

/// Looks for rows of an evaluation in a corpus, by runs of characters that they have in common.
///
/// A row's share is that of its different runs that stand in one document: rows are short and documents long, so
/// what both have in common says less of them (Jaccard) than how much of the row is there. Memory is bounded by the
/// rows. Runs are told apart by hashes of 32 bits; by chance alone one in 2³² / n is taken for one of n.
package struct ContaminationSearch: Sendable {
    /// What was found of a row.
    package struct Finding: Hashable, Codable, Sendable {
        /// The largest share of its runs that stand in one document.
        package var share: Double
        /// That document, by its place in the corpus.
        package var document: Int?
    }

    private let width: Int
    /// For each hash, the rows that have it.
    private let rows: [UInt32: [Int32]]
    /// A bit for the upper bits of each hash, so that most hashes of a corpus need no search.
    private let mayBe: [UInt64]
    /// Different runs of each row.
    private let counts: [Int]
    private static let bits: UInt32 = 24

    /// A search for rows by runs of `width` characters.
    package init(rows texts: [String], width: Int) {
        var rows: [UInt32: [Int32]] = [:]
        var mayBe = [UInt64](repeating: 0, count: 1 << Int(Self.bits - 6))
        var counts: [Int] = []
        for (number, text) in texts.enumerated() {
            let hashes = Self.hashes(of: text, width: width)
            counts.append(hashes.count)
            for hash in hashes {
                rows[hash, default: []].append(Int32(number))
                let bit = hash >> (32 - Self.bits)
                mayBe[Int(bit >> 6)] |= 1 << UInt64(bit & 63)
            }
        }
        (self.width, self.rows, self.mayBe, self.counts) = (width, rows, mayBe, counts)
    }

    /// Whether a row is too short to have a run, so that nothing can be said of it.
    package func isTooShort(_ row: Int) -> Bool { counts[row] == 0 }

    /// The rows of which at least one run stands in a text, with their shares.
    package func shares(in text: String) -> [(row: Int, share: Double)] {
        var common: [Int32: Int] = [:]
        var seen: Set<UInt32> = []
        for hash in Shingles.hashes(of: Array(text.utf8), width: width) {
            let bit = hash >> (32 - Self.bits)
            guard mayBe[Int(bit >> 6)] >> UInt64(bit & 63) & 1 == 1, let found = rows[hash],
                seen.insert(hash).inserted
            else { continue }
            for row in found { common[row, default: 0] += 1 }
        }
        return common.map { (Int($0.key), Double($0.value) / Double(counts[Int($0.key)])) }
    }

    /// The different runs of a row; none where it is shorter than one.
    private static func hashes(of text: String, width: Int) -> Set<UInt32> {
        let bytes = Array(text.utf8)
        // A text that is shorter than a run has one hash, of all of it.
        return Shingles.length(of: bytes) < width
            ? [] : Set(Shingles.hashes(of: bytes, width: width))
    }
}
