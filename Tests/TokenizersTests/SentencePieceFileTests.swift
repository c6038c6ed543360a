// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite("SentencePiece model files that are wrong")
struct SentencePieceFileTests {
    typealias Model = FictionalSentencePieceModel

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let error: TokenizerError

        init(_ name: String, _ error: TokenizerError, _ change: (inout Model) -> Void) {
            var model = Model()
            change(&model)
            self.init(name, error, bytes: model.bytes)
        }

        init(_ name: String, _ error: TokenizerError, bytes: [UInt8]) {
            testDescription = name
            self.bytes = bytes
            self.error = error
        }
    }

    static func malformed(_ field: String) -> TokenizerError {
        .malformed(file: "x.model", field: field)
    }

    static func missing(_ field: String) -> TokenizerError {
        .missing(file: "x.model", field: field)
    }

    static func duplicate(_ field: String) -> TokenizerError {
        .duplicate(file: "x.model", field: field)
    }

    static let cases: [Case] = [
        Case("nothing", missing("pieces"), bytes: []),
        Case("no pieces", missing("pieces")) { $0.pieces = [] },
        Case("a number without end", malformed("$"), bytes: [UInt8](repeating: 0x80, count: 11)),
        Case("a length of 2^63", malformed("$"), bytes: [0x0A] + Model.varint(1 << 63)),
        Case("a length beyond the end", malformed("$"), bytes: [0x0A, 0xFF, 0xFF, 0x03, 0x00]),
        Case("a field of number 0", malformed("$"), bytes: [0x02, 0x00]),
        Case("a group", malformed("$"), bytes: [0x0B, 0x0C]),
        Case("a piece that is a number", malformed("pieces[0]"), bytes: [0x08, 0x01]),
        Case(
            "a length beyond the piece", malformed("pieces[0]"), bytes: [0x0A, 0x02, 0x0A, 0x05]),
        Case("a piece without text", missing("pieces[0].piece"), bytes: [0x0A, 0x00]),
        Case("an empty piece", missing("pieces[5].piece")) { $0.pieces[5].text = [] },
        Case("a piece that is not UTF-8", malformed("pieces[5].piece")) {
            $0.pieces[5].text = [0xE3, 0x81]
        },
        Case(
            "a piece of more than 16384 bytes",
            .tooLarge(file: "x.model", field: "pieces[5].piece", count: 16385, limit: 16384)
        ) { $0.pieces[5].text = [UInt8](repeating: 0x61, count: 16385) },
        Case("a piece twice", duplicate("pieces[10]")) { $0.pieces[9].text = $0.pieces[10].text },
        Case("a score NaN", malformed("pieces[4].score")) { $0.pieces[4].score = .nan },
        Case("an infinite score", malformed("pieces[4].score")) { $0.pieces[4].score = -.infinity },
        Case("a score beyond bounds", malformed("pieces[4].score")) { $0.pieces[4].score = -1e30 },
        Case(
            "an unknown type",
            .unsupported(file: "x.model", field: "pieces[4].type", value: "9")
        ) { $0.pieces[4].kind = 9 },
        Case("no piece for the unknown", missing("pieces (UNKNOWN)")) { $0.pieces[0].kind = 1 },
        Case("two pieces for the unknown", duplicate("pieces[1].type")) { $0.pieces[1].kind = 2 },
        Case("a byte without byte fallback", malformed("pieces[1].piece")) {
            $0.pieces[1] = .init("<0x41>", kind: 6)
        },
        Case("a byte that is none", malformed("pieces[1].piece")) {
            $0.pieces[1] = .init("<0xZZ>", kind: 6)
            $0.trainer = Model.number(35, 1)
        },
        Case("too few bytes", missing("pieces (BYTE 0)")) { $0.trainer = Model.number(35, 1) },
        Case(
            "an unknown algorithm",
            .unsupported(file: "x.model", field: "trainer_spec.model_type", value: "7")
        ) { $0.trainer = Model.number(3, 7) },
        Case("a flag that is text", malformed("normalizer_spec.add_dummy_prefix")) {
            $0.normalizer = Model.message(3, [1])
        },
        Case("a map that is none", malformed("normalizer_spec.precompiled_charsmap.trie_size")) {
            $0.normalizer = Model.message(2, [1, 2, 3])
        },
        Case("a map that leads outside", malformed("normalizer_spec.precompiled_charsmap.trie")) {
            var map = FictionalCharacterMap([("a", "b")])
            map.units[0] = 0x1F_FFFF << 10
            $0.normalizer = Model.message(2, map.bytes)
        },
    ]

    @Test("Each fault is an error that names the file and the field", arguments: cases)
    func refusal(_ fault: Case) {
        #expect(throws: fault.error) { try SentencePieceModel(fault.bytes, file: "x.model") }
    }

    @Test("The file that the faults are made from is itself right")
    func sound() throws {
        #expect(try Model().tokenizer().ids(in: "発熱を") == [4, 7])
    }

    @Test("Ten million pieces are refused at the limit")
    func manyPieces() {
        // Each is a message with the text "a": 5 bytes.
        let limit = SentencePieceModel.pieceLimit
        let bytes = [UInt8](
            [[0x0A, 0x03, 0x0A, 0x01, 0x61] as [UInt8]].joined().cycled(limit + 1))
        #expect(
            throws: TokenizerError.tooLarge(
                file: "x", field: "pieces", count: limit + 1, limit: limit)
        ) { try SentencePieceModel(bytes, file: "x") }
    }

    @Test("A file that is too large is refused before it is read")
    func oversize() {
        let limit = SentencePieceModel.fileByteLimit
        #expect(
            throws: TokenizerError.tooLarge(file: "x", field: "$", count: limit + 1, limit: limit)
        ) { try SentencePieceModel([UInt8](repeating: 0, count: limit + 1), file: "x") }
    }

    @Test("Files with random bytes in them, or cut short, are refused or used without a crash")
    func randomBytes() throws {
        var random = SeededNumbers(seed: 29)
        var content = Model()
        content.normalizer = Model.message(
            2, FictionalCharacterMap([("ｶﾞ", "ガ"), ("㎎", "mg"), ("\u{1}", "")]).bytes)
        var used = 0
        for round in 0..<3000 {
            content.trainer = Model.number(3, UInt64(round % 4 + 1))
            var bytes = content.bytes
            if round % 2 == 0 {
                bytes = Array(bytes.prefix(.random(in: 0...bytes.count, using: &random)))
            }
            for _ in 0..<(round % 5) where !bytes.isEmpty {
                let index = Int.random(in: 0..<min(bytes.count, 400), using: &random)
                bytes[index] = .random(in: 0...255, using: &random)
            }
            guard let model = try? SentencePieceModel(bytes, file: "x") else { continue }
            used += 1
            let tokenizer = SentencePieceTokenizer(model)
            let text = "  発熱をｶﾞ㎎\u{1}<sep>未知 mg\0ｶ 😀"
            let ids = tokenizer.ids(in: text)
            #expect(ids.allSatisfy { tokenizer.piece(of: $0) != nil })
            _ = tokenizer.decode(ids + [-1, 99], skippingSpecial: false)
        }
        #expect(used > 100)
    }
}

extension Collection {
    /// The elements again and again.
    fileprivate func cycled(_ times: Int) -> some Sequence<Element> {
        repeatElement(self, count: times).joined()
    }
}
