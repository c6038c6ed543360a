// SPDX-License-Identifier: Apache-2.0
extension PipelineFile {
    /// The steps of a pre-tokeniser; a `Sequence` is its steps.
    static func preTokenizers(_ field: TokenizerField) throws(TokenizerError) -> [PreTokenizer] {
        let type = try type(of: field)
        switch type {
        case "Sequence":
            try field.allow(only: ["type", "pretokenizers"])
            var steps: [PreTokenizer] = []
            for element in try field.required("pretokenizers").elements() {
                steps += try preTokenizers(element)
            }
            return steps
        case "Split": return [try split(field)]
        case "ByteLevel":
            let settings = try byteLevel(field)
            return [.byteLevel(addsSpace: settings.addsSpace, splits: settings.splits)]
        case "Metaspace":
            let settings = try metaspace(field)
            return [
                .metaspace(mark: settings.mark, settings.scheme, splits: settings.splits)
            ]
        case "Whitespace", "WhitespaceSplit", "BertPreTokenizer":
            try field.allow(only: ["type"])
            return [
                type == "Whitespace"
                    ? .whitespace : type == "WhitespaceSplit" ? .whitespaceSplit : .bert
            ]
        case "Digits":
            try field.allow(only: ["type", "individual_digits"])
            return [.digits(individual: try field.required("individual_digits").bool())]
        case "Punctuation":
            try field.allow(only: ["type", "behavior"])
            return [.punctuation(try field.optional("behavior").map(behavior) ?? .isolated)]
        case "CharDelimiterSplit":
            try field.allow(only: ["type", "delimiter"])
            return [.delimiter(try field.required("delimiter").scalar())]
        default: throw try field.required("type").unsupported(type)
        }
    }

    private static func split(_ field: TokenizerField) throws(TokenizerError) -> PreTokenizer {
        try field.allow(only: ["type", "pattern", "behavior", "invert"])
        return .split(
            try pattern(try field.required("pattern")),
            try behavior(try field.required("behavior")),
            inverted: try field.required("invert").bool())
    }

    private static func behavior(_ field: TokenizerField) throws(TokenizerError) -> SplitBehavior {
        let name = try field.string()
        guard let behavior = SplitBehavior(rawValue: name) else {
            throw field.unsupported(name)
        }
        return behavior
    }

    /// The settings of a `ByteLevel`, wherever it stands.
    static func byteLevel(
        _ field: TokenizerField
    ) throws(TokenizerError) -> (addsSpace: Bool, trims: Bool, splits: Bool) {
        try field.allow(only: ["type", "add_prefix_space", "trim_offsets", "use_regex"])
        return (
            try field.required("add_prefix_space").bool(),
            try field.required("trim_offsets").bool(),
            try field.bool("use_regex") ?? true
        )
    }

    /// The settings of a `Metaspace`, wherever it stands, older files' included.
    static func metaspace(
        _ field: TokenizerField
    ) throws(TokenizerError) -> (
        mark: Unicode.Scalar, scheme: PreTokenizer.PrependScheme, splits: Bool
    ) {
        try field.allow(only: [
            "type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split",
        ])
        let mark = try field.required("replacement").scalar()
        let splits = try field.bool("split") ?? true
        let adds = try field.optional("add_prefix_space")?.bool()
        guard let scheme = try field.optional("prepend_scheme") else {
            return (mark, adds == false ? .never : .always, splits)
        }
        let name = try scheme.string()
        guard let scheme = PreTokenizer.PrependScheme(rawValue: name) else {
            throw try field.required("prepend_scheme").unsupported(name)
        }
        if adds == false, scheme != .never {
            throw try field.required("add_prefix_space").malformed
        }
        return (mark, scheme, splits)
    }
}
