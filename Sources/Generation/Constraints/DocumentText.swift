// SPDX-License-Identifier: Apache-2.0

/// A text whose substrings a model may be bound to.
package struct DocumentText: Sendable {
    /// The text in UTF-8.
    package let bytes: [UInt8]
    /// Its substrings.
    package let automaton: SuffixAutomaton

    /// The longest text that is taken, in bytes of UTF-8.
    package static let byteLimit = 16 << 20

    /// A text and its substrings; nil where it is longer than `byteLimit`.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.byteLimit else { return nil }
        bytes = Array(text.utf8)
        automaton = SuffixAutomaton(bytes)
    }

    /// The bytes that are missing to the end of a character where the strings of a state end.
    ///
    /// A string that begins with a character's first byte is at the same place of a character
    /// wherever it stands, because no byte of UTF-8 is both a first and a later one.
    func missingBytes(_ state: Int32) -> Int {
        let end = automaton.firstEnd(of: state)
        return bytes[end...].prefix(3).prefix(while: UTF8.isContinuation).count
    }

    /// Where a string stands in the text, every time; none for the empty string.
    package func places(of string: String) -> [TextPlace] {
        let length = string.utf8.count
        guard length > 0, let state = automaton.state(of: string.utf8) else { return [] }
        let (scalars, units) = (string.unicodeScalars.count, string.utf16.count)
        var (offset, scalarOffset, unitOffset) = (0, 0, 0)
        return automaton.ends(of: state).map { end in
            while offset < end - length {
                if !UTF8.isContinuation(bytes[offset]) {
                    scalarOffset += 1
                    // Four bytes of UTF-8 are two units of UTF-16.
                    unitOffset += bytes[offset] >= 0xF0 ? 2 : 1
                }
                offset += 1
            }
            return TextPlace(
                utf8Start: end - length, utf8End: end, scalarStart: scalarOffset,
                scalarEnd: scalarOffset + scalars, utf16Start: unitOffset,
                utf16End: unitOffset + units)
        }
    }
}

/// Where a string stands in a text, in the three units that readers count in.
///
/// The text is whatever the caller gave; so this is neither a `SourceRange` nor a `CleanedRange`,
/// but the caller, who knows, can make one of the scalars.
package struct TextPlace: Hashable, Codable, Sendable {
    /// Offset of the first byte in UTF-8.
    package let utf8Start: Int
    /// Offset after the last byte in UTF-8.
    package let utf8End: Int
    /// Offset of the first Unicode scalar.
    package let scalarStart: Int
    /// Offset after the last Unicode scalar.
    package let scalarEnd: Int
    /// Offset of the first unit of UTF-16.
    package let utf16Start: Int
    /// Offset after the last unit of UTF-16.
    package let utf16End: Int
}
