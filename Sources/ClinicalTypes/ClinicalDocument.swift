// SPDX-License-Identifier: Apache-2.0

/// One document as it came in: its original text and what the sender said about it.
package struct ClinicalDocument: Hashable, Codable, Sendable {
    /// What kind of document it is; decides which tasks run.
    package let kind: DocumentKind
    /// The decoded text, character for character as it was sent.
    package let text: String
    /// IANA name of the encoding that the bytes were in.
    package let encoding: String
    /// The sender's identifier of the document, if it gave one.
    package let externalIdentifier: String?
    /// The sender's identifier of the patient, if it gave one.
    package let patientIdentifier: String?
    /// When the document was written (ISO 8601), if the sender said so.
    package let authoredAt: String?
    /// What else the sender said of it.
    package let source: DocumentSource

    /// A document; nothing but white space is the text of one that its sender withdraws.
    package init(
        kind: DocumentKind, text: String, encoding: String = "UTF-8",
        externalIdentifier: String? = nil, patientIdentifier: String? = nil,
        authoredAt: String? = nil, source: DocumentSource = DocumentSource(format: .text)
    ) {
        self.source = source
        self.kind = kind
        self.text = text
        self.encoding = encoding
        self.externalIdentifier = externalIdentifier
        self.patientIdentifier = patientIdentifier
        self.authoredAt = authoredAt
    }
}
