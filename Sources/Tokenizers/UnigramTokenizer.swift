// SPDX-License-Identifier: Apache-2.0

/// A Unigram tokenizer as NCVC-slm-1 uses it: MeCab words, each after a U+2581, cut into pieces.
///
/// Agrees id for id with the Hugging Face `tokenizers` library on the same `tokenizer.json`.
/// Encoding takes time in proportion to the text. The memory at rest is less than twice that of
/// the file; encoding needs some more for its longest word only.
package struct UnigramTokenizer: Sendable {
    /// Contents of the special tokens that every tokenizer of Shoken has.
    package enum SpecialToken {
        /// Stands before a text.
        package static let beginOfText = "<|begin_of_text|>"
        /// Stands after a text, and fills rows (padding).
        package static let endOfText = "<|end_of_text|>"
        /// A line's end.
        package static let newline = "\n"
        /// Unknown characters in a row.
        package static let unknown = "<|unk|>"
        /// All of them, in the order of their ids in a new vocabulary.
        package static let all = [beginOfText, endOfText, newline, unknown]
    }

    /// What the tokenizer's file says.
    package let vocabulary: UnigramVocabulary
    /// Id of `<|begin_of_text|>`.
    package let beginOfText: Int32
    /// Id of `<|end_of_text|>`, also padding.
    package let endOfText: Int32
    /// Id of the newline token.
    package let newline: Int32
    /// Id of the token for unknown characters.
    package var unknown: Int32 { vocabulary.unknown }
    /// Number of ids, added tokens included.
    package let vocabularySize: Int

    var scan: TextScan
    let segmenter: UnigramSegmenter
    /// Ids that `decode` may leave out.
    let specialIDs: Set<Int32>
    /// Added tokens with ids beyond the pieces, in a row.
    private let laterTokens: [String]

    /// A tokenizer of a vocabulary; `file` goes into the errors.
    ///
    /// Throws `TokenizerError.missingSpecialToken`.
    package init(vocabulary: UnigramVocabulary, file: String) throws {
        func special(_ content: String) throws -> Int32 {
            guard let token = vocabulary.addedTokens.first(where: { $0.content == content })
            else { throw TokenizerError.missingSpecialToken(file: file, content: content) }
            return token.id
        }
        self.vocabulary = vocabulary
        beginOfText = try special(SpecialToken.beginOfText)
        endOfText = try special(SpecialToken.endOfText)
        newline = try special(SpecialToken.newline)
        vocabularySize = vocabulary.count
        scan = TextScan(addedTokens: vocabulary.addedTokens)
        segmenter = UnigramSegmenter(
            trie: CharacterTrie(vocabulary.pieces.map { $0.text.unicodeScalars.map(\.value) }),
            scores: vocabulary.pieces.scores, unknown: vocabulary.unknown)
        specialIDs = Set(vocabulary.addedTokens.filter(\.isSpecial).map(\.id))
        laterTokens = vocabulary.addedTokens
            .filter { Int($0.id) >= vocabulary.pieces.count }
            .sorted { $0.id < $1.id }
            .map(\.content)
    }

    /// The piece or added token with this id, or nil.
    package func piece(of id: Int32) -> String? {
        guard (0..<vocabularySize).contains(Int(id)) else { return nil }
        return content(of: id)
    }

    /// The piece or added token with this id, which must be one.
    func content(of id: Int32) -> String {
        let pieces = vocabulary.pieces
        // The vocabulary's check leaves no hole among the ids.
        return Int(id) < pieces.count
            ? pieces.text(of: Int(id)) : laterTokens[Int(id) - pieces.count]
    }

    /// The id of exactly this added token or piece, or nil.
    package func id(of piece: String) -> Int32? {
        let added = vocabulary.addedTokens.first {
            $0.content.utf8.elementsEqual(piece.utf8)
        }
        return added?.id ?? segmenter.id(of: piece)
    }

    /// The ids of a raw text, without those that a post-processor would add.
    package func ids(in text: String) -> [Int32] {
        var ids: [Int32] = []
        forEachPart(of: Array(text.utf8)) { _, part in ids += part }
        return ids
    }

    /// Calls `body` for each pre-token and special token with its first byte and its ids.
    @inline(__always)
    func forEachPart(of text: [UInt8], _ body: (Int, [Int32]) -> Void) {
        var scratch = UnigramSegmenter.Scratch()
        var ids: [Int32] = []
        scan.parts(of: text) { part, word in
            ids.removeAll(keepingCapacity: true)
            switch part {
            case .special(let id, let bytes):
                ids.append(id)
                body(bytes.lowerBound, ids)
            case .word(let start, _):
                segmenter.segment(word, &scratch)
                for segment in scratch.segments { ids.append(segment.id) }
                body(start, ids)
            }
        }
    }
}
