// SPDX-License-Identifier: Apache-2.0

/// A part of a text whose special tokens are known beforehand.
package enum TextSegment: Hashable, Sendable {
    /// One token.
    case token(Int32)
    /// Text that is data: none of its characters become a special token.
    case text(String)
}

/// A tokenizer for text that is given in segments.
///
/// What a document says can never become a special token: where it holds the characters of one,
/// they are encoded as characters.
package protocol SegmentTokenizer: Sendable {
    /// The ids of each segment, as those of the whole text where its segments' tokens stand.
    func ids(of segments: [TextSegment]) -> [[Int32]]
}

/// Which added tokens must not come out of a document's text.
enum MarkerToken {
    /// Special tokens, and others that look like `<…>` or `[…]`; not those that stand for white
    /// space, such as a newline.
    static func isMarker(_ content: String, isSpecial: Bool) -> Bool {
        let scalars = content.unicodeScalars
        guard scalars.contains(where: { !$0.properties.isWhitespace && $0 != "\u{2581}" }) else {
            return false
        }
        if isSpecial { return true }
        guard scalars.count > 2 else { return false }
        return (scalars.first == "<" && scalars.last == ">")
            || (scalars.first == "[" && scalars.last == "]")
    }
}

/// Encodes each segment of text by itself.
struct SeparateSegments: SegmentTokenizer {
    /// Makes no special token of text.
    let plain: any TextTokenizer

    func ids(of segments: [TextSegment]) -> [[Int32]] {
        segments.map { segment in
            switch segment {
            case .token(let id): [id]
            case .text(let text): plain.ids(in: text)
            }
        }
    }
}

extension SentencePieceTokenizer {
    /// The same pieces, where user-defined ones that look like markers are not made of text;
    /// control pieces never are.
    package var segmentTokenizer: (any SegmentTokenizer)? {
        var plain = model
        for index in plain.pieces.indices where plain.pieces[index].kind == .userDefined {
            if MarkerToken.isMarker(plain.pieces[index].text, isSpecial: false) {
                plain.pieces[index].kind = .control
            }
        }
        return SeparateSegments(plain: SentencePieceTokenizer(plain))
    }
}

extension UnigramTokenizer {
    /// The same pieces, where special tokens other than white space are cut apart in a text.
    package var segmentTokenizer: (any SegmentTokenizer)? {
        var plain = self
        plain.scan = TextScan(addedTokens: vocabulary.addedTokens, cutsMarkers: true)
        return SeparateSegments(plain: plain)
    }
}
