// SPDX-License-Identifier: Apache-2.0

/// WordPiece: from the left, the longest piece of the vocabulary each time; a word with a rest that
/// no piece begins is one unknown token.
///
/// Source: M. Schuster, K. Nakajima, “Japanese and Korean Voice Search”, 2012; the code published
/// with BERT.
struct WordPieceModel: PieceModel {
    let vocabulary: PieceVocabulary
    /// Id of the token for words that cannot be cut.
    let unknown: Int32
    /// Longest word that is cut, in scalars.
    let wordLimit: Int
    private let prefix: String
    /// The pieces that continue a word, without their prefix.
    private let continuations: PieceTrie
    private let continuationIDs: [Int32]

    /// A model whose continuing pieces begin with `prefix`.
    init(vocabulary: PieceVocabulary, unknown: Int32, prefix: String, wordLimit: Int) {
        self.vocabulary = vocabulary
        self.unknown = unknown
        self.prefix = prefix
        self.wordLimit = wordLimit
        var keys: [[UInt8]] = []
        var ids: [Int32] = []
        for (id, piece) in vocabulary.pieces.enumerated() {
            guard let piece, piece.utf8.starts(with: prefix.utf8) else { continue }
            let rest = Array(piece.utf8.dropFirst(prefix.utf8.count))
            guard !rest.isEmpty else { continue }
            keys.append(rest)
            ids.append(Int32(id))
        }
        continuations = PieceTrie(keys)
        continuationIDs = ids
    }

    var summary: String {
        "WordPiece (\(vocabulary.count) pieces, prefix \(prefix.debugDescription))"
    }

    func append(tokensOf word: [UInt8], to tokens: inout [ModelToken]) {
        let before = tokens.count
        var start = 0
        let length = word.count(where: { !UTF8.isContinuation($0) })
        if length <= wordLimit {
            while start < word.count, let token = longest(in: word, at: start) {
                tokens.append(token)
                start = Int(token.end)
            }
        }
        guard start < word.count else { return }
        tokens.removeLast(tokens.count - before)
        tokens.append(ModelToken(id: unknown, start: 0, end: Int32(word.count)))
    }

    private func longest(in word: [UInt8], at start: Int) -> ModelToken? {
        let trie = start == 0 ? vocabulary.trie : continuations
        var node = PieceTrie.root
        var found: ModelToken?
        for index in start..<word.count {
            guard let next = trie.child(of: node, word[index]) else { break }
            node = next
            let id =
                start == 0
                ? vocabulary.id(at: node)
                : trie.id(at: node) >= 0 ? continuationIDs[Int(trie.id(at: node))] : nil
            if let id { found = ModelToken(id: id, start: Int32(start), end: Int32(index + 1)) }
        }
        return found
    }
}
