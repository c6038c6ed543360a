// SPDX-License-Identifier: Apache-2.0
extension UnigramTokenizer {
    /// The text that a list of words stands for: words joined by single spaces, but none at
    /// either side of a newline, which is a token of its own and ends the stretch of words.
    ///
    /// With a space there, Metaspace would put a lone U+2581 before each newline.
    package static func text(of words: [String]) -> String {
        var text = ""
        for (index, word) in words.enumerated() {
            if needsSpace(before: index, in: words) { text += " " }
            text += word
        }
        return text
    }

    /// The ids of each word; all in a row are the ids of `text(of: words)`.
    ///
    /// A word `"\n"` is the newline token. An empty word has the U+2581 of its space, if any.
    package func encode(words: [String]) -> [[Int32]] {
        var bytes: [UInt8] = []
        // Byte after each word; the space before a word belongs to it.
        var ends: [Int] = []
        ends.reserveCapacity(words.count)
        for (index, word) in words.enumerated() {
            if Self.needsSpace(before: index, in: words) { bytes.append(0x20) }
            bytes.append(contentsOf: word.utf8)
            ends.append(bytes.count)
        }
        var result = [[Int32]](repeating: [], count: words.count)
        var word = 0
        forEachPart(of: bytes) { start, ids in
            while start >= ends[word] { word += 1 }
            if result[word].isEmpty { result[word] = ids } else { result[word] += ids }
        }
        return result
    }

    /// The tokens of each word, with offsets in the word's own Unicode scalars.
    ///
    /// The ids are those of `encode(words:)`. A U+2581 that is no character of the word has the
    /// empty range at 0.
    package func pieces(inWords words: [String]) -> [[TokenPiece]] {
        var result = [[TokenPiece]](repeating: [], count: words.count)
        var starts: [Int] = []
        var ends: [Int] = []
        for (index, word) in words.enumerated() {
            let space = Self.needsSpace(before: index, in: words) ? 1 : 0
            starts.append((ends.last ?? 0) + space)
            ends.append((ends.last ?? 0) + space + word.unicodeScalars.count)
        }
        var word = 0
        for piece in encode(Self.text(of: words)) {
            while piece.start >= ends[word] { word += 1 }
            let isOnlySpace =
                result[word].isEmpty && Self.isMark(piece.piece.unicodeScalars.first)
                && piece.piece.unicodeScalars.count == 1
                && !Self.isMark(words[word].unicodeScalars.first)
            let count = ends[word] - starts[word]
            result[word].append(
                TokenPiece(
                    id: piece.id, piece: piece.piece,
                    start: min(max(piece.start - starts[word], 0), count),
                    end: isOnlySpace ? 0 : min(max(piece.end - starts[word], 0), count)))
        }
        return result
    }

    private static func isMark(_ scalar: Unicode.Scalar?) -> Bool { scalar == "\u{2581}" }

    private static func needsSpace(before index: Int, in words: [String]) -> Bool {
        index > 0 && !isNewline(words[index - 1]) && !isNewline(words[index])
    }

    private static func isNewline(_ word: String) -> Bool {
        word.utf8.count == 1 && word.utf8.first == 0x0A
    }
}
