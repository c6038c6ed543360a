// SPDX-License-Identifier: Apache-2.0

/// A tokenizer read from a SentencePiece model file.
///
/// Agrees id for id, piece for piece and offset for offset with the sentencepiece package. Offsets
/// are SentencePiece's own: a piece that stands for no source text has an empty range, and of the
/// bytes of one character only the last has a range that is not empty. The piece of unknown characters
/// is shown as the model names it (`<unk>`).
package struct SentencePieceTokenizer: TextTokenizer {
    /// A stretch of the normalised text that ends at a byte, and its piece.
    struct Segment {
        let end: Int
        /// −1 where no piece is exactly this text.
        let id: Int32
    }

    let model: SentencePieceModel
    let normalizer: SentencePieceNormalizer
    let denormalizer: SentencePieceNormalizer?
    /// Pieces that text may be; their place in it leads to `textPieces`.
    let trie: PieceTrie
    let textPieces: [Int32]
    let userDefined: PieceTrie?
    /// Lowest and highest score of the normal pieces.
    let scoreLimits: (lowest: Float, highest: Float)
    private let reserved: [String: Int32]
    /// The begin piece where one belongs before a text.
    package let tokensBefore: [Int32]
    /// The end piece where one belongs after a text.
    package let tokensAfter: [Int32]

    /// A tokenizer of a model; `addsBegin` and `addsEnd` say what belongs around a text, which the
    /// model file itself does not know.
    package init(_ model: SentencePieceModel, addsBegin: Bool = false, addsEnd: Bool = false) {
        self.model = model
        let indices = model.pieces.indices
        let texts = indices.filter { model.pieces[$0].kind.isText }
        textPieces = texts.map(Int32.init)
        trie = PieceTrie(texts.map { Array(model.pieces[$0].text.utf8) })
        let symbols = texts.filter { model.pieces[$0].kind == .userDefined }
        userDefined =
            symbols.isEmpty ? nil : PieceTrie(symbols.map { Array(model.pieces[$0].text.utf8) })
        normalizer = SentencePieceNormalizer(model.normalization, userDefined: userDefined)
        denormalizer = model.denormalization.flatMap { settings in
            settings.map.map { _ in SentencePieceNormalizer(settings, userDefined: nil) }
        }
        let scores = model.pieces.lazy.filter { $0.kind == .normal }.map(\.score)
        // What the reference begins its search with.
        scoreLimits = (
            scores.min() ?? .greatestFiniteMagnitude,
            max(scores.max() ?? 0, .leastNormalMagnitude)
        )
        let others = indices.filter { !model.pieces[$0].kind.isText }
        let reserved = Dictionary(
            others.map { (model.pieces[$0].text, Int32($0)) },
            uniquingKeysWith: { first, _ in first })
        self.reserved = reserved
        func control(_ text: String) -> [Int32] {
            guard let id = reserved[text], model.pieces[Int(id)].kind == .control else { return [] }
            return [id]
        }
        tokensBefore = addsBegin ? control(model.beginPiece) : []
        tokensAfter = addsEnd ? control(model.endPiece) : []
    }

    /// Number of pieces.
    package var vocabularySize: Int { model.pieces.count }

    /// The piece with this id, or nil.
    package func piece(of id: Int32) -> String? {
        model.pieces.indices.contains(Int(id)) ? model.pieces[Int(id)].text : nil
    }

    /// The id of exactly this piece, or nil.
    package func id(of piece: String) -> Int32? {
        if let id = reserved[piece], model.pieces[Int(id)].text.utf8.elementsEqual(piece.utf8) {
            return id
        }
        return trie.id(of: piece.utf8).map { textPieces[Int($0)] }
    }

    /// The tokens of a raw text.
    package func encode(_ text: String) -> [TokenPiece] {
        let normalized = normalizer.normalize(Array(text.utf8))
        var tokens: [TokenPiece] = []
        forEachToken(of: normalized) { id, bytes in
            let start = Int(normalized.origins[bytes.lowerBound])
            let end = Int(normalized.origins[bytes.upperBound])
            tokens.append(
                TokenPiece(
                    id: id, piece: model.pieces[Int(id)].text, start: start, end: end))
        }
        return tokens
    }

    /// The ids of a raw text.
    package func ids(in text: String) -> [Int32] {
        var ids: [Int32] = []
        forEachToken(of: normalizer.normalize(Array(text.utf8))) { id, _ in ids.append(id) }
        return ids
    }

    /// The text that SentencePiece makes of `text` before it cuts it.
    package func normalized(_ text: String) -> String {
        String(decoding: normalizer.normalize(Array(text.utf8)).bytes, as: UTF8.self)
    }

    /// Calls `body` with each token's id and bytes.
    ///
    /// Unknown characters in a row are one token; with byte fallback each of their bytes is one,
    /// and all but the last have no bytes.
    @inline(__always)
    private func forEachToken(
        of normalized: SentencePieceNormalizer.Output, _ body: (Int32, Range<Int>) -> Void
    ) {
        guard !normalized.bytes.isEmpty else { return }
        var start = 0
        var unknownStart: Int?
        for segment in segments(of: normalized.bytes) {
            let isUnknown = segment.id < 0 || segment.id == model.unknown
            if isUnknown, model.hasByteFallback {
                for index in start..<segment.end {
                    let isLast = index == segment.end - 1
                    body(
                        model.bytePieces[Int(normalized.bytes[index])],
                        start..<(isLast ? segment.end : start))
                }
            } else if isUnknown {
                unknownStart = unknownStart ?? start
            } else {
                if let first = unknownStart { body(model.unknown, first..<start) }
                unknownStart = nil
                body(segment.id, start..<segment.end)
            }
            start = segment.end
        }
        if let first = unknownStart { body(model.unknown, first..<start) }
    }

    private func segments(of text: [UInt8]) -> [Segment] {
        switch model.algorithm {
        case .unigram: unigramSegments(of: text)
        case .bpe: mergedSegments(of: text)
        case .word: wordSegments(of: text)
        case .character: characterSegments(of: text)
        }
    }
}
