// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// One JSON object a row, its members in the order of the columns.
enum JSONRecords {
    /// The rows as objects.
    ///
    /// Throws `StoreError.statement` for two columns of one name, of which a reader would keep one, and
    /// for a number that JSON cannot hold.
    static func records(of table: ResultTable) throws(StoreError) -> [String] {
        var names: Set<String> = []
        for name in table.columns where !names.insert(name).inserted {
            throw .statement(detail: "two columns are named \(name); give each its name with AS")
        }
        var records: [String] = []
        for row in table.rows {
            var members: [JSONValue.Member] = []
            for (name, value) in zip(table.columns, row) {
                members.append(.init(name: name, value: try json(value, column: name)))
            }
            records.append(JSONValue.object(members).text)
        }
        return records
    }

    private static func json(
        _ value: ResultValue, column: String
    ) throws(StoreError) -> JSONValue {
        switch value {
        case .null: return .null
        case .integer(let integer): return .integer(Int(integer))
        case .text(let text): return .string(text)
        case .real(let number):
            guard number.isFinite else {
                throw .statement(detail: "a number in \(column) is not finite; JSON has none such")
            }
            return .number(number)
        }
    }
}
