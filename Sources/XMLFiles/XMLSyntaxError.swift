// SPDX-License-Identifier: Apache-2.0

/// Why a text is not read as XML. Offsets are those of its bytes in UTF-8.
package enum XMLSyntaxError: Error, Hashable, Sendable {
    /// It is not well-formed; expat's words for it.
    case malformed(String, byteOffset: Int)
    /// It has a document type declaration, and with it perhaps entities or references to files; the place
    /// after the declared name.
    case declaration(byteOffset: Int)
    /// Elements stand within each other on more levels than may be.
    case tooDeep(limit: Int)
    /// There are more elements than may be.
    case tooManyElements(limit: Int)
    /// An element has more attributes than may be.
    case tooManyAttributes(limit: Int)
    /// A name with its namespace is longer than any is.
    case nameTooLong(byteOffset: Int)
    /// It has more bytes than may be.
    case tooLarge(bytes: Int, limit: Int)
}
