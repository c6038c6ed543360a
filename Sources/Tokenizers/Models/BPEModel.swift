// SPDX-License-Identifier: Apache-2.0

/// Byte pair encoding as the Hugging Face library carries it out, over characters of a word.
///
/// Source: R. Sennrich et al., “Neural Machine Translation of Rare Words with Subword Units”, 2016;
/// huggingface/tokenizers, `models/bpe/model.rs`.
struct BPEModel: PieceModel {
    /// The settings of a file besides vocabulary and merges.
    struct Settings: Sendable {
        /// Id of the token for characters that are no pieces; without one they vanish.
        var unknown: Int32?
        /// Whether unknown characters in a row are one token.
        var fusesUnknown = false
        /// Whether an unknown character becomes the pieces `<0x00>` to `<0xFF>` of its bytes.
        var hasByteFallback = false
        /// Whether a word that is a piece is that piece, whatever the merges say.
        var ignoresMerges = false
        /// What stands before each piece that does not begin a word.
        var continuingPrefix = ""
        /// What stands after each piece that ends a word.
        var wordSuffix = ""
    }

    let vocabulary: PieceVocabulary
    private let merges: MergeTable
    private let settings: Settings
    private let bytes: [Int32?]
    private let caches = ModelCaches()

    init(vocabulary: PieceVocabulary, merges: MergeTable, settings: Settings) {
        self.vocabulary = vocabulary
        self.merges = merges
        self.settings = settings
        bytes = settings.hasByteFallback ? vocabulary.bytePieces() : []
    }

    var summary: String {
        var parts = ["\(vocabulary.count) pieces", "\(merges.count) merges"]
        if settings.hasByteFallback { parts.append("byte fallback") }
        if settings.ignoresMerges { parts.append("whole words first") }
        if !settings.continuingPrefix.isEmpty {
            parts.append("prefix \(settings.continuingPrefix.debugDescription)")
        }
        if !settings.wordSuffix.isEmpty {
            parts.append("suffix \(settings.wordSuffix.debugDescription)")
        }
        return "BPE (\(parts.joined(separator: ", ")))"
    }

    func append(tokensOf word: [UInt8], to tokens: inout [ModelToken]) {
        caches.lend { cache in
            if let known = cache.tokens(of: word) {
                tokens += known
                return
            }
            let start = tokens.count
            if settings.ignoresMerges, let id = vocabulary.id(of: word) {
                tokens.append(ModelToken(id: id, start: 0, end: Int32(word.count)))
            } else {
                fill(&cache.merging, with: word)
                cache.merging.mergeAll(merges)
                var position: Int32 = 0
                for symbol in cache.merging.symbols where symbol.length > 0 {
                    tokens.append(
                        ModelToken(
                            id: symbol.id, start: position, end: position + symbol.length))
                    position += symbol.length
                }
            }
            cache.keep(tokens[start...], of: word)
        }
    }

    /// The symbols that a word begins with: one for each character.
    private func fill(_ merging: inout SymbolMerging, with word: [UInt8]) {
        merging.reset()
        var unknownLength = 0
        func flush(_ merging: inout SymbolMerging) {
            if unknownLength > 0, let unknown = settings.unknown {
                merging.append(unknown, length: unknownLength)
            }
            unknownLength = 0
        }
        var start = 0
        while start < word.count {
            let length = min(Self.scalarLength(word[start]), word.count - start)
            let end = start + length
            if let id = id(of: word, start..<end) {
                flush(&merging)
                merging.append(id, length: length)
            } else if !appendBytes(of: word, start..<end, to: &merging) {
                if !settings.fusesUnknown { flush(&merging) }
                unknownLength += length
            }
            start = end
        }
        flush(&merging)
    }

    /// Bytes of the scalar that a leading byte begins.
    @inline(__always)
    private static func scalarLength(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    /// The id of one character where it stands.
    @inline(__always)
    private func id(of word: [UInt8], _ range: Range<Int>) -> Int32? {
        if settings.continuingPrefix.isEmpty, settings.wordSuffix.isEmpty {
            return vocabulary.id(of: word[range])
        }
        return vocabulary.id(of: decorated(word, range))
    }

    private func decorated(_ word: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var piece = Array(word[range])
        if range.lowerBound > 0 { piece.insert(contentsOf: settings.continuingPrefix.utf8, at: 0) }
        if range.upperBound == word.count { piece += settings.wordSuffix.utf8 }
        return piece
    }

    /// Byte pieces for a character, if there is one for each of its bytes.
    ///
    /// As in the reference, an unknown run before them is closed only after them.
    private func appendBytes(
        of word: [UInt8], _ range: Range<Int>, to merging: inout SymbolMerging
    ) -> Bool {
        guard settings.hasByteFallback else { return false }
        let text = decorated(word, range)
        guard text.allSatisfy({ bytes[Int($0)] != nil }) else { return false }
        for byte in text {
            if let id = bytes[Int(byte)] { merging.append(id, length: 1) }
        }
        return true
    }
}
