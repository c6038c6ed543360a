// SPDX-License-Identifier: Apache-2.0

/// The columns of a word's features, as text.
///
/// IPADIC's nine are followed by ours: type, code, standard name, source; `*` means none. A field
/// with a comma, a quotation mark or `*` alone stands in quotation marks, with those inside doubled.
enum TermFeatures {
    /// IPADIC's columns.
    static let grammarColumns = 9
    /// IPADIC's columns and ours.
    static let columns = grammarColumns + 4

    /// The features of a term; `grammar` are the nine columns of IPADIC.
    static func text(_ term: DictionaryTerm, grammar: [String]) -> String {
        (grammar + [field(term.type.rawValue)]
            + [term.code, term.standardName, term.source].map { field($0 ?? "") })
            .joined(separator: ",")
    }

    /// The term that features describe; nil if they are not of a dictionary made by Shoken.
    static func term(_ features: some Sequence<UInt8>, surface: String) -> DictionaryTerm? {
        let fields = fields(of: features)
        guard fields.count == columns, let type = TermType(rawValue: fields[grammarColumns] ?? ""),
            let source = fields[columns - 1]
        else { return nil }
        return DictionaryTerm(
            surface: surface, type: type, code: fields[grammarColumns + 1],
            standardName: fields[grammarColumns + 2], source: source)
    }

    /// A field as it stands in a dictionary's source.
    static func field(_ text: String) -> String {
        if text.isEmpty { return "*" }
        guard text == "*" || text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 }) else {
            return text
        }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    /// The fields of features; nil for one that says none.
    static func fields(of features: some Sequence<UInt8>) -> [String?] {
        var fields: [String?] = []
        var field: [UInt8] = []
        var isQuoted = false
        var wasQuoted = false
        var afterQuote = false
        func finished() -> String? {
            if !wasQuoted, field.isEmpty || field == [0x2A] { return nil }
            return String(decoding: field, as: UTF8.self)
        }
        for byte in features {
            if isQuoted {
                if afterQuote {
                    afterQuote = false
                    if byte == 0x22 {
                        field.append(byte)
                        continue
                    }
                    isQuoted = false
                } else if byte == 0x22 {
                    afterQuote = true
                    continue
                } else {
                    field.append(byte)
                    continue
                }
            }
            if byte == 0x2C {
                fields.append(finished())
                field.removeAll(keepingCapacity: true)
                wasQuoted = false
            } else if byte == 0x22, field.isEmpty, !wasQuoted {
                isQuoted = true
                wasQuoted = true
            } else {
                field.append(byte)
            }
        }
        fields.append(finished())
        return fields
    }
}
