// SPDX-License-Identifier: Apache-2.0
extension PipelineFile {
    /// Adds what a post-processor does to what those before it do; `count` is the number of ids.
    static func read(
        postProcessor field: TokenizerField, into result: inout PostProcessing, count: Int
    ) throws(TokenizerError) {
        let type = try type(of: field)
        switch type {
        case "Sequence":
            try field.allow(only: ["type", "processors"])
            for element in try field.required("processors").elements() {
                try read(postProcessor: element, into: &result, count: count)
            }
        case "ByteLevel":
            let settings = try byteLevel(field)
            if settings.trims { result.trims.append(settings.addsSpace) }
        case "BertProcessing":
            try field.allow(only: ["type", "sep", "cls"])
            try surround(field, &result, count)
        case "RobertaProcessing":
            try field.allow(only: ["type", "sep", "cls", "trim_offsets", "add_prefix_space"])
            let keepsFirst = try field.required("add_prefix_space").bool()
            if try field.required("trim_offsets").bool() { result.trims.append(keepsFirst) }
            try surround(field, &result, count)
        case "TemplateProcessing":
            try field.allow(only: ["type", "single", "pair", "special_tokens"])
            try read(template: field, into: &result, count: count)
        default: throw try field.required("type").unsupported(type)
        }
    }

    private static func surround(
        _ field: TokenizerField, _ result: inout PostProcessing, _ count: Int
    ) throws(TokenizerError) {
        result.before.insert(try namedID(try field.required("cls"), count), at: 0)
        result.after.append(try namedID(try field.required("sep"), count))
    }

    /// The id of `["[CLS]", 2]`.
    private static func namedID(
        _ field: TokenizerField, _ count: Int
    ) throws(TokenizerError) -> Int32 {
        let elements = try field.elements()
        guard elements.count == 2 else { throw field.malformed }
        _ = try elements[0].string()
        return try existing(elements[1], count)
    }

    private static func existing(
        _ field: TokenizerField, _ count: Int
    ) throws(TokenizerError) -> Int32 {
        let id = try field.integer()
        guard id >= 0, id < count else {
            throw .outOfRange(file: field.file, field: field.path, value: id, count: count)
        }
        return Int32(id)
    }

    private static func read(
        template field: TokenizerField, into result: inout PostProcessing, count: Int
    ) throws(TokenizerError) {
        let single = try field.required("single")
        let tokens = try field.optional("special_tokens")
        var before: [Int32] = []
        var after: [Int32] = []
        var hasText = false
        for part in try single.elements() {
            try part.allow(only: ["SpecialToken", "Sequence"])
            if let sequence = try part.optional("Sequence") {
                let name = try sequence.required("id")
                guard try name.string() == "A" else { throw name.malformed }
                guard !hasText else { throw .duplicate(file: part.file, field: part.path) }
                hasText = true
            } else {
                let name = try part.required("SpecialToken").required("id")
                guard let token = try tokens?.optional(try name.string()) else {
                    throw name.missing
                }
                for id in try token.required("ids").elements() {
                    let id = try existing(id, count)
                    if hasText { after.append(id) } else { before.append(id) }
                }
            }
        }
        guard hasText else { throw single.malformed }
        result.before = before + result.before
        result.after += after
    }
}
