// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
import GRDB

/// What a large model elsewhere has answered about one document.
package struct BatchResult: Sendable {
    /// The document's row.
    package let document: Int64
    /// What it found.
    package let findings: Findings

    /// A result.
    package init(document: Int64, findings: Findings) {
        (self.document, self.findings) = (document, findings)
    }
}

extension ResultDatabase {
    /// Keeps results of a run beside those that count, in one transaction, and says how many are new.
    ///
    /// What the run has said of a document already stays, and a document that is gone gets nothing.
    package func keep(
        _ results: [BatchResult], by maker: ResultMaker, at date: Date
    ) throws(StoreError) -> Int {
        try write { database in
            let known = try Int64.fetchOne(
                database, sql: "SELECT id FROM runs WHERE key = ?", arguments: [maker.run.key])
            let new = try results.filter { result in
                try Bool.fetchOne(
                    database,
                    sql: """
                        SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?1) AND NOT EXISTS
                          (SELECT 1 FROM run_results WHERE document_id = ?1 AND run_id = ?2)
                        """, arguments: [result.document, known]) ?? false
            }
            guard !new.isEmpty else { return 0 }
            let model = try modelRow(maker, at: date, in: database)
            let run = try runRow(maker, of: model, documents: new.count, at: date, in: database)
            for result in new {
                try database.execute(
                    sql: """
                        INSERT INTO run_results (document_id, run_id, read_at, kept_at, results)
                        VALUES (?1, ?2, ?3, ?3, ?4)
                        """,
                    arguments: [
                        result.document, run, timestamp(date),
                        jsonText(KeptResults(result.findings, by: maker)),
                    ])
            }
            return new.count
        }
    }
}
