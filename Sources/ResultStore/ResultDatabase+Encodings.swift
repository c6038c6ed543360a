// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

extension ResultDatabase {
    /// The most documents of a kind that tell what its files are in.
    private static let mostOfEncodings = 1000

    /// In which encodings the last documents of a kind came whose files do not say it themselves, and how
    /// many in each.
    package func encodings(ofKind kind: DocumentKind) throws(StoreError) -> [String: Int] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT encoding, count(*) FROM (
                      SELECT encoding FROM documents
                      WHERE kind = ? AND format IN ('txt', 'jsonl', 'csv')
                      ORDER BY processed_at DESC LIMIT ?)
                    GROUP BY encoding
                    """,
                arguments: [kind.rawValue, Self.mostOfEncodings])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }
}
