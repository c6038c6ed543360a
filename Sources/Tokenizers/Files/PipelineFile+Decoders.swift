// SPDX-License-Identifier: Apache-2.0
extension PipelineFile {
    /// The steps of a decoder; a `Sequence` is its steps.
    static func decoders(_ field: TokenizerField) throws(TokenizerError) -> [PieceDecoder] {
        let type = try type(of: field)
        switch type {
        case "Sequence":
            try field.allow(only: ["type", "decoders"])
            var steps: [PieceDecoder] = []
            for element in try field.required("decoders").elements() {
                steps += try decoders(element)
            }
            return steps
        case "ByteLevel":
            _ = try byteLevel(field)
            return [.byteLevel]
        case "ByteFallback", "Fuse":
            try field.allow(only: ["type"])
            return [type == "Fuse" ? .fuse : .byteFallback]
        case "Strip":
            try field.allow(only: ["type", "content", "start", "stop"])
            return [
                .strip(
                    try field.required("content").scalar(),
                    start: try count(try field.required("start")),
                    stop: try count(try field.required("stop")))
            ]
        case "Replace":
            try field.allow(only: ["type", "pattern", "content"])
            return [
                .replace(
                    try pattern(try field.required("pattern")),
                    with: Array(try field.required("content").string().unicodeScalars))
            ]
        case "Metaspace":
            let settings = try metaspace(field)
            return [.metaspace(mark: settings.mark, dropsFirst: settings.scheme != .never)]
        case "WordPiece":
            try field.allow(only: ["type", "prefix", "cleanup"])
            return [
                .wordPiece(
                    prefix: Array(try field.required("prefix").string().unicodeScalars),
                    cleansUp: try field.required("cleanup").bool())
            ]
        case "BPEDecoder":
            try field.allow(only: ["type", "suffix"])
            return [.bpe(suffix: Array(try field.required("suffix").string().unicodeScalars))]
        default: throw try field.required("type").unsupported(type)
        }
    }
}
