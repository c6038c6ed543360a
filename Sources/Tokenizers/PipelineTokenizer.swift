// SPDX-License-Identifier: Apache-2.0

/// A tokenizer as a `tokenizer.json` lists its parts: added tokens, normaliser, pre-tokeniser, model,
/// post-processor, decoder.
///
/// Agrees with the Hugging Face `tokenizers` library, version 0.23.3, on ids, pieces, offsets and
/// decoded text. Memory and time grow with the text; of its regular expressions only those without
/// a scanner of their own may take longer.
struct PipelineTokenizer: TextTokenizer {
    /// The parts.
    struct Parts: Sendable {
        var addedTokens: [AddedToken] = []
        var normalizers: [Normalizer] = []
        var preTokenizers: [PreTokenizer] = []
        var model: any PieceModel
        var postProcessing = PostProcessing()
        /// nil where the file has none: pieces are then joined with spaces.
        var decoders: [PieceDecoder]?
    }

    let parts: Parts
    let vocabularySize: Int
    private let raw: AddedTokenMatcher
    private let normalized: AddedTokenMatcher
    /// Contents of added tokens as decoding writes them: normalised where they are looked for so.
    private let shown: [Int32: String]
    private let specialContents: Set<[UInt8]>

    /// A tokenizer of parts that fit each other.
    init(_ parts: Parts) {
        self.parts = parts
        // Special tokens first, as the library looks for them.
        let tokens =
            parts.addedTokens.filter(\.isSpecial) + parts.addedTokens.filter { !$0.isSpecial }
        let early = tokens.filter { !$0.isNormalized }
        let late = tokens.filter(\.isNormalized)
        let lateContents = late.map { Self.normalized($0.content, parts.normalizers) }
        raw = AddedTokenMatcher(early, contents: early.map(\.content))
        normalized = AddedTokenMatcher(late, contents: lateContents)
        var shown: [Int32: String] = [:]
        for token in early { shown[token.id] = token.content }
        for (token, content) in zip(late, lateContents) { shown[token.id] = content }
        self.shown = shown
        specialContents = Set(
            tokens.filter(\.isSpecial).compactMap { shown[$0.id].map { Array($0.utf8) } })
        vocabularySize = max(
            parts.model.vocabulary.pieces.count,
            (parts.addedTokens.map { Int($0.id) }.max() ?? -1) + 1)
    }

    /// A token's content as the normaliser writes it.
    static func normalized(_ content: String, _ normalizers: [Normalizer]) -> String {
        var text = NormalizedText(content.unicodeScalars)
        for normalizer in normalizers { normalizer.apply(to: &text) }
        return text.scalars.text
    }

    var tokensBefore: [Int32] { parts.postProcessing.before }
    var tokensAfter: [Int32] { parts.postProcessing.after }

    /// Unigram models alone: their pieces need no mark of a word's start, and no bytes.
    var wordTokenizer: (any TextTokenizer)? {
        guard parts.model is UnigramModel else { return nil }
        var parts = parts
        parts.preTokenizers = []
        return PipelineTokenizer(parts)
    }

    func piece(of id: Int32) -> String? {
        shown[id] ?? parts.model.vocabulary.piece(of: id)
    }

    func id(of piece: String) -> Int32? {
        let added = parts.addedTokens.first { $0.content.utf8.elementsEqual(piece.utf8) }
        return added?.id ?? parts.model.vocabulary.id(of: piece.utf8)
    }

    func decode(_ ids: [Int32], skippingSpecial: Bool) -> String {
        let pieces = ids.compactMap { piece(of: $0) }.filter {
            !skippingSpecial || !specialContents.contains(Array($0.utf8))
        }
        let scalars = pieces.map { Array($0.unicodeScalars) }
        guard let decoders = parts.decoders else {
            return Array(scalars.joined(separator: [" "])).text
        }
        let decoded = decoders.reduce(scalars) { $1.apply(to: $0) }
        return Array(decoded.joined()).text
    }

    func encode(_ text: String) -> [TokenPiece] {
        var pieces: [TokenPiece] = []
        for part in split(text) {
            switch part {
            case .token(let token, let text):
                let source = text.source(of: 0..<text.scalars.count)
                pieces.append(
                    TokenPiece(
                        id: token.id, piece: text.scalars.text, start: source.lowerBound,
                        end: source.upperBound))
            case .text(let text):
                for word in preTokens(of: text) { append(word, to: &pieces) }
            }
        }
        return parts.postProcessing.trim(pieces)
    }

    func ids(in text: String) -> [Int32] {
        var ids: [Int32] = []
        var tokens: [ModelToken] = []
        forEachWord(of: text) { part in
            switch part {
            case .token(let id): ids.append(id)
            case .word(let word):
                tokens.removeAll(keepingCapacity: true)
                parts.model.append(tokensOf: Array(word.scalars.text.utf8), to: &tokens)
                for token in tokens { ids.append(token.id) }
            }
        }
        return ids
    }

    /// An added token, or a pre-token.
    enum WordPart {
        case token(Int32)
        case word(NormalizedText)
    }

    /// Calls `body` for each added token and each pre-token of a text that begins at scalar
    /// `offset` of a longer one.
    @inline(__always)
    func forEachWord(of text: String, offset: Int = 0, _ body: (WordPart) -> Void) {
        for part in split(text, offset: offset) {
            switch part {
            case .token(let token, _): body(.token(token.id))
            case .text(let text): for word in preTokens(of: text) { body(.word(word)) }
            }
        }
    }

    /// A stretch of a text: an added token, or normalised text between them.
    private enum Part {
        case token(AddedToken, NormalizedText)
        case text(NormalizedText)
    }

    private func split(_ text: String, offset: Int = 0) -> [Part] {
        var result: [Part] = []
        let whole = NormalizedText(text.unicodeScalars, offset: offset)
        for stretch in raw.stretches(of: whole.scalars) {
            var part = NormalizedText(whole, stretch.range)
            if let token = stretch.token {
                result.append(.token(token, part))
                continue
            }
            for normalizer in parts.normalizers { normalizer.apply(to: &part) }
            for stretch in normalized.stretches(of: part.scalars) {
                let slice = NormalizedText(part, stretch.range)
                result.append(stretch.token.map { .token($0, slice) } ?? .text(slice))
            }
        }
        return result
    }

    private func preTokens(of text: NormalizedText) -> [NormalizedText] {
        parts.preTokenizers.reduce([text]) { $1.apply(to: $0) }
    }

    private func append(_ word: NormalizedText, to pieces: inout [TokenPiece]) {
        var bytes: [UInt8] = []
        // The scalar that each byte is part of.
        var scalarOfByte: [Int] = []
        for (index, scalar) in word.scalars.enumerated() {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                bytes.append(byte)
                scalarOfByte.append(index)
            }
        }
        guard !bytes.isEmpty else { return }
        var tokens: [ModelToken] = []
        parts.model.append(tokensOf: bytes, to: &tokens)
        for token in tokens {
            let range = Int(token.start)..<min(Int(token.end), bytes.count)
            let first = scalarOfByte[min(range.lowerBound, bytes.count - 1)]
            let last = range.isEmpty ? first : scalarOfByte[range.upperBound - 1]
            let source = word.source(of: first..<last + 1)
            pieces.append(
                TokenPiece(
                    id: token.id,
                    piece: token.showsText
                        ? String(decoding: bytes[range], as: UTF8.self)
                        : parts.model.vocabulary.piece(of: token.id) ?? "",
                    start: source.lowerBound, end: source.upperBound))
        }
    }

    var summary: TokenizerSummary {
        TokenizerSummary(
            source: "tokenizer.json", model: parts.model.summary,
            normalizer: parts.normalizers.map(\.summary),
            preTokenizer: parts.preTokenizers.map(\.summary),
            decoder: (parts.decoders ?? []).map(\.summary),
            specialTokens: parts.addedTokens.filter(\.isSpecial).sorted { $0.id < $1.id }.map {
                TokenizerSummary.SpecialToken(id: $0.id, content: $0.content)
            },
            vocabularySize: vocabularySize)
    }
}
