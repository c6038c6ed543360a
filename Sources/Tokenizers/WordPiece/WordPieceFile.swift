// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JapaneseText

/// A `vocab.txt` with the `tokenizer_config.json` beside it: BERT's own tokenizer, or a Japanese
/// one that cuts words with MeCab first.
enum WordPieceFile {
    /// Largest `vocab.txt` that is read, in bytes.
    static let fileByteLimit = 64 << 20
    /// Longest piece, in bytes.
    static let pieceByteLimit = 1024
    /// Longest word that is cut, in scalars; a longer one is unknown.
    static let wordLimit = 100

    /// Reads the tokenizer of a `vocab.txt`.
    ///
    /// `tokenizer_config.json` says how words are cut (`word_tokenizer_type`). Where it says
    /// nothing, the pieces tell: those with two ideographs in a row never come out of BERT's own
    /// way of cutting, which takes each ideograph for a word.
    /// Throws `TokenizerError`, `FileError` and `MorphologyError`.
    static func tokenizer(
        at file: URL, dictionary: String?, userDictionary: String?
    ) throws -> any TextTokenizer {
        let content = try DiskFiles().read(
            FilePath(file.resolvingSymlinksInPath()), maximumBytes: fileByteLimit)
        let name = file.lastPathComponent
        let settings = try TokenizerSettings.read(beside: file) ?? TokenizerSettings()
        let pieces = try pieces(of: Array(content), file: name)
        switch try words(settings, pieces: pieces) {
        case .basic: return try basic(pieces, settings, file: name)
        case .mecab:
            var options = try MeCabOptions(settings.mecab?.option)
            // Paths in a published file are those of its author's machine.
            options.dictionary = dictionary ?? options.dictionary
            options.userDictionary = userDictionary ?? options.userDictionary
            try options.check(settings.mecab?.dictionary)
            let analyzer = try MorphologicalAnalyzer(
                dictionary: options.dictionary, userDictionary: options.userDictionary)
            var tokenizer = try MeCabWordPieceTokenizer(
                pieces: pieces, settings: settings, analyzer: analyzer, file: name)
            tokenizer.dictionary = options.dictionary ?? MorphologicalAnalyzer.defaultDictionary
            tokenizer.userDictionary = options.userDictionary
            return tokenizer
        }
    }

    /// The lines of a `vocab.txt`: line n, counted from 0, is the piece with id n.
    ///
    /// Throws `TokenizerError` `.missing`, `.malformed`, `.tooLarge`, `.duplicate`.
    static func pieces(of content: [UInt8], file: String) throws -> [String] {
        var lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw TokenizerError.missing(file: file, field: "line 1") }
        guard lines.count <= PieceVocabulary.idLimit else {
            throw TokenizerError.tooLarge(
                file: file, field: "lines", count: lines.count, limit: PieceVocabulary.idLimit)
        }
        var seen: Set<ArraySlice<UInt8>> = []
        return try lines.enumerated().map { index, line in
            let field = "line \(index + 1)"
            let line = line.last == 0x0D ? line.dropLast() : line
            guard line.count <= pieceByteLimit else {
                throw TokenizerError.tooLarge(
                    file: file, field: field, count: line.count, limit: pieceByteLimit)
            }
            guard let piece = String(validating: line, as: UTF8.self) else {
                throw TokenizerError.malformed(file: file, field: field)
            }
            guard seen.insert(line).inserted else {
                throw TokenizerError.duplicate(file: file, field: field)
            }
            return piece
        }
    }

    /// How a text is cut into words.
    enum Words {
        case basic
        case mecab
    }

    static func words(_ settings: TokenizerSettings, pieces: [String]) throws -> Words {
        switch settings.wordTokenizer {
        case "mecab": return .mecab
        case "basic": return .basic
        case .some(let other):
            throw TokenizerError.unsupported(
                file: TokenizerSettings.fileName, field: "word_tokenizer_type",
                value: String(other.unicodeScalars.prefix(64)))
        case nil: break
        }
        // What the classes take where nothing is said.
        if settings.tokenizerClass != nil { return .basic }
        return pieces.contains(where: hasIdeographsInRow) ? .mecab : .basic
    }

    private static func hasIdeographsInRow(_ piece: String) -> Bool {
        zip(piece.unicodeScalars, piece.unicodeScalars.dropFirst()).contains {
            LibraryCharacters.isIdeograph($0) && LibraryCharacters.isIdeograph($1)
        }
    }

    /// BERT's own tokenizer: a normaliser, a cut at white space and punctuation, WordPiece.
    private static func basic(
        _ pieces: [String], _ settings: TokenizerSettings, file: String
    ) throws -> PipelineTokenizer {
        let special = try WordPieceTokens(pieces, settings, file: file)
        let lowercases = settings.lowercases ?? true
        let normalizer = BertNormalizer(
            cleansText: true, separatesIdeographs: settings.splitsIdeographs ?? true,
            stripsAccents: settings.stripsAccents ?? lowercases, lowercases: lowercases)
        var parts = PipelineTokenizer.Parts(
            model: WordPieceModel(
                vocabulary: PieceVocabulary(pieces), unknown: special.unknown, prefix: "##",
                wordLimit: wordLimit))
        parts.addedTokens = special.all.map { id, content in
            AddedToken(
                id: id, content: content, isSpecial: true, isSingleWord: false, stripsLeft: false,
                stripsRight: false, isNormalized: false)
        }
        parts.normalizers = [.bert(normalizer)]
        parts.preTokenizers = [.bert]
        parts.postProcessing = PostProcessing(before: special.before, after: special.after)
        parts.decoders = [.wordPiece(prefix: ["#", "#"], cleansUp: true)]
        return PipelineTokenizer(parts)
    }
}

/// The special tokens of a `vocab.txt`.
struct WordPieceTokens: Sendable {
    let unknown: Int32
    let before: [Int32]
    let after: [Int32]
    /// All that the vocabulary has, by id.
    let all: [(id: Int32, content: String)]

    /// Throws `TokenizerError.missing` where there is no token for unknown words.
    init(_ pieces: [String], _ settings: TokenizerSettings, file: String) throws {
        func id(_ content: String) -> Int32? {
            pieces.firstIndex { $0.utf8.elementsEqual(content.utf8) }.map(Int32.init)
        }
        let unknownToken = settings.unknownToken?.content ?? "[UNK]"
        guard let unknown = id(unknownToken) else {
            throw TokenizerError.missing(file: file, field: unknownToken)
        }
        self.unknown = unknown
        let first = settings.classToken?.content ?? "[CLS]"
        let last = settings.separatorToken?.content ?? "[SEP]"
        before = id(first).map { [$0] } ?? []
        after = id(last).map { [$0] } ?? []
        all = [unknownToken, first, last, "[PAD]", "[MASK]"]
            .compactMap { content in id(content).map { ($0, content) } }
            .sorted { $0.0 < $1.0 }
    }
}

/// `mecab_option`: what Shoken carries out of MeCab's command line.
struct MeCabOptions: Equatable {
    var dictionary: String?
    var userDictionary: String?

    /// Reads `-d DIRECTORY` and `-u FILE`; anything else is refused.
    init(_ text: String?) throws {
        var words = (text ?? "").split(separator: " ").map(String.init)[...]
        while let word = words.popFirst() {
            switch word {
            case "-d": dictionary = words.popFirst()
            case "-u": userDictionary = words.popFirst()
            case "-Owakati": break
            default:
                throw TokenizerError.unsupported(
                    file: TokenizerSettings.fileName, field: "mecab_kwargs.mecab_option",
                    value: String(word.unicodeScalars.prefix(64)))
            }
        }
    }

    /// Checks `mecab_dic`: IPADIC is what Debian has; another needs its directory.
    func check(_ name: String?) throws {
        guard let name, name != "ipadic", dictionary == nil else { return }
        throw TokenizerError.unsupported(
            file: TokenizerSettings.fileName, field: "mecab_kwargs.mecab_dic",
            value: String(name.unicodeScalars.prefix(64)))
    }
}
