// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into special tokens and pre-tokens, as the reference does: special tokens first,
/// then U+2581 for each space, one put before each stretch that has none, and a cut before each.
///
/// Source: huggingface/tokenizers, `added_vocabulary.rs` and `pre_tokenizers/metaspace.rs`.
struct TextScan: Sendable {
    /// What the scan finds, in the text's order.
    enum Part {
        /// An added token over these bytes of the text.
        case special(id: Int32, bytes: Range<Int>)
        /// A pre-token that begins at this byte of the text. If `isPrepended`, its first
        /// character stands for nothing in the text.
        case word(start: Int, isPrepended: Bool)
    }

    /// U+2581 in UTF-8.
    static let mark: [UInt8] = [0xE2, 0x96, 0x81]

    private let contents: PieceTrie
    /// Ids of the added tokens; nil for one that is to be cut apart.
    private let ids: [Int32?]
    private let mayBegin: [Bool]

    /// If `cutsMarkers`, a special token that is not white space is text, cut after its first
    /// character so that no piece is the whole.
    init(addedTokens: [UnigramVocabulary.AddedToken], cutsMarkers: Bool = false) {
        let bytes = addedTokens.map { Array($0.content.utf8) }
        contents = PieceTrie(bytes)
        ids = addedTokens.map {
            cutsMarkers && MarkerToken.isMarker($0.content, isSpecial: $0.isSpecial) ? nil : $0.id
        }
        var mayBegin = [Bool](repeating: false, count: 256)
        for content in bytes { mayBegin[Int(content[0])] = true }
        self.mayBegin = mayBegin
    }

    /// Calls `body` for each part; the second argument holds a word's bytes and is empty for a
    /// special token.
    @inline(__always)
    func parts(of text: [UInt8], _ body: (Part, [UInt8]) -> Void) {
        var word: [UInt8] = []
        var start = 0
        var isPrepended = false
        var beginsStretch = true
        var index = 0
        /// The first byte after the first character of a token that is cut apart.
        var cut = -1
        func close() {
            guard !word.isEmpty else { return }
            body(.word(start: start, isPrepended: isPrepended), word)
            word.removeAll(keepingCapacity: true)
        }
        while index < text.count {
            let byte = text[index]
            if mayBegin[Int(byte)], let (id, end) = special(in: text, at: index) {
                if let id {
                    close()
                    body(.special(id: id, bytes: index..<end), word)
                    (index, beginsStretch) = (end, true)
                    continue
                }
                cut = index + UTF8Length.ofCharacter(text, at: index)
            }
            if index == cut {
                close()
                (start, isPrepended) = (index, false)
            }
            let markLength = Self.markLength(in: text, at: index)
            if markLength > 0 || beginsStretch {
                close()
                (start, isPrepended) = (index, markLength == 0)
                word += Self.mark
                beginsStretch = false
            }
            if markLength > 0 {
                index += markLength
            } else {
                word.append(byte)
                index += 1
            }
        }
        close()
    }

    /// The longest added token at `index`, and where it ends.
    private func special(in text: [UInt8], at index: Int) -> (id: Int32?, end: Int)? {
        var node = PieceTrie.root
        var found: (Int32?, Int)?
        for position in index..<text.count {
            guard let next = contents.child(of: node, text[position]) else { break }
            node = next
            let token = contents.id(at: node)
            if token >= 0 { found = (ids[Int(token)], position + 1) }
        }
        return found
    }

    /// Bytes of the space or U+2581 at `index`, or 0.
    @inline(__always)
    private static func markLength(in text: [UInt8], at index: Int) -> Int {
        if text[index] == 0x20 { return 1 }
        guard text[index] == mark[0], index + 2 < text.count, text[index + 1] == mark[1],
            text[index + 2] == mark[2]
        else { return 0 }
        return 3
    }
}
