// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// Who made a result, and how: together they let an analyst repeat it.
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
    /// How each task was answered, by the task's name, for example `["entities": "heads"]`.
    package let methods: [String: String]
    /// Version of the written rules, with the edition of the classification that they follow.
    package let rulesVersion: String
    /// The run that the result belongs to.
    package private(set) var run: ResultRun

    /// The method of one task as it stands in its rows.
    func method(of task: ClinicalTask) -> String {
        methods[task.rawValue] ?? (task == .tnm ? "rules" : "heads")
    }

    /// The method by which a mention was found, as it stands in its row.
    func method(of entity: Entity) -> String {
        entity.foundBy == .model
            ? entity.part?.rawValue ?? method(of: .entities) : entity.foundBy.rawValue
    }

    /// A maker.
    package init(
        name: String, version: String, sha256: String, cleaningVersion: String,
        dictionary: String, codeVersion: String, methods: [String: String],
        rulesVersion: String = "", run: ResultRun = ResultRun()
    ) {
        self.name = name
        self.version = version
        self.sha256 = sha256
        self.cleaningVersion = cleaningVersion
        self.dictionary = dictionary
        self.codeVersion = codeVersion
        self.methods = methods
        self.rulesVersion = rulesVersion
        self.run = run
    }

    /// The same maker in another run.
    package func running(_ run: ResultRun) -> ResultMaker {
        var maker = self
        maker.run = run
        return maker
    }
}

/// One document with all that was found in it, ready to be written.
package struct RecordedDocument: Sendable {
    /// The document.
    package let document: ClinicalDocument
    /// What was found in it.
    package var findings: Findings

    /// A document with its findings.
    package init(_ document: ClinicalDocument, _ findings: Findings) {
        self.document = document
        self.findings = findings
    }
}

/// A dropped file with the results of every document in it, or of a part of a file of many documents;
/// recorded wholly or not at all.
package struct RecordedFile: Sendable {
    /// SHA-256 of the file's bytes, in hexadecimal.
    package let sha256: String
    /// Folder that it was dropped into.
    package let kind: DocumentKind
    /// Its name as dropped, with bytes that are no text escaped.
    package let sourceName: String
    /// When it was claimed (ISO 8601).
    package let receivedAt: String
    /// When it was read (ISO 8601); nil where that is the moment of recording.
    package let processedAt: String?
    /// Its documents in the file's order.
    package var documents: [RecordedDocument]
    /// Place in the file of the first of the documents; all before it are recorded already.
    package let firstPosition: Int
    /// Whether these are the last documents of the file.
    package let isLastPart: Bool
    /// How many of its records gave no document.
    package let faults: Int

    /// A file, or a part of one.
    package init(
        sha256: String, kind: DocumentKind, sourceName: String, receivedAt: String,
        documents: [RecordedDocument], firstPosition: Int = 0, isLastPart: Bool = true,
        faults: Int = 0, processedAt: String? = nil
    ) {
        self.faults = faults
        self.processedAt = processedAt
        self.firstPosition = firstPosition
        self.isLastPart = isLastPart
        self.sha256 = sha256
        self.kind = kind
        self.sourceName = sourceName
        self.receivedAt = receivedAt
        self.documents = documents
    }
}
