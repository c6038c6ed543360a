// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Tokenizers

@Suite("Character maps of SentencePiece")
struct PrecompiledCharacterMapTests {
    static let pairs = [
        ("ｶ", "カ"), ("ｶﾞ", "ガ"), ("㎎", "mg"), ("\u{1}", ""), ("A", "a"), ("Ab", "x"),
    ]
    static let sound = FictionalCharacterMap(pairs)

    private func map(_ content: FictionalCharacterMap) throws -> PrecompiledCharacterMap {
        try PrecompiledCharacterMap(content.bytes, file: "f", field: "m")
    }

    private func longest(_ text: String) throws -> String? {
        let map = try map(Self.sound)
        guard let (length, start) = map.longestMatch(in: Array(text.utf8), at: 0) else {
            return nil
        }
        return "\(length):" + String(decoding: map.replacement(at: start), as: UTF8.self)
    }

    @Test(
        "SentencePiece takes the longest key",
        arguments: [
            ("ｶﾞス", "6:ガ"), ("ｶス", "3:カ"), ("㎎", "3:mg"), ("\u{1}x", "1:"), ("Abc", "2:x"),
            ("ac", nil), ("", nil), ("\0", nil),
        ])
    func longestKey(_ text: String, _ expected: String?) throws {
        #expect(try longest(text) == expected)
    }

    @Test(
        "The Hugging Face library takes the shortest key",
        arguments: [("ｶﾞ", "カ"), ("Ab", "a"), ("\u{1}", ""), ("x", nil), ("", nil), ("\0A", nil)])
    func shortestKey(_ text: String, _ expected: String?) throws {
        let found = try map(Self.sound).replacementOfShortestKey(in: Array(text.utf8)[...])
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let part: String
        let bytes: [UInt8]

        init(_ name: String, _ part: String, _ change: (inout FictionalCharacterMap) -> Void) {
            testDescription = name
            self.part = part
            var content = sound
            change(&content)
            bytes = content.bytes
        }

        init(_ name: String, _ part: String, bytes: [UInt8]) {
            testDescription = name
            self.part = part
            self.bytes = bytes
        }
    }

    static let first = 256 ^ Int(UInt8(ascii: "A"))
    static let faults: [Fault] = [
        Fault("nothing", "trie_size", bytes: []),
        Fault("a size alone", "trie_size", bytes: [0, 4, 0, 0]),
        Fault(
            "a trie longer than the map", "trie_size", bytes: [0, 0xFF, 0xFF, 0x7F] + sound.bytes),
        Fault("a size that is no multiple of 4", "trie_size", bytes: [1] + sound.bytes.dropFirst()),
        Fault("an empty trie", "trie_size", bytes: [0, 0, 0, 0] + sound.bytes.dropFirst(4)),
        Fault("a root that leads outside", "trie") { $0.units[0] = 0x1F_FFFF << 10 },
        Fault("a child that leads outside", "trie") {
            $0.units[first] = 0x1F_FFFF << 10 | UInt32(UInt8(ascii: "A"))
        },
        Fault("a child that leads back to the root", "trie") {
            $0.units[first] = UInt32(first ^ 256) << 10 | UInt32(UInt8(ascii: "A"))
        },
        Fault("a replacement beyond the end", "trie") {
            for index in $0.units.indices where $0.units[index] == 0x8000_0000 | 12 {
                $0.units[index] = 0x8000_0000 | 0xFFFF
            }
        },
        Fault("a replacement within a character", "trie") {
            for index in $0.units.indices where $0.units[index] == 0x8000_0000 | 4 {
                $0.units[index] = 0x8000_0000 | 5
            }
        },
        Fault("replacements that are not UTF-8", "normalized") { $0.replacements[0] = 0xFF },
    ]

    @Test("Each fault is an error that names the part", arguments: faults)
    func refusal(_ fault: Fault) {
        #expect(throws: TokenizerError.malformed(file: "f", field: "m.\(fault.part)")) {
            try PrecompiledCharacterMap(fault.bytes, file: "f", field: "m")
        }
    }

    @Test("Maps with random bytes in them are refused, or searched without a crash")
    func randomBytes() {
        var random = SeededNumbers(seed: 37)
        let text = Array("ｶﾞAb㎎\0\u{1}\u{10FFFF}".utf8)
        for _ in 0..<300 {
            var bytes = Self.sound.bytes
            for _ in 0..<20 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            guard let map = try? PrecompiledCharacterMap(bytes, file: "f", field: "m") else {
                continue
            }
            for start in text.indices {
                if let (_, place) = map.longestMatch(in: text, at: start) {
                    #expect(map.replacement(at: place).count < bytes.count)
                }
                _ = map.replacementOfShortestKey(in: text[start...])
            }
        }
    }
}
