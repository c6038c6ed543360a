// SPDX-License-Identifier: Apache-2.0

/// The part of a tokenizer that cuts one pre-token into pieces of its vocabulary.
protocol PieceModel: Sendable {
    /// The model's own pieces, without added tokens.
    var vocabulary: PieceVocabulary { get }
    /// The model's name with the settings that change its answers.
    var summary: String { get }

    /// Appends the tokens of a pre-token, which is not empty and well-formed UTF-8.
    func append(tokensOf word: [UInt8], to tokens: inout [ModelToken])
}

/// A token of a pre-token.
struct ModelToken: Sendable {
    /// The token's number.
    let id: Int32
    /// Byte of the pre-token where it begins.
    let start: Int32
    /// Byte after it.
    let end: Int32
    /// Whether the token's piece is shown as the characters that it covers.
    var showsText = false
}

/// Pieces by id and ids by piece; pieces are told apart by their bytes.
struct PieceVocabulary: Sendable {
    /// Pieces by id; nil where the file leaves an id out.
    let pieces: [String?]
    /// Number of pieces, ids left out not counted.
    let count: Int
    /// The pieces as a trie, the empty one aside.
    let trie: PieceTrie
    /// The id of each key of the trie.
    private let ids: [Int32]
    private let emptyID: Int32?

    /// Most ids.
    static let idLimit = 1 << 21

    /// The pieces by id.
    init(_ pieces: [String?]) {
        self.pieces = pieces
        var keys: [[UInt8]] = []
        var ids: [Int32] = []
        var emptyID: Int32?
        for (id, piece) in pieces.enumerated() {
            guard let piece else { continue }
            if piece.isEmpty {
                emptyID = Int32(id)
            } else {
                keys.append(Array(piece.utf8))
                ids.append(Int32(id))
            }
        }
        count = ids.count + (emptyID == nil ? 0 : 1)
        trie = PieceTrie(keys)
        self.ids = ids
        self.emptyID = emptyID
    }

    /// The piece with this id, or nil.
    func piece(of id: Int32) -> String? {
        pieces.indices.contains(Int(id)) ? pieces[Int(id)] : nil
    }

    /// The id at a node of the trie, or nil.
    @inline(__always)
    func id(at node: Int) -> Int32? {
        let key = trie.id(at: node)
        return key >= 0 ? ids[Int(key)] : nil
    }

    /// The id of exactly these bytes, or nil.
    func id(of bytes: some Collection<UInt8>) -> Int32? {
        guard !bytes.isEmpty else { return emptyID }
        var node = PieceTrie.root
        for byte in bytes {
            guard let next = trie.child(of: node, byte) else { return nil }
            node = next
        }
        return id(at: node)
    }

    /// Whether each character of `ByteAlphabet` is a piece.
    var hasAllBytes: Bool {
        ByteAlphabet.scalars.allSatisfy { id(of: String($0).utf8) != nil }
    }

    /// The ids of `<0x00>` to `<0xFF>`, nil for those that are no pieces.
    func bytePieces() -> [Int32?] {
        (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return id(of: "<0x\(digits.count < 2 ? "0" : "")\(digits)>".utf8)
        }
    }
}
