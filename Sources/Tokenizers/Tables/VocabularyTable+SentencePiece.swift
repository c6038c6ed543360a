// SPDX-License-Identifier: Apache-2.0
package import Foundation

extension VocabularyTable {
    /// The bytes of a SentencePiece model of the table.
    ///
    /// Fields are those of google/sentencepiece, `sentencepiece_model.proto`.
    func sentencePieceModel(name: String) throws(TokenizerError) -> [UInt8] {
        try check(name: name)
        var kinds = kinds
        // A file may name the unknown token by its number alone.
        if !kinds.contains(.unknown), let unknown { kinds[unknown] = .unknown }
        var model = ProtobufBytes()
        for index in tokens.indices {
            var piece = ProtobufBytes()
            piece.append(1, Array(tokens[index].utf8))
            piece.append(2, float: scores[index])
            if kinds[index] != .normal { piece.append(3, number: UInt64(kinds[index].rawValue)) }
            model.append(1, piece.bytes)
        }
        model.append(2, trainer(hasBytes: kinds.contains(.byte)))
        var normalizer = ProtobufBytes()
        normalizer.append(1, Array((characterMap.isEmpty ? "identity" : "custom").utf8))
        normalizer.append(2, characterMap)
        normalizer.append(3, number: addsSpacePrefix ? 1 : 0)
        normalizer.append(4, number: removesExtraSpaces ? 1 : 0)
        normalizer.append(5, number: 1)
        model.append(3, normalizer.bytes)
        return model.bytes
    }

    private func trainer(hasBytes: Bool) -> [UInt8] {
        var trainer = ProtobufBytes()
        trainer.append(3, number: kind == .t5 ? 1 : 2)
        trainer.append(4, number: UInt64(tokens.count))
        trainer.append(35, number: hasBytes ? 1 : 0)
        // Where a file has no such token, SentencePiece's numbers for none.
        for (field, id) in [(40, unknown), (41, begin), (42, end), (43, padding)] {
            trainer.append(field, number: id.map { UInt64($0) } ?? .max)
        }
        for (field, id) in [(45, unknown), (46, begin), (47, end), (48, padding)] {
            if let id { trainer.append(field, Array(tokens[id].utf8)) }
        }
        return trainer.bytes
    }

    /// The table of a SentencePiece model; nil where a GGUF file has no such kind (words, characters).
    ///
    /// Throws `TokenizerError`.
    package init?(sentencePiece content: Data, name: String) throws {
        let model = try SentencePieceModel(Array(content), file: name)
        switch model.algorithm {
        case .bpe: self.init(kind: .llama)
        case .unigram: self.init(kind: .t5)
        case .word, .character: return nil
        }
        guard model.normalization.escapesSpaces, !model.normalization.treatsSpaceAsSuffix else {
            return nil
        }
        tokens = model.pieces.map(\.text)
        scores = model.pieces.map(\.score)
        kinds = model.pieces.map { TokenKind(rawValue: Int($0.kind.rawValue)) ?? .normal }
        unknown = Int(model.unknown)
        func control(_ text: String) -> Int? {
            model.pieces.firstIndex {
                $0.kind == .control && $0.text.utf8.elementsEqual(text.utf8)
            }
        }
        begin = control(model.beginPiece)
        end = control(model.endPiece)
        addsSpacePrefix = model.normalization.addsDummyPrefix
        removesExtraSpaces = model.normalization.removesExtraSpaces
        characterMap = model.normalization.map?.bytes ?? []
    }
}

/// A protobuf message as it grows.
private struct ProtobufBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ field: Int, number value: UInt64) {
        varint(UInt64(field) << 3)
        varint(value)
    }

    mutating func append(_ field: Int, float value: Float) {
        varint(UInt64(field) << 3 | 5)
        for shift in 0..<4 {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * shift)))
        }
    }

    mutating func append(_ field: Int, _ content: [UInt8]) {
        varint(UInt64(field) << 3 | 2)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
