// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a file of raw text. Lines count from 1.
package enum RawTextError: Error, Hashable, Sendable {
    /// A document is no valid UTF-8.
    case notUTF8(file: String, line: Int)
    /// A line is not what its format has.
    case malformed(file: String, line: Int, expected: String)
    /// A line of JSON lacks a field, or has no string there.
    case missingField(file: String, line: Int, field: String)
    /// A document is longer than is read.
    case tooLong(file: String, line: Int, limit: Int)
}
