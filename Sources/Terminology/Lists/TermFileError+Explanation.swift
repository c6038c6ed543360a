// SPDX-License-Identifier: Apache-2.0
package import Faults

extension TermFileError: Explained {
    /// File, line and field, and what is allowed there.
    package var explanation: String {
        switch self {
        case .empty(let file): "\(file): there is no row"
        case .undecodable(let file, let line, let offset):
            "\(file):\(line): byte \(offset) is not valid in the encoding that the file seems to be in"
        case .binary(let file, let line, let offset):
            "\(file):\(line): a control character at byte \(offset): this is not a text file"
        case .unknownFormat(let file):
            "\(file):1: the first line names the columns of no layout known here; say which with "
                + "--format (" + TermFileFormat.allCases.map(\.rawValue).joined(separator: ", ")
                + ")"
        case .missingColumn(let file, let column):
            "\(file):1: the column \(column) is missing"
        case .repeatedColumn(let file, let column):
            "\(file):1: the column \(column) stands twice"
        case .rowTooLong(let file, let line, let limit):
            "\(file):\(line): the row is longer than \(limit) bytes"
        case .quotation(let file, let line, let column):
            "\(file):\(line): the quotation mark of field \(column) is not closed, or something "
                + "follows the closing one"
        case .fieldCount(let file, let line, let expected, let found):
            "\(file):\(line): the row has \(found) fields, at least \(expected) are needed"
        case .value(let file, let line, let column, let name, let allowed):
            "\(file):\(line): field \(column) (\(name)) must be \(allowed)"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
