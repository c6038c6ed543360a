// SPDX-License-Identifier: Apache-2.0
import JapaneseText

/// The tokenizer of Japanese BERT models: NFKC, MeCab, then WordPiece or single characters.
///
/// Agrees with `BertJapaneseTokenizer` on words, pieces and ids. Two things are ours: offsets, in
/// Unicode scalars of the raw text (the range of a piece holds all source scalars that went into
/// it), and that a text never becomes a special token: `[SEP]` in it is encoded as characters.
package struct MeCabWordPieceTokenizer: TextTokenizer {
    /// What becomes of a word.
    enum Subwords: Equatable {
        case wordPiece
        /// Each character is a piece.
        case characters
    }

    private let analyzer: MorphologicalAnalyzer
    private let model: WordPieceModel
    let special: WordPieceTokens
    private let subwords: Subwords
    private let normalizes: Bool
    private let lowercases: Bool
    /// Whether ASCII is written in full-width letters before MeCab, as IPADIC and J-MeDic are.
    private let widens: Bool
    /// Directory of the system dictionary that words are cut with.
    package internal(set) var dictionary = MorphologicalAnalyzer.defaultDictionary
    /// File of the user dictionary; nil for none.
    package internal(set) var userDictionary: String?

    /// A tokenizer of pieces, the id of each its index.
    ///
    /// Throws `TokenizerError`.
    init(
        pieces: [String], settings: TokenizerSettings, analyzer: MorphologicalAnalyzer,
        file: String
    ) throws {
        self.analyzer = analyzer
        special = try WordPieceTokens(pieces, settings, file: file)
        switch settings.subwordTokenizer {
        case nil, "wordpiece": subwords = .wordPiece
        case "character": subwords = .characters
        case .some(let other):
            throw TokenizerError.unsupported(
                file: TokenizerSettings.fileName, field: "subword_tokenizer_type",
                value: String(other.unicodeScalars.prefix(64)))
        }
        model = WordPieceModel(
            vocabulary: PieceVocabulary(pieces), unknown: special.unknown, prefix: "##",
            wordLimit: WordPieceFile.wordLimit)
        normalizes = settings.mecab?.normalizesText ?? true
        lowercases = settings.lowercases ?? false
        widens = settings.widens ?? false
    }

    /// Number of pieces.
    package var vocabularySize: Int { model.vocabulary.pieces.count }
    /// `[CLS]`, where the vocabulary has it.
    package var tokensBefore: [Int32] { special.before }
    /// `[SEP]`, where the vocabulary has it.
    package var tokensAfter: [Int32] { special.after }

    /// The piece with this id, or nil.
    package func piece(of id: Int32) -> String? { model.vocabulary.piece(of: id) }

    /// The id of exactly this piece, or nil.
    package func id(of piece: String) -> Int32? { model.vocabulary.id(of: piece.utf8) }

    /// Pieces with spaces between them, a piece that continues a word joined to it.
    package func decode(_ ids: [Int32], skippingSpecial: Bool) -> String {
        let isSpecial = Set(special.all.map(\.id))
        let pieces = ids.filter { !skippingSpecial || !isSpecial.contains($0) }
            .compactMap { piece(of: $0) }
        var text = String.UnicodeScalarView()
        for (index, piece) in pieces.enumerated() {
            if index > 0, piece.utf8.starts(with: "##".utf8) {
                text.append(contentsOf: piece.unicodeScalars.dropFirst(2))
            } else {
                if index > 0 { text.append(" ") }
                text.append(contentsOf: piece.unicodeScalars)
            }
        }
        return String(text)
    }

    /// MeCab's words of a text, as they go into WordPiece, before lower case.
    package func words(of text: String) -> [String] {
        let normalized = normalized(text)
        return analyzer.wordRanges(in: normalized.scalars).map {
            Array(normalized.scalars[$0.start..<$0.end]).text
        }
    }

    /// The tokens of a raw text.
    package func encode(_ text: String) -> [TokenPiece] {
        let normalized = normalized(text)
        let count = text.unicodeScalars.count
        var tokens: [TokenPiece] = []
        for range in analyzer.wordRanges(in: normalized.scalars) {
            let word = PlacedWord(normalized, range.start..<range.end, sourceCount: count)
            append(word, to: &tokens)
        }
        return tokens
    }

    /// NFKC and wide letters, where the settings ask for them.
    private func normalized(_ text: String) -> NormalizedText {
        var normalized = NormalizedText(text.unicodeScalars)
        if normalizes {
            // Newer than the Unicode that the form follows, and in use; Python's NFKC knows it.
            if normalized.scalars.contains("\u{32FF}") {
                normalized.replace(TextPattern(literal: "\u{32FF}"), with: ["令", "和"])
            }
            NormalizationForm.nfkc.apply(to: &normalized)
        }
        if widens { normalized.map(Self.widened) }
        return normalized
    }

    /// Full-width forms of ASCII, as NEologd and J-MeDic are looked up by the models made so.
    private static func widened(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x20: "\u{3000}"
        case 0x21...0x7E: Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar
        default: scalar
        }
    }

    private func append(_ word: PlacedWord, to tokens: inout [TokenPiece]) {
        var word = word
        if lowercases { word.text.lowercase() }
        switch subwords {
        case .wordPiece:
            for range in word.text.scalars.stretchesWithoutSpace {
                appendPieces(of: word, range, to: &tokens)
            }
        case .characters:
            if !normalizes { NormalizationForm.nfkc.apply(to: &word.text) }
            for index in word.text.scalars.indices {
                let id = model.vocabulary.id(of: [word.text.scalars[index]].text.utf8)
                append(id ?? special.unknown, word.source(of: index..<index + 1), to: &tokens)
            }
        }
    }

    private func appendPieces(
        of word: PlacedWord, _ range: Range<Int>, to tokens: inout [TokenPiece]
    ) {
        var bytes: [UInt8] = []
        var scalarOfByte: [Int] = []
        for index in range {
            for byte in UTF8.encode(word.text.scalars[index]) ?? UTF8.encodedReplacementCharacter {
                bytes.append(byte)
                scalarOfByte.append(index)
            }
        }
        var found: [ModelToken] = []
        model.append(tokensOf: bytes, to: &found)
        for token in found where token.start < token.end {
            let last = scalarOfByte[Int(token.end) - 1]
            append(
                token.id, word.source(of: scalarOfByte[Int(token.start)]..<last + 1), to: &tokens)
        }
    }

    private func append(_ id: Int32, _ source: Range<Int>, to tokens: inout [TokenPiece]) {
        tokens.append(
            TokenPiece(
                id: id, piece: piece(of: id) ?? "", start: source.lowerBound,
                end: source.upperBound))
    }

    /// A text is encoded as data in any case.
    package var segmentTokenizer: (any SegmentTokenizer)? { SeparateSegments(plain: self) }

    /// What the tokenizer is made of.
    package var summary: TokenizerSummary {
        let normalizer =
            (normalizes ? ["NFKC"] : []) + (widens ? ["full-width letters"] : [])
            + (lowercases ? ["Lowercase"] : [])
        return TokenizerSummary(
            source: "vocab.txt", model: subwords == .characters ? "characters" : model.summary,
            normalizer: normalizer, preTokenizer: ["MeCab"], decoder: ["WordPiece"],
            specialTokens: special.all.map {
                TokenizerSummary.SpecialToken(id: $0.id, content: $0.content)
            },
            vocabularySize: vocabularySize)
    }
}

/// A word with the source scalars that went into each of its own.
struct PlacedWord {
    var text: NormalizedText
    /// Where the source goes on after the word.
    private let sourceEnd: Int

    /// The word at `range` of a normalised text.
    init(_ whole: NormalizedText, _ range: Range<Int>, sourceCount: Int) {
        text = NormalizedText(whole, range)
        let next = range.upperBound < whole.sources.count ? whole.sources[range.upperBound] : nil
        sourceEnd = next.map { Int($0.start) } ?? sourceCount
    }

    /// The source scalars of a stretch: up to where the next scalar's begin, as what NFKC has
    /// joined is known by its first only.
    func source(of range: Range<Int>) -> Range<Int> {
        let source = text.source(of: range)
        let next =
            range.upperBound < text.sources.count
            ? Int(text.sources[range.upperBound].start) : sourceEnd
        return source.lowerBound..<max(source.upperBound, next)
    }
}

extension [Unicode.Scalar] {
    /// Where the stretches between white space stand.
    fileprivate var stretchesWithoutSpace: [Range<Int>] {
        var stretches: [Range<Int>] = []
        var start = 0
        for index in 0...count {
            let isSpace =
                index == count || self[index].properties.isWhitespace
                || (0x1C...0x1F).contains(self[index].value)
            guard isSpace else { continue }
            if start < index { stretches.append(start..<index) }
            start = index + 1
        }
        return stretches
    }
}
