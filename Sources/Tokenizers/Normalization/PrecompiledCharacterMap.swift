// SPDX-License-Identifier: Apache-2.0

/// The character map of a SentencePiece model (`precompiled_charsmap`): byte sequences and what
/// stands in their place.
///
/// Layout: size of the trie in bytes (little-endian, 32 bits), a double array of 32-bit units as
/// darts-clone writes it, then the replacements, each ended by a zero byte. Every unit that a
/// search can reach is checked when the map is read, so that searching cannot leave the array.
/// Source: google/sentencepiece, `normalizer.cc`; s-yata/darts-clone, `darts.h`.
package struct PrecompiledCharacterMap: Sendable {
    /// Largest map that is read, in bytes; those of SentencePiece have about 300 KB.
    package static let byteLimit = 16 << 20

    private let units: [UInt32]
    private let replacements: [UInt8]

    /// Reads the bytes of a map; `file` and `field` go into the errors.
    ///
    /// Throws `TokenizerError.malformed` where a size, an offset or a replacement does not fit,
    /// where the trie has a cycle, or the replacements are not UTF-8; `.tooLarge`.
    package init(_ bytes: [UInt8], file: String, field: String) throws {
        func malformed(_ part: String) -> TokenizerError {
            .malformed(file: file, field: "\(field).\(part)")
        }
        guard bytes.count <= Self.byteLimit else {
            throw TokenizerError.tooLarge(
                file: file, field: field, count: bytes.count, limit: Self.byteLimit)
        }
        guard bytes.count > 4 else { throw malformed("trie_size") }
        let size = Int(Self.word(bytes, at: 0))
        guard size % 4 == 0, size >= 1024, size < bytes.count - 4 else {
            throw malformed("trie_size")
        }
        units = stride(from: 4, to: 4 + size, by: 4).map { Self.word(bytes, at: $0) }
        replacements = Array(bytes[(4 + size)...])
        guard String(validating: replacements, as: UTF8.self) != nil else {
            throw malformed("normalized")
        }
        guard isSound() else { throw malformed("trie") }
    }

    /// The bytes of the map, as it was read.
    var bytes: [UInt8] {
        let size = UInt32(units.count * 4)
        return ([size] + units).flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
        } + replacements
    }

    private static func word(_ bytes: [UInt8], at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
    }

    /// The longest key that begins at `start`: its bytes, and where its replacement begins.
    @inline(__always)
    func longestMatch(in text: [UInt8], at start: Int) -> (length: Int, replacement: Int)? {
        var base = Self.base(units[0], at: 0)
        var found: (length: Int, replacement: Int)?
        for index in start..<text.count {
            guard let (next, value) = step(from: base, text[index]) else { break }
            base = next
            if value >= 0 { found = (index + 1 - start, value) }
        }
        return found
    }

    /// What stands for `bytes` if some key begins them: the value of the shortest such key, which
    /// may be empty; nil where no key does.
    ///
    /// The Hugging Face library asks for whole graphemes, then for scalars, in this way.
    package func replacementOfShortestKey(in bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var base = Self.base(units[0], at: 0)
        for byte in bytes {
            guard byte != 0, let (next, value) = step(from: base, byte) else { return nil }
            if value >= 0 { return Array(replacement(at: value)) }
            base = next
        }
        return nil
    }

    /// The bytes of a replacement.
    @inline(__always)
    func replacement(at start: Int) -> ArraySlice<UInt8> {
        var end = start
        while end < replacements.count, replacements[end] != 0 { end += 1 }
        return replacements[start..<end]
    }

    /// The base of the node below, and the replacement that a key ending there has, or −1.
    @inline(__always)
    private func step(from base: Int, _ byte: UInt8) -> (base: Int, value: Int)? {
        let position = base ^ Int(byte)
        let unit = units[position]
        guard unit & Self.labelMask == UInt32(byte) else { return nil }
        let next = Self.base(unit, at: position)
        return (next, unit & Self.leafFlag != 0 ? Int(units[next] & Self.valueMask) : -1)
    }

    private static let labelMask: UInt32 = 0x8000_00FF
    private static let valueMask: UInt32 = 0x7FFF_FFFF
    private static let leafFlag: UInt32 = 0x100

    /// Where the children of a unit lie: child `c` at the base xor `c`.
    @inline(__always)
    private static func base(_ unit: UInt32, at position: Int) -> Int {
        position ^ Int((unit >> 10) << ((unit & 0x200) >> 6))
    }

    /// Whether every search stays in the array, ends, and finds a replacement that is there.
    private func isSound() -> Bool {
        var state = [UInt8](repeating: 0, count: units.count)
        func enter(_ base: Int) -> Bool {
            guard base | 0xFF < units.count, state[base] == 0 else { return false }
            state[base] = 1
            return true
        }
        let root = Self.base(units[0], at: 0)
        guard enter(root) else { return false }
        var path = [(base: root, label: 0)]
        while let (base, label) = path.last {
            guard label < 256 else {
                state[base] = 2
                path.removeLast()
                continue
            }
            path[path.count - 1].label += 1
            let position = base ^ label
            let unit = units[position]
            guard unit & Self.labelMask == UInt32(label) else { continue }
            let next = Self.base(unit, at: position)
            guard next | 0xFF < units.count else { return false }
            if unit & Self.leafFlag != 0, !isReplacement(Int(units[next] & Self.valueMask)) {
                return false
            }
            // Keys may share their ends (1: on the path, a cycle; 2: seen and sound).
            if state[next] == 2 { continue }
            guard enter(next) else { return false }
            path.append((next, 0))
        }
        return true
    }

    private func isReplacement(_ start: Int) -> Bool {
        start < replacements.count && !UTF8.isContinuation(replacements[start])
    }
}
