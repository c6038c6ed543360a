// SPDX-License-Identifier: Apache-2.0

/// Changes a text as SentencePiece does before it cuts it, and keeps where each byte came from.
///
/// Source: google/sentencepiece, `normalizer.cc`.
struct SentencePieceNormalizer: Sendable {
    /// A normalised text.
    struct Output {
        /// UTF-8.
        var bytes: [UInt8] = []
        /// For each byte the offset, in Unicode scalars, of the source character that it came from;
        /// and one more for the end.
        var origins: [Int32] = []
    }

    /// What stands for a space.
    static let mark: [UInt8] = [0xE2, 0x96, 0x81]

    private let settings: SentencePieceModel.Normalization
    private let userDefined: PieceTrie?

    /// `userDefined` holds the pieces that are left as they are.
    init(_ settings: SentencePieceModel.Normalization, userDefined: PieceTrie?) {
        self.settings = settings
        self.userDefined = userDefined
    }

    /// The normalised text; empty, with no origins, where nothing but spaces is in `text`.
    func normalize(_ text: [UInt8]) -> Output {
        var state = State(text: text, settings: settings)
        if settings.removesExtraSpaces {
            while state.position < text.count {
                let chunk = chunk(of: text, at: state.position)
                guard chunk.bytes.elementsEqual(CollectionOfOne(0x20)) else { break }
                state.consume(chunk.length)
            }
        }
        guard state.position < text.count else { return Output() }
        let addsSpace = settings.addsDummyPrefix
        if addsSpace, !settings.treatsSpaceAsSuffix { state.appendSpace() }
        state.followsSpace = settings.removesExtraSpaces
        while state.position < text.count {
            let chunk = chunk(of: text, at: state.position)
            state.append(chunk.bytes)
            state.consume(chunk.length)
        }
        if settings.removesExtraSpaces { state.removeTrailingSpaces() }
        if addsSpace, settings.treatsSpaceAsSuffix { state.appendSpace() }
        state.output.origins.append(state.consumed)
        return state.output
    }

    /// What stands for the bytes at an index, and how many bytes that is.
    @inline(__always)
    private func chunk(of text: [UInt8], at index: Int) -> (bytes: ArraySlice<UInt8>, length: Int) {
        if let userDefined, let length = userDefined.longestLength(in: text, at: index) {
            return (text[index..<index + length], length)
        }
        if let map = settings.map, let (length, start) = map.longestMatch(in: text, at: index) {
            return (map.replacement(at: start), length)
        }
        let length = UTF8Length.ofCharacter(text, at: index)
        return (text[index..<index + length], length)
    }

    private struct State {
        let text: [UInt8]
        let settings: SentencePieceModel.Normalization
        var output = Output()
        /// Bytes and scalars of the source that are done.
        var position = 0
        var consumed: Int32 = 0
        var followsSpace = false

        init(text: [UInt8], settings: SentencePieceModel.Normalization) {
            self.text = text
            self.settings = settings
            output.bytes.reserveCapacity(text.count + text.count / 2 + 8)
            output.origins.reserveCapacity(text.count + text.count / 2 + 9)
        }

        mutating func consume(_ length: Int) {
            for index in position..<position + length where !UTF8.isContinuation(text[index]) {
                consumed += 1
            }
            position += length
        }

        mutating func appendSpace() {
            for byte in settings.escapesSpaces ? SentencePieceNormalizer.mark : [0x20] {
                append(byte)
            }
        }

        private mutating func append(_ byte: UInt8) {
            output.bytes.append(byte)
            output.origins.append(consumed)
        }

        @inline(__always)
        mutating func append(_ chunk: ArraySlice<UInt8>) {
            var start = chunk.startIndex
            if followsSpace {
                while start < chunk.endIndex, chunk[start] == 0x20 { start += 1 }
            }
            for index in start..<chunk.endIndex {
                if chunk[index] == 0x20 { appendSpace() } else { append(chunk[index]) }
            }
            if start < chunk.endIndex {
                followsSpace = chunk[chunk.endIndex - 1] == 0x20
            }
            if !settings.removesExtraSpaces { followsSpace = false }
        }

        mutating func removeTrailingSpaces() {
            let space = settings.escapesSpaces ? SentencePieceNormalizer.mark : [0x20]
            while output.bytes.count >= space.count,
                output.bytes.suffix(space.count).elementsEqual(space)
            {
                let length = output.bytes.count - space.count
                consumed = output.origins[length]
                output.bytes.removeSubrange(length...)
                output.origins.removeSubrange(length...)
            }
        }
    }
}

/// Lengths of characters in UTF-8 bytes.
enum UTF8Length {
    /// Bytes of the character that begins at an index, as its first byte tells, and no more than
    /// there are.
    @inline(__always)
    static func ofCharacter(_ text: [UInt8], at index: Int) -> Int {
        let length =
            switch text[index] {
            case 0xC0..<0xE0: 2
            case 0xE0..<0xF0: 3
            case 0xF0...: 4
            default: 1
            }
        return min(length, text.count - index)
    }
}

extension PieceTrie {
    /// Bytes of the longest piece that begins at an index, or nil.
    @inline(__always)
    func longestLength(in text: [UInt8], at start: Int) -> Int? {
        var node = PieceTrie.root
        var length: Int?
        for index in start..<text.count {
            guard let next = child(of: node, text[index]) else { break }
            node = next
            if id(at: node) >= 0 { length = index + 1 - start }
        }
        return length
    }

    /// The id of the piece that is exactly these bytes, or −1.
    @inline(__always)
    func id(of range: Range<Int>, in text: [UInt8]) -> Int32 {
        var node = PieceTrie.root
        for index in range {
            guard let next = child(of: node, text[index]) else { return -1 }
            node = next
        }
        return id(at: node)
    }
}
