// SPDX-License-Identifier: Apache-2.0

/// Records with a separator between their fields, the first of them the columns' names.
///
/// `RowFiles.SeparatedValues` reads what commas separate; between tabs it leaves `\` as it stands.
enum SeparatedRecords {
    /// Fields with commas, quotation marks or line breaks stand in quotation marks, which are doubled
    /// inside (RFC 4180). NULL is nothing at all, an empty text `""`.
    case commas
    /// Tab, line feed, carriage return and `\` are written `\t`, `\n`, `\r` and `\\`; NULL and an empty
    /// text are both nothing.
    case tabs

    /// The names of the columns, then each row.
    func records(of table: ResultTable) -> [String] {
        [record(table.columns.map(ResultValue.text))] + table.rows.map(record)
    }

    private func record(_ values: [ResultValue]) -> String {
        switch self {
        // An empty line would be no row to many readers.
        case .commas where values == [.null]: "\"\""
        case .commas: values.map(Self.quoted).joined(separator: ",")
        case .tabs: values.map(Self.escaped).joined(separator: "\t")
        }
    }

    private static func quoted(_ value: ResultValue) -> String {
        guard case .text(let text) = value else { return value.text }
        // By byte: CR LF is one character, and a mark that combines makes one with the comma before it.
        let isSpecial = text.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
            default: false
            }
        }
        guard text.isEmpty || isSpecial else { return text }
        return rewritten(text, ["\"": "\"\""], between: "\"")
    }

    private static func escaped(_ value: ResultValue) -> String {
        rewritten(value.text, ["\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"], between: "")
    }

    private static func rewritten(
        _ text: String, _ replacements: [Unicode.Scalar: String], between mark: String
    ) -> String {
        var written = mark.unicodeScalars
        for scalar in text.unicodeScalars {
            if let replacement = replacements[scalar] {
                written.append(contentsOf: replacement.unicodeScalars)
            } else {
                written.append(scalar)
            }
        }
        written.append(contentsOf: mark.unicodeScalars)
        return String(written)
    }
}
