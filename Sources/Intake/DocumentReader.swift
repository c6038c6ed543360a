// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation

/// Reads the documents out of a file's bytes; `DocumentFormat` says how files are told apart.
package struct DocumentReader: Sendable {
    /// How much a file or document may hold.
    package let limits: IntakeLimits

    /// What the site says of its files.
    private let rules: SiteRules

    /// Whether text that looks like another format is read as it stands.
    private let takesAnyText: Bool

    /// A reader. With `takesAnyText` nothing is read as HL7, XML, JSON or the like.
    package init(
        limits: IntakeLimits = IntakeLimits(), rules: SiteRules = SiteRules(),
        takesAnyText: Bool = false
    ) {
        self.limits = limits
        self.rules = rules
        self.takesAnyText = takesAnyText
    }

    /// The documents of a file in order, each with its place, or the fault that stands there.
    ///
    /// `kind` is the kind of the folder that the file came by; a line of JSON may say another. What the
    /// content shows goes before the suffix of `fileName`, which may be a path; its other parts count where
    /// they are those of an SS-MIX2 storage or the site has a pattern for them. Throws what is wrong with the
    /// file as a whole.
    package func entries(
        in data: Data, fileName: String, kind: DocumentKind
    ) throws(IntakeError) -> any Sequence<ReadDocument> {
        try contents(of: data, fileName: fileName, kind: kind).entries
    }

    /// What a file holds.
    package struct Contents {
        /// Its documents and faults in order.
        package let entries: any Sequence<ReadDocument>
        /// How many NUL bytes around the text and its lines were left out.
        package let paddingBytes: Int
    }

    /// As ``entries(in:fileName:kind:)``, with what is to be said of the file; for one that may be in two
    /// encodings, the encodings of the folder's earlier files count, too.
    package func contents(
        of data: Data, fileName: String, kind: DocumentKind,
        after former: FormerEncodings = FormerEncodings()
    ) throws(IntakeError) -> Contents {
        guard data.count <= limits.maximumBytes else {
            throw .fileTooLarge(bytes: data.count, limit: limits.maximumBytes)
        }
        let bytes = [UInt8](data)
        guard BinarySignature.format(of: bytes) == nil else {
            // NUL bytes at the end belong to an archive or a picture.
            return Contents(
                entries: try entries(in: bytes, fileName: fileName, kind: kind, after: former),
                paddingBytes: 0)
        }
        let padding = Padding(of: bytes, isOfRecords: Self.isOfRecords(fileName))
        do throws(IntakeError) {
            return Contents(
                entries: try entries(
                    in: padding.content, fileName: fileName, kind: kind, after: former,
                    place: padding.place),
                paddingBytes: padding.length)
        } catch {
            throw error.moved(to: padding.place)
        }
    }

    /// Whether by its name a line or row of a file is a record, so that NUL bytes in it are that one's fault.
    private static func isOfRecords(_ fileName: String) -> Bool {
        DocumentFormat(fileName: fileName) == .jsonLines
            || StructuredFormat(fileName: fileName) == .table
    }

    private func entries(
        in bytes: [UInt8], fileName: String, kind: DocumentKind, after former: FormerEncodings,
        place: (Int) -> Int = { $0 }
    ) throws(IntakeError) -> any Sequence<ReadDocument> {
        let content =
            takesAnyText
            ? FileContent.text(try EncodingDetection.decode(bytes, after: former))
            : try structured(kind, after: former).content(of: bytes, fileName: fileName)
        switch content {
        case .records(let entries):
            return entries.map { rules.applied(to: $0, fileName: fileName, kind: kind) }
        case .text(let decoded):
            guard Self.hasContent(decoded.text) || !decoded.lineFaults.isEmpty else {
                throw .emptyFile
            }
            let format = DocumentFormat(fileName: fileName)
            return applied(
                to: format.documents(in: decoded.moved(to: place), kind: kind, limits: limits),
                fileName, kind)
        }
    }

    /// Documents by the rules of the site, one after the other as they are asked for.
    private func applied<Entries: Sequence<ReadDocument>>(
        to entries: Entries, _ fileName: String, _ kind: DocumentKind
    ) -> any Sequence<ReadDocument> {
        entries.lazy.map { [rules] in rules.applied(to: $0, fileName: fileName, kind: kind) }
    }

    /// The same of a line of a stream.
    func applied(to entry: ReadDocument, fileName: String?, kind: DocumentKind) -> ReadDocument {
        rules.applied(to: entry, fileName: fileName ?? "", kind: kind)
    }

    /// What reads files of structured formats that come into a folder.
    func structured(
        _ kind: DocumentKind, after former: FormerEncodings = FormerEncodings()
    ) -> StructuredReading {
        StructuredReading(limits: limits, kind: kind, rules: rules, former: former)
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
        // 1A alone ends an empty file of DOS.
        text.unicodeScalars.contains { !$0.isSpace && $0 != "\u{FEFF}" && $0 != "\u{1A}" }
    }
}
