// SPDX-License-Identifier: Apache-2.0
import GRDB

extension ResultReader {
    /// What counts of a document's versions.
    package struct NewestVersion: Hashable, Sendable {
        /// Its kind.
        package let kind: String
        /// What it is among them, such as `current`.
        package let standing: String
    }

    /// The newest versions of documents by their keys; keys that no document has are left out.
    package func newestVersions(ofKeys keys: [String]) throws(StoreError) -> [String: NewestVersion]
    {
        var versions: [String: NewestVersion] = [:]
        for key in keys {
            let table = try run(
                """
                SELECT kind, standing FROM documents
                WHERE document_key = ? AND standing <> 'duplicate'
                ORDER BY standing IN ('current', 'withdrawn') DESC, id DESC LIMIT 1
                """, arguments: [key])
            if let row = table.rows.first {
                versions[key] = NewestVersion(kind: row[0].text, standing: row[1].text)
            }
        }
        return versions
    }
}
