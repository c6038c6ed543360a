// SPDX-License-Identifier: Apache-2.0

/// A segment of a message, whose fields are looked up as they are asked for.
///
/// Fields and components count from 1 as the standard does; MSH-1 is the separator itself.
struct HL7Segment {
    let name: String
    let bytes: ArraySlice<UInt8>
    let delimiters: HL7Delimiters
    let encoding: TextEncoding

    /// The bytes of a field with all its repetitions; empty where there is none.
    func field(_ number: Int) -> ArraySlice<UInt8> {
        let skipped = name == "MSH" ? number - 1 : number
        return Self.part(skipped, of: bytes, by: delimiters.field)
    }

    /// The repetitions of a field; none where it is empty.
    func repetitions(_ number: Int) -> [ArraySlice<UInt8>] {
        let field = field(number)
        guard !field.isEmpty else { return [] }
        return field.split(
            separator: delimiters.repetition, maxSplits: 1000, omittingEmptySubsequences: false)
    }

    /// The number-th component of a repetition.
    func component(_ number: Int, of repetition: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        Self.part(number - 1, of: repetition, by: delimiters.component)
    }

    /// A component of a field's first repetition in which something stands; nil where that is nothing or
    /// the mark `""`, which deletes a value.
    func value(_ number: Int, _ component: Int = 1) -> String? {
        value(of: self.component(component, of: firstRepetition(field(number))))
    }

    /// A field's first repetition with its components as sent, without empty ones at its end.
    func wholeValue(_ number: Int) -> String? {
        var first = firstRepetition(field(number))
        while let last = first.last, last == delimiters.component || last == 0x20 {
            first.removeLast()
        }
        return value(of: first)
    }

    private func firstRepetition(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let content = field.drop { $0 == delimiters.repetition }
        return content.prefix { $0 != delimiters.repetition }
    }

    /// The text of a part of a field without white space around it; nil where nothing stands there.
    func value(of part: ArraySlice<UInt8>) -> String? {
        // Most parts are empty, and most others have nothing to resolve.
        let part = part.trimmed { $0 <= 0x20 }
        guard let first = part.first, let last = part.last else { return nil }
        let text = HL7Escapes(delimiters, encoding).plainText(of: part)
        if text == "\"\"" { return nil }
        if first < 0x80, last < 0x80, first != delimiters.escape, last != delimiters.escape {
            return text
        }
        let trimmed = text.trimmingScalars(\.isSpace)
        return trimmed.isEmpty ? nil : trimmed
    }

    private static func part(
        _ skipped: Int, of bytes: ArraySlice<UInt8>, by separator: UInt8
    ) -> ArraySlice<UInt8> {
        let base = bytes.startIndex
        let found = bytes.withUnsafeBufferPointer { bytes -> Range<Int>? in
            var (start, left) = (0, skipped)
            for index in bytes.indices where bytes[index] == separator {
                if left == 0 { return start..<index }
                left -= 1
                start = index + 1
            }
            return left == 0 ? start..<bytes.count : nil
        }
        return found.map { bytes[(base + $0.lowerBound)..<(base + $0.upperBound)] } ?? []
    }
}
