// SPDX-License-Identifier: Apache-2.0
extension SentencePieceTokenizer {
    /// The text of these ids, as SentencePiece decodes them.
    ///
    /// Control pieces never show. An unknown piece shows as the model says (` ⁇ ` if it says
    /// nothing), or not at all if `skippingSpecial`. Bytes that are no UTF-8 become U+FFFD.
    /// Source: google/sentencepiece, `sentencepiece_processor.cc`, `Decode`.
    package func decode(_ ids: [Int32], skippingSpecial: Bool) -> String {
        var text: [UInt8] = []
        var bytes: [UInt8] = []
        var mayDropSpace = true
        var hasDroppedSpace = false
        for id in ids where model.pieces.indices.contains(Int(id)) {
            let piece = model.pieces[Int(id)]
            if piece.kind == .byte, let byte = SentencePieceModel.byte(of: piece.text) {
                bytes.append(byte)
                continue
            }
            Self.append(&bytes, to: &text)
            if hasDroppedSpace || !text.isEmpty { mayDropSpace = false }
            hasDroppedSpace = false
            switch piece.kind {
            case .control: break
            case .unknown:
                if !skippingSpecial { text += Array(model.unknownSurface.utf8) }
            default:
                var surface = Array(piece.text.utf8)[...]
                if mayDropSpace, dropsLeadingSpace,
                    surface.starts(with: SentencePieceNormalizer.mark)
                {
                    surface = surface.dropFirst(SentencePieceNormalizer.mark.count)
                    // Where extra spaces are removed, all leading ones go.
                    hasDroppedSpace = !model.normalization.removesExtraSpaces
                }
                Self.appendWithSpaces(surface, to: &text)
            }
        }
        Self.append(&bytes, to: &text)
        if let denormalizer { text = denormalizer.normalize(text).bytes }
        return String(decoding: text, as: UTF8.self)
    }

    private var dropsLeadingSpace: Bool {
        model.normalization.addsDummyPrefix || model.normalization.removesExtraSpaces
    }

    private static func appendWithSpaces(_ piece: ArraySlice<UInt8>, to text: inout [UInt8]) {
        var index = piece.startIndex
        while index < piece.endIndex {
            if piece[index...].starts(with: SentencePieceNormalizer.mark) {
                text.append(0x20)
                index += SentencePieceNormalizer.mark.count
            } else {
                text.append(piece[index])
                index += 1
            }
        }
    }

    /// Moves bytes to a text: whole characters as they are, any other byte as U+FFFD.
    private static func append(_ bytes: inout [UInt8], to text: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let length = UTF8Length.ofCharacter(bytes, at: index)
            let character = bytes[index..<index + length]
            if String(validating: character, as: UTF8.self) != nil {
                text += character
                index += length
            } else {
                text += [0xEF, 0xBF, 0xBD]
                index += 1
            }
        }
        bytes.removeAll()
    }
}
