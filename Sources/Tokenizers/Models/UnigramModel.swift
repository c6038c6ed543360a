// SPDX-License-Identifier: Apache-2.0

/// A Unigram model inside a general `tokenizer.json`, with or without byte fallback.
struct UnigramModel: PieceModel {
    let vocabulary: PieceVocabulary
    private let unknown: Int32
    private let segmenter: UnigramSegmenter
    /// The pieces of all 256 bytes, or nil without byte fallback.
    private let bytes: [Int32?]?

    /// A model of pieces with scores, both by id.
    init(pieces: [String], scores: [Double], unknown: Int32, hasByteFallback: Bool) {
        vocabulary = PieceVocabulary(pieces)
        self.unknown = unknown
        segmenter = UnigramSegmenter(
            trie: CharacterTrie(pieces.map { $0.unicodeScalars.map(\.value) }), scores: scores,
            unknown: unknown)
        bytes = hasByteFallback ? vocabulary.bytePieces() : nil
    }

    var summary: String {
        "Unigram (\(vocabulary.count) pieces\(bytes == nil ? "" : ", byte fallback"))"
    }

    func append(tokensOf word: [UInt8], to tokens: inout [ModelToken]) {
        var scratch = UnigramSegmenter.Scratch()
        segmenter.segment(word, &scratch)
        var start = 0
        for segment in scratch.segments {
            let end = segment.end
            if segment.id != unknown {
                tokens.append(
                    ModelToken(id: segment.id, start: Int32(start), end: Int32(end)))
            } else {
                append(unknown: word, start..<end, to: &tokens)
            }
            start = end
        }
    }

    /// A run of unknown characters that happens to be a piece is that piece, else it is its bytes
    /// if all of them are pieces, else one unknown token.
    private func append(
        unknown word: [UInt8], _ range: Range<Int>, to tokens: inout [ModelToken]
    ) {
        let start = Int32(range.lowerBound)
        let end = Int32(range.upperBound)
        let text = word[range]
        if let id = vocabulary.id(of: text) {
            tokens.append(ModelToken(id: id, start: start, end: end))
        } else if let bytes, text.allSatisfy({ bytes[Int($0)] != nil }) {
            for id in text.compactMap({ bytes[Int($0)] }) {
                tokens.append(ModelToken(id: id, start: start, end: end))
            }
        } else {
            tokens.append(ModelToken(id: unknown, start: start, end: end, showsText: true))
        }
    }
}
