// SPDX-License-Identifier: Apache-2.0
package import Faults

extension SchemaError: Explained {
    /// The file and the path of the field.
    package var explanation: String {
        let words =
            switch fault {
            case .notJSON: "is not JSON"
            case .unsupportedKeyword:
                "is not supported; see `shokenctl model generate --help` for what is"
            case .wrongValue: "is missing or has a wrong value"
            case .tooDeep(let limit): "stands deeper than \(limit) levels"
            case .tooMany(let limit): "is more than \(limit)"
            case .duplicate: "stands twice"
            }
        return "\(file): \(field) \(words)"
    }

    /// The schema is at fault.
    package var disposition: Disposition { .badData }
}

extension GrammarError: Explained {
    /// What is wrong with the schema, or with it and the document together.
    package var explanation: String {
        switch self {
        case .tooLarge(let limit):
            "the schema has more than \(limit) states; lower its lengths and counts"
        case .ambiguous: "a substring of the document and another text may begin alike"
        case .noText: "no text can follow; is the document empty?"
        case .noDocument: "the schema asks for substrings of a document; name it with --within"
        }
    }

    /// Schema or document is at fault, or the document was not named.
    package var disposition: Disposition { self == .noDocument ? .usage : .badData }
}
