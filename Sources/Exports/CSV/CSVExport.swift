// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import ResultStore

/// Tables of documents and findings as comma-separated values, document by document.
package struct CSVExport {
    /// What was written of a table.
    package struct Count: Hashable, Sendable {
        /// Rows without the header.
        package var rows = 0
        /// Characters that the encoding lacks.
        package var lost = 0
    }

    /// Takes bytes of a table.
    package typealias Output = (ExportedTable, Data) throws -> Void

    private let tables: [ExportedTable]
    private let dialect: CSVDialect
    private let withText: Bool
    private let isStrict: Bool

    /// An export of some tables; without text it has neither texts nor sentences of documents. Where it is
    /// strict, a character that the encoding lacks is an error.
    package init(
        of tables: [ExportedTable], dialect: CSVDialect, withText: Bool = true,
        isStrict: Bool = false
    ) {
        (self.tables, self.dialect) = (tables, dialect)
        (self.withText, self.isStrict) = (withText, isStrict)
    }

    /// Writes the documents of a selection; what was written of each table, and what the pass has come to.
    ///
    /// Throws `StoreError`, `ExportError.outsideEncoding`, and what `output` throws.
    package func write(
        _ selection: DocumentSelection, from reader: ResultReader, to output: Output
    ) throws -> (counts: [ExportedTable: Count], pass: DocumentPass) {
        var counts: [ExportedTable: Count] = [:]
        for table in tables {
            counts[table] = Count()
            let columns = table.columns(withText: withText)
            let header = try dialect.records([], columns: columns, withHeader: true).bytes
            try output(table, dialect.mark + header)
        }
        let pass = try reader.eachDocument(of: selection) { document in
            for table in tables {
                let rows = table.rows(of: document, withText: withText)
                guard !rows.isEmpty else { continue }
                let columns = table.columns(withText: withText)
                let (bytes, lost) = try dialect.records(rows, columns: columns, withHeader: false)
                if isStrict, lost > 0 {
                    throw ExportError.outsideEncoding(
                        document: document.id, table: table.rawValue, characters: lost)
                }
                counts[table, default: Count()].rows += rows.count
                counts[table, default: Count()].lost += lost
                try output(table, bytes)
            }
        }
        return (counts, pass)
    }
}
