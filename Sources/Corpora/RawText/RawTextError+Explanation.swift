// SPDX-License-Identifier: Apache-2.0
package import Faults

extension RawTextError: Explained {
    /// The file and its line; never the text.
    package var explanation: String {
        switch self {
        case .notUTF8(let file, let line):
            "\(file): the document at line \(line) is no valid UTF-8"
        case .malformed(let file, let line, let expected):
            "\(file): line \(line) is not \(expected)"
        case .missingField(let file, let line, let field):
            "\(file): line \(line) has no string in its field \(field)"
        case .tooLong(let file, let line, let limit):
            "\(file): the document at line \(line) is longer than \(limit) bytes"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
