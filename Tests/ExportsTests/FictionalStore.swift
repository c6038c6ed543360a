// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import ResultStore
import TestSupport

/// A database of fictional case reports with mentions that a test names.
struct FictionalStore {
    /// A text, its patient, and types and surfaces of what was found in it, in order of the text.
    struct Document {
        let text: String
        let patient: String?
        let key: String?
        let mentions: [(type: String, surface: String)]

        init(
            _ text: String, patient: String? = nil, key: String? = nil,
            _ mentions: [(String, String)]
        ) {
            (self.text, self.patient, self.key) = (text, patient, key)
            self.mentions = mentions
        }
    }

    let folder: TemporaryFolder
    let file: URL
    let reader: ResultReader
    let database: ResultDatabase
    let texts: [String]

    /// A drug that stands before a disease, both of which it names last, caused it.
    init(_ documents: [Document]) throws {
        folder = try TemporaryFolder()
        file = folder["shoken.db"]
        texts = documents.map(\.text)
        database = try ResultDatabase(file: file)
        let maker = ResultMaker(
            name: "test", version: "1", sha256: "aa", cleaningVersion: "documents-2",
            dictionary: "ipadic", codeVersion: "0", methods: [:])
        for (number, document) in documents.enumerated() {
            let recorded = RecordedFile(
                sha256: "\(number)", kind: .caseReport, sourceName: "\(number).txt",
                receivedAt: "2026-01-02T04:00:00.000Z",
                documents: [
                    RecordedDocument(
                        ClinicalDocument(
                            kind: .caseReport, text: document.text,
                            externalIdentifier: document.key,
                            patientIdentifier: document.patient,
                            authoredAt: "2026-01-02T03:04:05Z",
                            source: Self.source(document)),
                        Self.findings(document))
                ])
            let last = try database.precedents(of: [recorded], candidateLimit: 1).lastDocument
            _ = try database.record([recorded], after: last, maker: maker, at: .now)
        }
        reader = try ResultReader(file: file)
    }

    private static func source(_ document: Document) -> DocumentSource {
        var source = DocumentSource(format: .text)
        source.key = document.key
        return source
    }

    private static func findings(_ document: Document) -> Findings {
        var findings = Findings()
        let scalars = Array(document.text.unicodeScalars)
        var from = 0
        for (type, surface) in document.mentions {
            let wanted = Array(surface.unicodeScalars)
            while !scalars[from...].starts(with: wanted) { from += 1 }
            let range = SourceRange(start: from, end: from + wanted.count)
            from = range.end
            findings.entities.append(
                Entity(
                    type: EntityType(rawValue: type) ?? .disease,
                    span: TextSpan(range: range, surface: surface),
                    certainty: scalars[from...].starts(with: "なし".unicodeScalars)
                        ? .negative : .positive, score: 0.9))
        }
        let (drug, disease) = (findings.entities.count - 2, findings.entities.count - 1)
        if drug >= 0, findings.entities[drug].type == .drug {
            findings.adverseEventPairs = [
                AdverseEventPair(
                    drug: drug, disease: disease, level: .probable, rule: .afterStart,
                    cue: findings.entities[drug].span, needsReview: false)
            ]
            findings.adverseEvents = [
                AdverseEvent(entityIndex: disease, role: .disease, level: .probable, score: 0.8)
            ]
        }
        return findings
    }
}
