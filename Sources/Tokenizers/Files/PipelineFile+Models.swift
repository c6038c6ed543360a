// SPDX-License-Identifier: Apache-2.0
import JSONFiles

extension PipelineFile {
    /// The model, whose type older files leave to be guessed from its fields.
    ///
    /// `isByteLevel` says whether it is given the characters of `ByteAlphabet` only.
    static func model(
        _ field: TokenizerField, isByteLevel: Bool
    ) throws(TokenizerError) -> any PieceModel {
        let type =
            if let named = try field.string("type") { named } else { try guessedType(field) }
        switch type {
        case "BPE": return try bpe(field, isByteLevel: isByteLevel)
        case "Unigram": return try unigram(field)
        case "WordPiece": return try wordPiece(field)
        case "WordLevel":
            try field.allow(only: ["type", "vocab", "unk_token"])
            let vocabulary = try vocabulary(try field.required("vocab"))
            return WordLevelModel(
                vocabulary: vocabulary,
                unknown: try piece(try field.required("unk_token"), vocabulary))
        default: throw try field.required("type").unsupported(type)
        }
    }

    private static func guessedType(_ field: TokenizerField) throws(TokenizerError) -> String {
        if try field.optional("merges") != nil { return "BPE" }
        if let vocabulary = try field.optional("vocab"), case .array = vocabulary.value {
            return "Unigram"
        }
        return try field.optional("max_input_chars_per_word") != nil ? "WordPiece" : "WordLevel"
    }

    /// An object of pieces and their ids.
    ///
    /// Its elements are named by their place in the file.
    private static func vocabulary(
        _ field: TokenizerField
    ) throws(TokenizerError) -> PieceVocabulary {
        let members = try field.members()
        guard !members.isEmpty else { throw field.missing }
        guard members.count <= PieceVocabulary.idLimit else {
            throw .tooLarge(
                file: field.file, field: field.path, count: members.count,
                limit: PieceVocabulary.idLimit)
        }
        var pieces: [String?] = []
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(members.count)
        for (index, member) in members.enumerated() {
            let element = field.element(member.value, index)
            let id = Int(try id(element))
            try check(length: member.name, element)
            guard seen.insert(Array(member.name.utf8)).inserted else {
                throw .duplicate(file: field.file, field: element.path)
            }
            while pieces.count <= id { pieces.append(nil) }
            guard pieces[id] == nil else {
                throw .duplicate(file: field.file, field: element.path)
            }
            pieces[id] = member.name
        }
        return PieceVocabulary(pieces)
    }

    private static func check(
        length piece: String, _ field: TokenizerField
    ) throws(TokenizerError) {
        guard piece.utf8.count <= UnigramVocabulary.pieceByteLimit else {
            throw .tooLarge(
                file: field.file, field: field.path, count: piece.utf8.count,
                limit: UnigramVocabulary.pieceByteLimit)
        }
    }

    /// The id of the piece that a field names.
    private static func piece(
        _ field: TokenizerField, _ vocabulary: PieceVocabulary
    ) throws(TokenizerError) -> Int32 {
        guard let id = vocabulary.id(of: try field.string().utf8) else { throw field.malformed }
        return id
    }

    private static func wordPiece(_ field: TokenizerField) throws(TokenizerError) -> WordPieceModel
    {
        try field.allow(only: [
            "type", "vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word",
        ])
        let vocabulary = try vocabulary(try field.required("vocab"))
        return WordPieceModel(
            vocabulary: vocabulary,
            unknown: try piece(try field.required("unk_token"), vocabulary),
            prefix: try field.required("continuing_subword_prefix").string(),
            wordLimit: try count(try field.required("max_input_chars_per_word")))
    }

    private static func bpe(
        _ field: TokenizerField, isByteLevel: Bool
    ) throws(TokenizerError) -> BPEModel {
        try field.allow(only: [
            "type", "vocab", "merges", "dropout", "unk_token", "continuing_subword_prefix",
            "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges",
        ])
        if let dropout = try field.optional("dropout"), try dropout.number() != 0 {
            throw dropout.unsupported("random")
        }
        let vocabulary = try vocabulary(try field.required("vocab"))
        var settings = BPEModel.Settings()
        if let unknown = try field.optional("unk_token") {
            settings.unknown = vocabulary.id(of: try unknown.string().utf8)
            // Where every byte is a piece, there is nothing unknown to a byte-level tokenizer.
            guard settings.unknown != nil || (isByteLevel && vocabulary.hasAllBytes) else {
                throw unknown.malformed
            }
        }
        settings.fusesUnknown = try field.bool("fuse_unk") ?? false
        settings.hasByteFallback = try field.bool("byte_fallback") ?? false
        settings.ignoresMerges = try field.bool("ignore_merges") ?? false
        settings.continuingPrefix = try field.string("continuing_subword_prefix") ?? ""
        settings.wordSuffix = try field.string("end_of_word_suffix") ?? ""
        return BPEModel(
            vocabulary: vocabulary,
            merges: try merges(
                try field.required("merges"), vocabulary, prefix: settings.continuingPrefix),
            settings: settings)
    }

    /// The merges, as `"a b"` or as `["a", "b"]`.
    ///
    /// What two pieces merge into is longer than both, so no list of merges can go in circles.
    private static func merges(
        _ field: TokenizerField, _ vocabulary: PieceVocabulary, prefix: String
    ) throws(TokenizerError) -> MergeTable {
        let values = try field.values()
        guard values.count <= PieceVocabulary.idLimit else {
            throw .tooLarge(
                file: field.file, field: field.path, count: values.count,
                limit: PieceVocabulary.idLimit)
        }
        var table = MergeTable(capacity: values.count)
        for (index, value) in values.enumerated() {
            guard let (left, right) = pair(value) else {
                throw field.element(value, index).malformed
            }
            guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
                !left.isEmpty, right.count > prefix.utf8.count,
                right.starts(with: prefix.utf8),
                let id = vocabulary.id(of: left + right.dropFirst(prefix.utf8.count))
            else { throw field.element(value, index).malformed }
            table.insert(leftID, rightID, MergeTable.Merge(rank: Int32(index), id: id))
        }
        return table
    }

    private static func pair(_ value: JSONValue) -> (left: [UInt8], right: [UInt8])? {
        switch value {
        case .string(let text):
            let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
            return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
        case .array(let values):
            guard values.count == 2, case .string(let left) = values[0],
                case .string(let right) = values[1]
            else { return nil }
            return (Array(left.utf8), Array(right.utf8))
        default: return nil
        }
    }

    private static func unigram(_ field: TokenizerField) throws(TokenizerError) -> UnigramModel {
        try field.allow(only: ["type", "vocab", "unk_id", "byte_fallback"])
        var pieces: [UnigramVocabulary.Piece] = []
        for element in try field.required("vocab").elements() {
            let parts = try element.elements()
            guard parts.count == 2 else { throw element.malformed }
            pieces.append(
                UnigramVocabulary.Piece(
                    text: try parts[0].string(), score: try parts[1].number()))
        }
        // Checks the pieces and their scores.
        let unknown = try field.required("unk_id").integer()
        try UnigramVocabulary.check(pieces: pieces, unknown: unknown, file: field.file)
        return UnigramModel(
            pieces: pieces.map(\.text), scores: pieces.map(\.score), unknown: Int32(unknown),
            hasByteFallback: try field.bool("byte_fallback") ?? false)
    }
}
