// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation

/// Reads the documents out of a file's bytes; `DocumentFormat` says how files are told apart.
package struct DocumentReader: Sendable {
    /// How much a file or document may hold.
    package let limits: IntakeLimits

    /// Which kinds of document codes mean.
    private let codes: DocumentCodes
    /// What the columns of tables mean that come into a folder, where a site says it.
    private let tables: [DocumentKind: TableMapping]

    /// Whether text that looks like another format is read as it stands.
    private let takesAnyText: Bool

    /// A reader. With `takesAnyText` nothing is read as HL7, XML, JSON or the like.
    package init(
        limits: IntakeLimits = IntakeLimits(), codes: DocumentCodes = DocumentCodes(),
        tables: [DocumentKind: TableMapping] = [:], takesAnyText: Bool = false
    ) {
        self.limits = limits
        self.codes = codes
        self.tables = tables
        self.takesAnyText = takesAnyText
    }

    /// The documents of a file in order, each with its place, or the fault that stands there.
    ///
    /// `kind` is the kind of the folder that the file came by; a line of JSON may say another. What the
    /// content shows goes before the suffix of `fileName`, of which nothing else is looked at. Throws
    /// what is wrong with the file as a whole.
    package func entries(
        in data: Data, fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> any Sequence<ReadDocument> {
        try contents(of: data, fileName: fileName, kind: kind).entries
    }

    /// What a file holds.
    package struct Contents {
        /// Its documents and faults in order.
        package let entries: any Sequence<ReadDocument>
        /// How many NUL bytes behind the text were left out.
        package let paddingBytes: Int
    }

    /// As ``entries(in:fileName:kind:)``, with what is to be said of the file.
    package func contents(
        of data: Data, fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> Contents {
        guard data.count <= limits.maximumBytes else {
            throw .fileTooLarge(bytes: data.count, limit: limits.maximumBytes)
        }
        let bytes = [UInt8](data)
        guard BinarySignature.format(of: bytes) == nil else {
            // NUL bytes at the end belong to an archive or a picture.
            return Contents(
                entries: try entries(in: bytes, fileName: fileName, kind: kind), paddingBytes: 0)
        }
        let padding = Padding(of: bytes)
        return Contents(
            entries: try entries(in: padding.content, fileName: fileName, kind: kind),
            paddingBytes: padding.length)
    }

    private func entries(
        in bytes: [UInt8], fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> any Sequence<ReadDocument> {
        if !takesAnyText {
            if let entries = try structured(kind).entries(in: bytes, fileName: fileName) {
                return entries
            }
        }
        let decoded = try EncodingDetection.decode(bytes)
        guard Self.hasContent(decoded.text) else { throw .emptyFile }
        return DocumentFormat(fileName: fileName).documents(
            in: decoded, kind: kind, limits: limits)
    }

    /// What reads files of structured formats that come into a folder.
    func structured(_ kind: DocumentKind) -> StructuredReading {
        StructuredReading(
            limits: limits, kind: kind, codes: codes, table: tables[kind] ?? TableMapping())
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
