// SPDX-License-Identifier: Apache-2.0
package import Faults

extension JSONSyntaxError: Explained {
    /// What the text breaks; the file is the caller's to name.
    package var explanation: String {
        switch self {
        case .malformed:
            "not JSON, or nested deeper than \(JSONValue.depthLimit) levels"
        case .tooLarge(let count, let limit):
            "JSON of \(count) values, more than the limit of \(limit)"
        case .duplicate(let name): "the name \(name.debugDescription) stands twice in one object"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
