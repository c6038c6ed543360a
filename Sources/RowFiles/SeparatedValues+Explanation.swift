// SPDX-License-Identifier: Apache-2.0
package import Faults

extension SeparatedValues.Malformed: Explained {
    /// The line; the file is the caller's to name.
    package var explanation: String {
        switch self {
        case .quotation(let line, let column):
            "line \(line), column \(column): a quotation mark is not closed, or something follows the closing one"
        case .rowTooLong(let line, let limit):
            "line \(line): a row of more than \(limit) bytes"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
