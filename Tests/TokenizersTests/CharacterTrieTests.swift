// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Tokenizers

@Suite("The trie of pieces")
struct CharacterTrieTests {
    /// Distinct strings over a small and a wide alphabet, astral scalars among them.
    static func strings(_ count: Int, alphabet: [UInt32]) -> [[UInt32]] {
        var random = SeededNumbers(seed: 7)
        var seen: Set<[UInt32]> = []
        while seen.count < count {
            let length = 1 + random.number(below: 6)
            seen.insert((0..<length).map { _ in alphabet[random.number(below: alphabet.count)] })
        }
        return seen.sorted { $0.lexicographicallyPrecedes($1) }
    }

    static func text(_ scalars: [UInt32]) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.compactMap(Unicode.Scalar.init))
        return String(text)
    }

    static let alphabets: [[UInt32]] = [
        [0x3042, 0x3044, 0x3046],
        Array(0x4E00..<0x6E00),
        [0, 0x20, 0x7F, 0xFF, 0x2581, 0xD7FF, 0xE000, 0xFFFF, 0x1_0000, 0x1_F600, 0x10_FFFF],
    ]

    @Test("Every piece is found under its id and nothing else is", arguments: alphabets)
    func exact(alphabet: [UInt32]) {
        let all = Self.strings(600, alphabet: alphabet)
        let pieces = all.enumerated().filter { $0.offset % 3 > 0 }.map(\.element)
        let trie = CharacterTrie(pieces)
        for (id, piece) in pieces.enumerated() {
            #expect(trie.id(of: Self.text(piece).unicodeScalars) == Int32(id))
        }
        for (index, other) in all.enumerated() where index % 3 == 0 {
            #expect(trie.id(of: Self.text(other).unicodeScalars) == nil)
        }
        #expect(trie.id(of: "".unicodeScalars) == nil)
        #expect(trie.id(of: "\u{30A2}".unicodeScalars) == nil)
    }

    @Test("The best of all segmentations is found, unknown characters fused")
    func segmentation() {
        let pieces = Self.strings(90, alphabet: Self.alphabets[0])
        let scores = pieces.indices.map { -Double(($0 * 37) % 101) / 7 - 1 }
        let unknown = pieces.count - 1
        let segmenter = UnigramSegmenter(
            trie: CharacterTrie(pieces), scores: scores, unknown: Int32(unknown))
        let known = Dictionary(uniqueKeysWithValues: zip(pieces, pieces.indices))
        let penalty = scores.min()! - UnigramSegmenter.unknownPenalty
        /// Largest sum of scores, by trying every first piece.
        func best(_ rest: ArraySlice<UInt32>) -> Double {
            guard !rest.isEmpty else { return 0 }
            var sums = (1...min(6, rest.count)).compactMap { length in
                known[Array(rest.prefix(length))].map { scores[$0] + best(rest.dropFirst(length)) }
            }
            if known[[rest.first!]] == nil { sums.append(penalty + best(rest.dropFirst())) }
            return sums.max()!
        }
        var scratch = UnigramSegmenter.Scratch()
        for word in Self.strings(200, alphabet: Self.alphabets[0] + [0x1_F600, 0x41, 0xE9]) {
            segmenter.segment(Array(Self.text(word).utf8), &scratch)
            var start = 0
            var sum = 0.0
            let bytes = Array(Self.text(word).utf8)
            for segment in scratch.segments {
                let part = Array(
                    String(decoding: bytes[start..<segment.end], as: UTF8.self).unicodeScalars.map(
                        \.value))
                let isPiece = known[part].map { Int32($0) == segment.id } ?? false
                sum += isPiece ? scores[Int(segment.id)] : penalty * Double(part.count)
                #expect(isPiece || segment.id == unknown)
                start = segment.end
            }
            #expect(start == bytes.count)
            #expect(abs(sum - best(word[...])) < 1e-9)
        }
    }

    @Test("Pieces that all begin alike, or with very many characters, take little room and time")
    func shapes() {
        let deep = (1...500).map { [UInt32](repeating: 0x30FC, count: $0) }
        let wide = (0..<20_000).map { [0x2581, UInt32(0x2_0000 + $0)] }
        for pieces in [deep, wide] {
            let trie = CharacterTrie(pieces)
            #expect(
                pieces.indices.allSatisfy {
                    trie.id(of: Self.text(pieces[$0]).unicodeScalars) == Int32($0)
                })
        }
    }
}
