// SPDX-License-Identifier: Apache-2.0

/// One document of raw text.
package struct RawDocument: Hashable, Sendable {
    /// Its name in its source, where it has one.
    package var id: String?
    /// Its title, which is no part of the text.
    package var title: String?
    /// Where it was published.
    package var address: String?
    /// The text.
    package var text: String

    /// A document.
    package init(
        id: String? = nil, title: String? = nil, address: String? = nil, text: String
    ) {
        (self.id, self.title, self.address, self.text) = (id, title, address, text)
    }
}

/// The bytes of one document as its file has them.
package struct RawRecord: Hashable, Sendable {
    /// The bytes, without what divides them from others.
    package let bytes: [UInt8]
    /// The line that it begins in, from 1.
    package let line: Int

    /// A record of a file that was divided elsewhere.
    package init(bytes: [UInt8], line: Int) { (self.bytes, self.line) = (bytes, line) }
}
