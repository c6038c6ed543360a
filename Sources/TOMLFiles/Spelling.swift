// SPDX-License-Identifier: Apache-2.0

/// How much words are spelt alike.
package enum Spelling {
    /// The word that needs the fewest changes of letters; nil where each needs too many.
    package static func nearest(to word: String, among known: [String]) -> String? {
        let allowed = max(1, word.count / 3)
        return known.map { (word: $0, changes: changes(word, $0)) }
            .filter { $0.changes <= allowed }
            .min { ($0.changes, $0.word) < ($1.changes, $1.word) }?.word
    }

    /// Letters to add, take away, replace or swap with their neighbours (Damerau and Levenshtein,
    /// each letter changed at most once).
    private static func changes(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left), Array(right))
        var rows = [Array(0...b.count)]
        for i in 1..<a.count + 1 {
            var row = [i]
            for j in 1..<b.count + 1 {
                var least = min(
                    rows[i - 1][j] + 1, row[j - 1] + 1,
                    rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    least = min(least, rows[i - 2][j - 2] + 1)
                }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
