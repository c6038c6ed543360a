// SPDX-License-Identifier: Apache-2.0

/// How much a document may hold; what is larger is refused as soon as that shows.
package struct XMLLimits: Hashable, Sendable {
    /// Bytes of the document in UTF-8; at most 2 GiB are read, whatever this says.
    package var maximumBytes: Int
    /// Levels of elements within each other.
    package var maximumDepth: Int
    /// Elements; ten attributes count as one.
    package var maximumElements: Int
    /// Attributes of one element.
    package var maximumAttributes: Int

    /// Limits.
    package init(
        maximumBytes: Int = 64 << 20, maximumDepth: Int = 100, maximumElements: Int = 100_000,
        maximumAttributes: Int = 200
    ) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
        self.maximumElements = maximumElements
        self.maximumAttributes = maximumAttributes
    }
}
