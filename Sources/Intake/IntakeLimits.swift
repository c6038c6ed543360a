/// How much a file or document may hold; what is larger is refused before it is looked at.
package struct IntakeLimits: Hashable, Sendable {
    /// Bytes of a file.
    package var maximumBytes: Int
    /// Unicode scalars of one document.
    package var maximumDocumentScalars: Int
    /// Bytes of one line of a .jsonl file, after conversion to UTF-8.
    package var maximumJSONLineBytes: Int

    /// Limits; the defaults are 64 MiB, four million scalars and 16 MiB.
    package init(
        maximumBytes: Int = 64 << 20, maximumDocumentScalars: Int = 4_000_000,
        maximumJSONLineBytes: Int = 16 << 20
    ) {
        self.maximumBytes = maximumBytes
        self.maximumDocumentScalars = maximumDocumentScalars
        self.maximumJSONLineBytes = maximumJSONLineBytes
    }
}
