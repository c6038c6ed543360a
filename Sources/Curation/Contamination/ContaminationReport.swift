// SPDX-License-Identifier: Apache-2.0

/// The findings of all rows over a corpus, whatever order its documents are looked at in.
package struct ContaminationReport: Sendable {
    /// For each row, the most that was found of it.
    package private(set) var findings: [ContaminationSearch.Finding]

    /// A report on so many rows, of which nothing was found yet.
    package init(rows: Int) {
        findings = .init(repeating: .init(share: 0, document: nil), count: rows)
    }

    /// Takes what was found in a document; of equal shares the first document's counts.
    package mutating func add(_ shares: [(row: Int, share: Double)], document: Int) {
        for (row, share) in shares {
            let known = findings[row]
            guard share > known.share || share == known.share && document < known.document ?? .max
            else { continue }
            findings[row] = .init(share: share, document: document)
        }
    }
}
