// SPDX-License-Identifier: Apache-2.0
import DurableFiles

/// One sentence of a raw text and what follows it up to the next.
struct RawSentence: Hashable, Sendable {
    /// Bytes without white space around them.
    let contentBytes: Int
    /// Bytes of white space after them.
    let spaceBytes: Int
    /// Scalars of the content.
    let characters: Int
    /// Whether it ends as sentences do.
    let isFinished: Bool
    /// A hash of the content.
    let hash: UInt64
}

/// Cuts raw text into sentences without changing a byte.
///
/// `SentenceSplitter` is for cleaned records, whose lines are items; here a line's end and `。．！？!?`
/// with closing brackets after them end a sentence, and nothing else does.
enum SentenceCut {
    /// White space before the first sentence, and the sentences.
    static func sentences(of text: [UInt8]) -> (before: Int, sentences: [RawSentence]) {
        var sentences: [RawSentence] = []
        var index = space(text, from: 0)
        let before = index
        while index < text.count {
            let start = index
            var end = index
            var characters = 0
            var isFinished = false
            var hash = FNV1a()
            while index < text.count, text[index] != 0x0A {
                let length = width(of: text[index])
                let closes = isFinished && isClosing(text, at: index, length)
                let ends = isTerminator(text, at: index, length)
                if isFinished, !closes, !ends { break }
                isFinished = isFinished || ends
                characters += 1
                index += length
                if !isSpace(text, at: index - length, length) { end = index }
            }
            hash.mix(text[start..<end])
            let next = space(text, from: end)
            // Spaces within the content were counted, those after it were, too.
            let counted = text[end..<max(end, index)].reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
            sentences.append(
                RawSentence(
                    contentBytes: end - start, spaceBytes: next - end,
                    characters: characters - counted, isFinished: isFinished,
                    hash: mixed(hash.value)))
            index = next
        }
        return (before, sentences)
    }

    /// The end of the white space that begins at an index.
    private static func space(_ text: [UInt8], from start: Int) -> Int {
        var index = start
        while index < text.count {
            let length = width(of: text[index])
            guard isSpace(text, at: index, length) else { break }
            index += length
        }
        return index
    }

    private static func width(of byte: UInt8) -> Int {
        byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }

    /// White space of ASCII, and U+3000.
    private static func isSpace(_ text: [UInt8], at index: Int, _ length: Int) -> Bool {
        if length == 1 { return text[index] == 0x20 || (0x09...0x0D).contains(text[index]) }
        return length == 3 && code(text, index) == 0x3000
    }

    private static func code(_ text: [UInt8], _ index: Int) -> UInt32 {
        UInt32(text[index] & 0x0F) << 12 | UInt32(text[index + 1] & 0x3F) << 6
            | UInt32(text[index + 2] & 0x3F)
    }

    /// `。．｡！？!?` and a full stop of ASCII at the end of a word.
    private static func isTerminator(_ text: [UInt8], at index: Int, _ length: Int) -> Bool {
        if length == 1 {
            if text[index] == UInt8(ascii: ".") {
                return index + 1 == text.count || text[index + 1] == 0x20
                    || text[index + 1] == 0x0A
            }
            return text[index] == UInt8(ascii: "!") || text[index] == UInt8(ascii: "?")
        }
        guard length == 3 else { return false }
        switch code(text, index) {
        case 0x3002, 0xFF0E, 0xFF61, 0xFF01, 0xFF1F: return true
        default: return false
        }
    }

    /// `)」』】〕》〉）］”’"'` after the end of a sentence.
    private static func isClosing(_ text: [UInt8], at index: Int, _ length: Int) -> Bool {
        if length == 1 { return [0x29, 0x5D, 0x22, 0x27].contains(text[index]) }
        guard length == 3 else { return false }
        switch code(text, index) {
        case 0x300D, 0x300F, 0x3011, 0x3015, 0x300B, 0x3009, 0xFF09, 0xFF3D, 0x201D, 0x2019,
            0xFF63:
            return true
        default: return false
        }
    }

    /// Spreads a hash over all bits (MurmurHash3's finalizer); 0, which means no hash, becomes 1.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var hash = value
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        hash ^= hash >> 33
        return hash == 0 ? 1 : hash
    }
}
