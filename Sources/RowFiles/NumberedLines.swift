// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// The lines of a text, one after another, each with its number; lines of white space are passed over.
///
/// For files of one record a line, as JSON Lines. Lines end at line feeds, which in UTF-8 are part of
/// no other character; U+2028 may stand inside a string.
package struct NumberedLines: Sequence, IteratorProtocol {
    /// A line without its line feed.
    package struct Line: Hashable, Sendable {
        /// Counted from 1, blank lines included.
        package let number: Int
        /// Its bytes.
        package let bytes: Data
    }

    private let content: Data
    private var position: Data.Index
    private var number = 0

    /// The lines of a file's content.
    package init(_ content: Data) {
        self.content = content
        position = content.startIndex
    }

    /// The next line that is not blank.
    package mutating func next() -> Line? {
        while position < content.endIndex {
            let end = content[position...].firstIndex(of: UInt8(ascii: "\n")) ?? content.endIndex
            let bytes = content[position..<end]
            position = end < content.endIndex ? end + 1 : end
            number += 1
            if !bytes.allSatisfy(Self.isBlank) { return Line(number: number, bytes: bytes) }
        }
        return nil
    }

    /// White space of JSON, and the mark that ends texts of some old editors.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x1A
    }
}
