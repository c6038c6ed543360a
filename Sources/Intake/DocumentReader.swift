package import ClinicalTypes
package import Foundation

/// Reads the documents out of a file's bytes.
///
/// A `.jsonl` or `.ndjson` file holds one document a line (`JSONLines`); any other file is one
/// document as it stands. A file gives all its documents or none.
package struct DocumentReader: Sendable {
    /// How much a file or document may hold.
    package let limits: IntakeLimits

    /// A reader.
    package init(limits: IntakeLimits = IntakeLimits()) {
        self.limits = limits
    }

    /// The documents of a file, one at least.
    ///
    /// `kind` is the kind of the folder that the file came by; a line of JSON may say another. Only
    /// the suffix of `fileName` is looked at.
    package func documents(
        in data: Data, fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> [ClinicalDocument] {
        guard data.count <= limits.maximumBytes else {
            throw .fileTooLarge(bytes: data.count, limit: limits.maximumBytes)
        }
        let decoded = try EncodingDetection.decode([UInt8](data))
        guard Self.hasContent(decoded.text) else { throw .emptyFile }
        if Self.isJSONLines(fileName) {
            return try JSONLines(limits: limits, defaultKind: kind, encoding: decoded.encoding)
                .documents(in: decoded.text)
        }
        let length = decoded.text.unicodeScalars.count
        guard length <= limits.maximumDocumentScalars else {
            throw .documentTooLong(
                line: nil, scalars: length, limit: limits.maximumDocumentScalars)
        }
        return [
            ClinicalDocument(
                kind: kind, text: decoded.text, encoding: decoded.encoding.rawValue)
        ]
    }

    /// Whether a file of that name holds one document a line.
    package static func isJSONLines(_ fileName: String) -> Bool {
        let name = fileName.lowercased()
        return name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson")
    }

    static func hasContent(_ text: String) -> Bool {
        text.unicodeScalars.contains { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }
    }
}
