// SPDX-License-Identifier: Apache-2.0

/// How two sequences line up.
struct SequenceAlignment {
    /// Fewest insertions, deletions and replacements that turn one into the other.
    let editDistance: Int
    /// Length of the longest common subsequence.
    let commonSubsequence: Int
    /// Length of the longest common run.
    let commonSubstring: Int

    /// Compares two sequences; of each only the first `limit` elements, because time grows with the
    /// product of the lengths.
    init<Element: Equatable>(_ a: [Element], _ b: [Element], limit: Int = 1000) {
        let (a, b) = (a.prefix(limit), b.prefix(limit))
        var edits = Array(0...b.count)
        var subsequences = [Int](repeating: 0, count: b.count + 1)
        var runs = subsequences
        var longestRun = 0
        for (row, left) in a.enumerated() {
            var (oldEdit, oldSubsequence, oldRun) = (edits[0], 0, 0)
            edits[0] = row + 1
            for (column, right) in b.enumerated() {
                let next = column + 1
                let (edit, subsequence, run) = (edits[next], subsequences[next], runs[next])
                let same = left == right
                edits[next] = min(oldEdit + (same ? 0 : 1), edit + 1, edits[column] + 1)
                subsequences[next] =
                    same ? oldSubsequence + 1 : max(subsequence, subsequences[column])
                runs[next] = same ? oldRun + 1 : 0
                longestRun = max(longestRun, runs[next])
                (oldEdit, oldSubsequence, oldRun) = (edit, subsequence, run)
            }
        }
        editDistance = edits[b.count]
        commonSubsequence = subsequences[b.count]
        commonSubstring = longestRun
    }
}
