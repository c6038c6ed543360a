// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ExportError: Explained {
    /// What stands in the way; never a document's text.
    package var explanation: String {
        switch self {
        case .exists(let file): "\(file) is there already; --force replaces it"
        case .folderInUse(let folder):
            "the folder \(folder) is not empty; --force replaces files of the same names in it"
        case .outsideEncoding(let document, let table, let characters):
            "\(table), document \(document): \(characters) characters are not in the encoding"
        case .file(let error): error.explanation
        }
    }

    /// What is there is not overwritten, and what the encoding lacks is in the data.
    package var disposition: Disposition {
        switch self {
        case .exists, .folderInUse: .cannotCreate
        case .outsideEncoding: .badData
        case .file(let error): error.disposition
        }
    }
}
