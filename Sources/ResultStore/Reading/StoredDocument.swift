// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation

/// A recorded document with everything that was found in it, as its rows say it.
package struct StoredDocument: Hashable, Sendable {
    /// The document's row.
    package var id: Int64
    /// What kind of document it is, as the database names it.
    package var kind: String
    /// The format that it came in.
    package var format: String
    /// The text as it was sent; all ranges count its Unicode scalars.
    package var text: String
    /// SHA-256 of the text's file, in hexadecimal.
    package var sha256: String
    /// Name of the file that it came in.
    package var sourceName: String
    /// What the sender said of it.
    package var header = Header()
    /// When it came in (ISO 8601, UTC).
    package var receivedAt: String
    /// When it was read (ISO 8601, UTC).
    package var processedAt: String
    /// `current`, `superseded`, `withdrawn` or `duplicate`.
    package var standing: String
    /// Whether another version of the same number holds another text.
    package var conflict = false
    /// What made the results.
    package var maker: Maker
    /// The sections that the sender's format told apart.
    package var sections: [DocumentSection] = []
    /// What was found, in order of the text.
    package var mentions: [StoredMention] = []
    /// TNM, where it was asked for.
    package var stage: StoredStage?
    /// Grades of mentions.
    package var adverseEvents: [StoredAdverseEvent] = []
    /// Drugs with their reactions.
    package var pairs: [StoredPair] = []

    /// What the sender said of a document.
    package struct Header: Hashable, Sendable {
        /// Identifier of the document, alone and with the system that gave it.
        package var externalIdentifier, key: String?
        /// Its version, as the sender counts.
        package var version: String?
        /// The status that the sender gives it.
        package var status = "unknown"
        /// Identifier of the patient, and who gave it.
        package var patient, patientIssuer: String?
        /// When it was written, as the sender wrote it.
        package var authoredAt: String?
        /// Title, code and the code's system.
        package var title, code, codeSystem: String?
        /// Who wrote it, and where.
        package var author, department, facility: String?
        /// The visit and the order that it belongs to.
        package var visit, order: String?

        /// A sender that says nothing.
        package init() {}
    }

    /// What made a document's results.
    package struct Maker: Hashable, Sendable {
        /// Name, version and hash of the model bundle.
        package var name, version, sha256: String
        /// The dictionaries, and the version of the program.
        package var dictionary, codeVersion: String

        /// A maker.
        package init(
            name: String, version: String, sha256: String, dictionary: String, codeVersion: String
        ) {
            (self.name, self.version, self.sha256) = (name, version, sha256)
            (self.dictionary, self.codeVersion) = (dictionary, codeVersion)
        }
    }

    /// A document of which nothing is known but what must be.
    package init(
        id: Int64, kind: String, format: String, text: String, sha256: String, sourceName: String,
        receivedAt: String, processedAt: String, standing: String, maker: Maker
    ) {
        (self.id, self.kind, self.format, self.text) = (id, kind, format, text)
        (self.sha256, self.sourceName) = (sha256, sourceName)
        (self.receivedAt, self.processedAt, self.standing) = (receivedAt, processedAt, standing)
        self.maker = maker
    }

    /// The title of the innermost section that holds a range; nil where none does.
    package func section(of range: SourceRange) -> String? {
        sections.last { $0.range.contains(range) }?.title
    }

    /// The mention of a row.
    package func mention(_ row: Int64) -> StoredMention? { mentions.first { $0.id == row } }
}

/// One mention, as its row says it.
package struct StoredMention: Hashable, Sendable {
    /// The mention's row.
    package var id: Int64
    /// `disease`, `drug` or `dose`.
    package var type: String
    /// Where it stands in the document's text.
    package var range: SourceRange
    /// What stands there.
    package var surface: String
    /// `positive`, `suspicious`, `negative` or `general`.
    package var certainty = "positive"
    /// Whose it is: `patient`, `family` or `other`.
    package var subject = "patient"
    /// Of which time: `current`, `past` or `planned`.
    package var temporality = "current"
    /// What is done with a drug.
    package var state: String?
    /// The words that decided what is said of it.
    package var cue: SourceRange?
    /// For a dose, the row of its drug.
    package var drug: Int64?
    /// Whether a person should look.
    package var needsReview = false
    /// The sentence that it stands in.
    package var sentence: SourceRange?
    /// Standard name, how it was found, and ICD-10 codes, with `;` between several.
    package var standardName, standardNameMethod, icd10: String?
    /// Its code, of a drug that of the price list, and the edition of the list that the code is of.
    package var code, codeEdition: String?
    /// Probability of the whole span, 0 to 1.
    package var score: Double
    /// How it was found.
    package var method: String

    /// Whose code it is; nil without one.
    package var codeSystem: String? {
        code.map { _ in type == EntityType.drug.rawValue ? "NHI price list" : "ICD-10" }
    }

    /// A mention that the patient has.
    package init(
        id: Int64, type: String, range: SourceRange, surface: String, score: Double, method: String
    ) {
        (self.id, self.type, self.range, self.surface) = (id, type, range, surface)
        (self.score, self.method) = (score, method)
    }
}

/// The TNM categories of a document, as their row says them.
package struct StoredStage: Hashable, Sendable {
    /// The categories and the stage group; nil where the report has none.
    package var t, n, m, stage: String?
    /// Why there is no stage group, and how stated categories were gained.
    package var reason, prefix: String?
    /// Edition of the classification.
    package var edition: String
    /// Confidence in each axis, 0 to 1.
    package var tScore, nScore, mScore: Double
    /// Axes that a person should look at, with commas between them.
    package var review: String
    /// How they were found.
    package var method: String
    /// What they rest on, as JSON.
    package var evidence: String

    /// What they rest on, piece by piece; throws `DecodingError` for what is no evidence.
    func pieces() throws -> [TNMEvidence] {
        try JSONDecoder().decode([TNMEvidence].self, from: Data(evidence.utf8))
    }
}

/// The grade of a mention, as its row says it.
package struct StoredAdverseEvent: Hashable, Sendable {
    /// The grade's row, and that of its mention.
    package var id, mention: Int64
    /// `disease` or `drug`.
    package var role: String
    /// 0 unrelated, 1 unlikely, 2 probable, 3 certain.
    package var level: Int
    /// Probability of that level, 0 to 1.
    package var score: Double
    /// How it was found.
    package var method: String
}

/// A drug with a reaction, as its row says it.
package struct StoredPair: Hashable, Sendable {
    /// The pair's row, and those of the two mentions.
    package var id, drug, disease: Int64
    /// 0 unrelated, 1 unlikely, 2 probable, 3 certain.
    package var level: Int
    /// The kind of wording that decided.
    package var rule: String
    /// The words that decided.
    package var cue: SourceRange
    /// Whether a person should look.
    package var needsReview: Bool
    /// How it was found.
    package var method: String
}
