package import ClinicalTypes

/// Who made a result: together they let an analyst repeat it.
package struct ResultMaker: Hashable, Sendable {
    /// Name of the model bundle.
    package let name: String
    /// Version of the model bundle.
    package let version: String
    /// SHA-256 of the bundle's manifest, which lists the hash of every file in it.
    package let sha256: String
    /// Profile and version of the cleaning, for example `documents-1`.
    package let cleaningVersion: String
    /// The MeCab dictionaries in use.
    package let dictionary: String
    /// Version of the program.
    package let codeVersion: String

    /// A maker.
    package init(
        name: String, version: String, sha256: String, cleaningVersion: String,
        dictionary: String, codeVersion: String
    ) {
        self.name = name
        self.version = version
        self.sha256 = sha256
        self.cleaningVersion = cleaningVersion
        self.dictionary = dictionary
        self.codeVersion = codeVersion
    }
}

/// One document with all that was found in it, ready to be written.
package struct DocumentResults: Sendable {
    /// The document.
    package let document: ClinicalDocument
    /// Its entities, in order of the text.
    package let entities: [Entity]
    /// Its TNM, for reports on lung cancer.
    package let tnm: TNMStage?
    /// Grades of its entities.
    package let adverseEvents: [AdverseEvent]
    /// Keys under which later documents find it as a candidate.
    package let similarityBands: [UInt64]
    /// How alike it is to earlier documents.
    package var similarities: [Similarity] = []
    /// Which method answered each task, for example `["entities": "heads"]`.
    package let methods: [String: String]

    /// Results.
    package init(
        document: ClinicalDocument, entities: [Entity], tnm: TNMStage?,
        adverseEvents: [AdverseEvent], similarityBands: [UInt64],
        methods: [String: String]
    ) {
        self.document = document
        self.entities = entities
        self.tnm = tnm
        self.adverseEvents = adverseEvents
        self.similarityBands = similarityBands
        self.methods = methods
    }
}

/// A dropped file with the results of every document in it; recorded wholly or not at all.
package struct RecordedFile: Sendable {
    /// SHA-256 of the file's bytes, in hexadecimal.
    package let sha256: String
    /// Folder that it was dropped into.
    package let kind: DocumentKind
    /// Its name as dropped, with bytes that are no text escaped.
    package let sourceName: String
    /// When it was claimed (ISO 8601).
    package let receivedAt: String
    /// Results in the file's order.
    package var documents: [DocumentResults]

    /// A file.
    package init(
        sha256: String, kind: DocumentKind, sourceName: String, receivedAt: String,
        documents: [DocumentResults]
    ) {
        self.sha256 = sha256
        self.kind = kind
        self.sourceName = sourceName
        self.receivedAt = receivedAt
        self.documents = documents
    }
}
