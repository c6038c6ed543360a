// SPDX-License-Identifier: Apache-2.0

/// Encodes segments with the parts of a `tokenizer.json`, as the library does with the whole text
/// where the tokens are found in it.
struct PipelineSegments: SegmentTokenizer {
    /// The same parts without added tokens that are markers.
    private let plain: PipelineTokenizer
    private let markers: [Int32: AddedToken]

    init(_ tokenizer: PipelineTokenizer) {
        var parts = tokenizer.parts
        let isMarker = { (token: AddedToken) in
            MarkerToken.isMarker(token.content, isSpecial: token.isSpecial)
        }
        markers = Dictionary(
            parts.addedTokens.filter(isMarker).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        parts.addedTokens.removeAll(where: isMarker)
        plain = PipelineTokenizer(parts)
    }

    func ids(of segments: [TextSegment]) -> [[Int32]] {
        var offset = 0
        return segments.indices.map { index in
            switch segments[index] {
            case .token(let id):
                offset += markers[id]?.content.unicodeScalars.count ?? 1
                return [id]
            case .text(let text):
                defer { offset += text.unicodeScalars.count }
                return ids(of: stripped(text, at: index, of: segments), offset: offset)
            }
        }
    }

    /// A text without the white space that the tokens beside it take.
    private func stripped(_ text: String, at index: Int, of segments: [TextSegment]) -> String {
        var scalars = text.unicodeScalars[...]
        if index > 0, case .token(let id) = segments[index - 1], markers[id]?.stripsRight == true {
            scalars = scalars.drop(while: LibraryCharacters.isSpace)
        }
        if index + 1 < segments.count, case .token(let id) = segments[index + 1],
            markers[id]?.stripsLeft == true
        {
            while let last = scalars.last, LibraryCharacters.isSpace(last) { scalars.removeLast() }
        }
        return String(scalars)
    }

    private func ids(of text: String, offset: Int) -> [Int32] {
        var ids: [Int32] = []
        plain.forEachWord(of: text, offset: offset) { part in
            switch part {
            case .token(let id): ids.append(id)
            case .word(let word): append(tokensOf: Array(word.scalars.text.utf8), to: &ids)
            }
        }
        return ids
    }

    /// Adds the tokens of a word; where the model itself would make a marker of its characters, the
    /// word is cut within them.
    private func append(tokensOf word: [UInt8], to ids: inout [Int32]) {
        var open = [word]
        while let word = open.popLast() {
            var tokens: [ModelToken] = []
            plain.parts.model.append(tokensOf: word, to: &tokens)
            guard let marker = tokens.first(where: { isMade($0, of: word) }) else {
                ids += tokens.map(\.id)
                continue
            }
            let cut =
                Int(marker.start) + UTF8Length.ofCharacter(word, at: Int(marker.start))
            open.append(Array(word[cut...]))
            open.append(Array(word[..<cut]))
        }
    }

    /// Whether a token is a marker because the text is its content, not for want of a piece.
    private func isMade(_ token: ModelToken, of word: [UInt8]) -> Bool {
        guard let marker = markers[token.id], marker.content.utf8.count > 1 else { return false }
        return word[Int(token.start)..<Int(token.end)].elementsEqual(marker.content.utf8)
    }
}

extension PipelineTokenizer {
    /// The same parts, where markers are never made of text.
    var segmentTokenizer: (any SegmentTokenizer)? { PipelineSegments(self) }
}
