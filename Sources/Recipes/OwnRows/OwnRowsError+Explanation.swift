// SPDX-License-Identifier: Apache-2.0
package import Faults

extension OwnRowsError: Explained {
    /// The file and line of each row that is named, and what is right there; never its text.
    package var explanation: String {
        switch self {
        case .rows(let file, let rows, let count):
            let named = rows.map { "\(file), line \($0.line): \($0.fault.explanation)" }
            let more = count > rows.count ? ["and \(count - rows.count) more"] : []
            return (named + more).joined(separator: "; ")
        case .column(let file, let column, let known):
            return known.isEmpty
                ? "\(file): the first line names no column \(column)"
                : "\(file): the column \(column) means nothing; columns are "
                    + known.joined(separator: ", ")
        case .repeatedColumn(let file, let line, let column):
            return "\(file), line \(line): the column \(column) stands twice"
        case .table(let file, let line):
            return "\(file), line \(line): a quotation mark is out of place"
        case .unreadable(let file, let detail): return "\(file): \(detail)"
        case .unknownKind(let file): return "\(file): rows are in .jsonl, .csv, .tsv or .txt"
        case .nothing(let file, let task):
            return
                "\(file): no row says anything of \(task.rawValue), which the recipe reads it for"
        case .noRows(let task):
            return "no row is left to learn \(task) from; give rows of it, or say \(task) = false"
        case .noGoldenRows(let fold):
            return
                "no row of one's own in fold \(fold), which is held out, has spans of all types, "
                + "or tnm; a golden set needs one"
        }
    }

    /// The rows are at fault.
    package var disposition: Disposition { .badData }
}

extension OwnRowFault: Explained {
    /// What is wrong with a row; file and line are the caller's to name.
    package var explanation: String {
        switch self {
        case .notARow: return "not a JSON object"
        case .type(let field): return "\(field) is of another type"
        case .missing(let field): return "\(field) is missing or empty"
        case .repeated(let field): return "\(field) stands twice"
        case .unknownField(let field, let known):
            let names = known.isEmpty ? "" : "; known are \(known.joined(separator: ", "))"
            return "\(field) means nothing" + names
        case .value(let field, let expected): return "\(field) must be \(expected)"
        case .overlap: return "two of spans overlap"
        case .fieldCount(let found, let expected):
            return "\(found) fields instead of \(expected)"
        }
    }

    /// The row is at fault.
    package var disposition: Disposition { .badData }
}
