// SPDX-License-Identifier: Apache-2.0
extension SentencePieceTokenizer {
    /// Each word is a piece, or unknown; a word begins with a space.
    ///
    /// Source: google/sentencepiece, `word_model.cc` and `SplitIntoWords` in `model_interface.cc`.
    func wordSegments(of text: [UInt8]) -> [Segment] {
        var ends: [Int] = []
        var position = 0
        while position < text.count {
            let length = UTF8Length.ofCharacter(text, at: position)
            let isSpace = text[position..<position + length]
                .elementsEqual(SentencePieceNormalizer.mark)
            if position > 0, isSpace { ends.append(position) }
            position += length
        }
        return segments(ending: ends + [text.count], in: text)
    }

    /// Each character is a piece, or unknown; a user-defined piece goes before its characters.
    ///
    /// Source: google/sentencepiece, `char_model.cc`.
    func characterSegments(of text: [UInt8]) -> [Segment] {
        var ends: [Int] = []
        var position = 0
        while position < text.count {
            position +=
                userDefined?.longestLength(in: text, at: position)
                ?? UTF8Length.ofCharacter(text, at: position)
            ends.append(position)
        }
        return segments(ending: ends, in: text)
    }

    private func segments(ending ends: [Int], in text: [UInt8]) -> [Segment] {
        var start = 0
        return ends.map { end in
            defer { start = end }
            return Segment(end: end, id: usedPiece(over: start..<end, of: text))
        }
    }
}
