// SPDX-License-Identifier: Apache-2.0

/// A media type with its charset, such as `text/plain; charset=Shift_JIS`.
struct MediaType: Hashable {
    /// The type in lower case without parameters; `unknown` for what is none, since it may stand in errors.
    let name: String
    /// The charset as sent.
    let charset: String?

    /// Reads a type as sent; white space and quotes do not matter.
    init(_ text: String) {
        let parts = text.split(separator: ";").map { Self.trimmed(String($0)) }
        // Some examples of JP Core have `urn:ietf:bcp:13#application/pdf`.
        let type = (parts.first ?? "").lowercased().split(separator: "#").last ?? ""
        let isName = type.utf8.count <= 100 && type.unicodeScalars.allSatisfy(Self.isPart)
        name = isName && !type.isEmpty ? String(type) : "unknown"
        charset =
            parts.dropFirst().lazy.compactMap { part -> String? in
                let pair = part.split(separator: "=", maxSplits: 1).map { Self.trimmed(String($0)) }
                guard pair.count == 2, pair[0].lowercased() == "charset", !pair[1].isEmpty else {
                    return nil
                }
                return pair[1]
            }.first
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "/", "+", "-", ".", "_": true
        default: false
        }
    }

    private static func trimmed(_ text: String) -> String {
        String(Array(text).trimmed { $0.isWhitespace || $0 == "\"" || $0 == "'" })
    }

    /// What is to be done with a document of this type.
    enum Form: Int, Comparable {
        case plain, html, rtf, markup, other

        static func < (left: Form, right: Form) -> Bool { left.rawValue < right.rawValue }
    }

    /// How it is read; the order is that in which forms of one document are preferred.
    var form: Form {
        switch name {
        case "text/plain", "text/x-plain", "text": .plain
        case "text/html", "application/xhtml+xml", "text/xhtml": .html
        case "application/rtf", "text/rtf", "application/x-rtf", "text/richtext": .rtf
        case "text/xml", "application/xml", "application/hl7-cda+xml", "application/cda+xml",
            "text/cda+xml", "application/hl7-sda+xml":
            .markup
        default: .other
        }
    }
}
