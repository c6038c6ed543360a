// SPDX-License-Identifier: Apache-2.0

/// How much a file or document may hold; what is larger is refused before it is looked at.
package struct IntakeLimits: Hashable, Sendable {
    /// Bytes of a file.
    package var maximumBytes: Int
    /// Unicode scalars of one document; half a million take about half a gigabyte on their way.
    package var maximumDocumentScalars: Int
    /// Bytes of one line of a .jsonl file, after conversion to UTF-8.
    package var maximumJSONLineBytes: Int
    /// Records of a file of messages, rows or resources.
    package var maximumRecords = 10_000
    /// Sections of a document.
    package var maximumSections = 1000
    /// Segments, elements or cells of a file.
    package var maximumParts = 100_000
    /// Levels of elements, values or groups within each other.
    package var maximumDepth = 100
    /// Bytes of an attachment after decoding.
    package var maximumAttachmentBytes = 32 << 20
    /// Documents within documents, as a CDA in base64 within a message.
    package var maximumNesting = 3
    /// Bytes of all that is read out of an archive.
    package var maximumUnpackedBytes = 256 << 20

    /// Limits; the defaults are those of shoken.toml(5): 16 MiB, half a million scalars, and lines of
    /// 16 MiB.
    package init(
        maximumBytes: Int = 16 << 20, maximumDocumentScalars: Int = 500_000,
        maximumJSONLineBytes: Int = 16 << 20
    ) {
        self.maximumBytes = maximumBytes
        self.maximumDocumentScalars = maximumDocumentScalars
        self.maximumJSONLineBytes = maximumJSONLineBytes
    }
}
