// SPDX-License-Identifier: Apache-2.0

/// Why a list of terms cannot be read: facts only; lines and columns count from 1.
package enum TermFileError: Error, Hashable, Sendable {
    /// The file holds no row.
    case empty(file: String)
    /// The bytes are no text in any encoding known here; the line counts line feeds before the byte.
    case undecodable(file: String, line: Int, byteOffset: Int)
    /// A NUL, or so many control characters that the file is no text.
    case binary(file: String, line: Int, byteOffset: Int)
    /// The first line names the columns of no format, and none was given.
    case unknownFormat(file: String)
    /// A column that the format needs is not in the first line.
    case missingColumn(file: String, column: String)
    /// A column that is read stands twice in the first line.
    case repeatedColumn(file: String, column: String)
    /// A row is longer than the limit, in bytes of UTF-8.
    case rowTooLong(file: String, line: Int, limit: Int)
    /// A quotation mark is not closed, or something stands behind the closing one.
    case quotation(file: String, line: Int, column: Int)
    /// A row has fewer fields than the format needs.
    case fieldCount(file: String, line: Int, expected: Int, found: Int)
    /// A field has none of the values that are allowed.
    case value(file: String, line: Int, column: Int, name: String, allowed: String)
}
