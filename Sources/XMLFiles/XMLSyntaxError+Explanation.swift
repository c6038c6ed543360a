// SPDX-License-Identifier: Apache-2.0
package import Faults

extension XMLSyntaxError: Explained {
    /// What the document breaks, and where; the file is the caller's to name.
    package var explanation: String {
        switch self {
        case .malformed(let what, let offset): "not XML: \(what) at byte \(offset)"
        case .declaration(let offset):
            "a document type declaration at byte \(offset), which is never needed and may be an attack"
        case .tooDeep(let limit): "elements nested deeper than \(limit) levels"
        case .tooManyElements(let limit): "more than \(limit) elements"
        case .tooManyAttributes(let limit): "an element with more than \(limit) attributes"
        case .nameTooLong(let offset): "a name that is far too long at byte \(offset)"
        case .tooLarge(let bytes, let limit):
            "\(bytes) bytes of XML, more than the limit of \(limit)"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
