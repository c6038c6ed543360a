// SPDX-License-Identifier: Apache-2.0

/// How alike a document is to an earlier one of the same kind.
package struct Similarity: Hashable, Codable, Sendable {
    /// Row of the earlier document in the database.
    package let otherDocument: Int64
    /// 0 (not alike) to 5 (same meaning), as in JCSTS.
    package let level: Int
    /// Probability of that level, 0 to 1.
    package let score: Double
    /// What it rests on, as named measures (no text).
    package let evidence: [String: Double]

    /// A similarity.
    package init(otherDocument: Int64, level: Int, score: Double, evidence: [String: Double]) {
        self.otherDocument = otherDocument
        self.level = level
        self.score = score
        self.evidence = evidence
    }
}
