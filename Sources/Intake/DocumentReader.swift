// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation

/// Reads the documents out of a file's bytes; `DocumentFormat` says how files are told apart.
package struct DocumentReader: Sendable {
    /// How much a file or document may hold.
    package let limits: IntakeLimits

    /// A reader.
    package init(limits: IntakeLimits = IntakeLimits()) {
        self.limits = limits
    }

    /// The documents of a file in order, each with its place, or the fault that stands there.
    ///
    /// `kind` is the kind of the folder that the file came by; a line of JSON may say another. Only
    /// the suffix of `fileName` is looked at. Throws what is wrong with the file as a whole.
    package func entries(
        in data: Data, fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> any Sequence<ReadDocument> {
        guard data.count <= limits.maximumBytes else {
            throw .fileTooLarge(bytes: data.count, limit: limits.maximumBytes)
        }
        let decoded = try EncodingDetection.decode([UInt8](data))
        guard Self.hasContent(decoded.text) else { throw .emptyFile }
        return DocumentFormat(fileName: fileName)
            .documents(in: decoded, kind: kind, limits: limits)
    }

    /// The documents of a file, one at least: all of them, or the first fault.
    package func documents(
        in data: Data, fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> [ClinicalDocument] {
        var documents: [ClinicalDocument] = []
        for entry in try entries(in: data, fileName: fileName, kind: kind) {
            documents.append(try entry.result.get())
        }
        return documents
    }

    static func hasContent(_ text: String) -> Bool {
        text.unicodeScalars.contains { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }
    }
}
