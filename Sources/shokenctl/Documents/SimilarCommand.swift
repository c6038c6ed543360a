// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTasks
import ClinicalTypes
import DocumentPipeline
import Foundation
import Intake
import ResultStore

/// `shokenctl similar`: recorded cases like that of a document, or of a text.
struct SimilarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar",
        abstract: "Find recorded cases like that of a document or a text.",
        discussion: """
            Cases are alike when the same things happened to their patients, in whatever words: each \
            disease, symptom and drug looks for its counterpart in the other document, rare ones and \
            those of a drug with its reaction weigh more, and what one denies and the other has counts \
            against it. The score orders the cases, it is no probability. Other versions of the \
            document are left out; for near copies see query similar.

            A text is read by the model first (--text); nothing of it is recorded.

            Examples:
              shokenctl similar 1024 --other-patients
              shokenctl similar 1024 --kind case-report --since 2026-01-01 --json
              shokenctl similar --text letter.txt --limit 5
            """)

    @Argument(help: "Number, key, or sender's identifier of a recorded document.")
    var document: String?

    @Option(help: "A file with the text to look for instead; - for standard input.")
    var text: String?

    @OptionGroup var documents: DocumentFilter

    @Flag(help: "Only documents of other patients than the document's.")
    var otherPatients = false

    @Option(help: "Only cases with this score or more (0 to 1).")
    var minimumScore = 0.1

    @Option(help: "At most so many cases.")
    var limit = 10

    @Option(help: "Name of an installed model, or a bundle's directory, for --text.")
    var model: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (document == nil) != (text == nil) else {
            throw ValidationError("Give a recorded document, or a file with --text.")
        }
        guard !otherPatients || document != nil else {
            throw ValidationError("--other-patients needs a recorded document.")
        }
        guard limit > 0, limit <= 1000 else { throw ValidationError("--limit is 1 to 1000.") }
        guard (0...1).contains(minimumScore) else {
            throw ValidationError("--minimum-score is 0 to 1.")
        }
    }

    func run() throws {
        let reader = try ResultReader(file: common.databaseFile())
        let asked: CaseProfile
        var filter = CaseFilter()
        var own: StoredCase?
        if let document {
            let row = try reader.onlyRow(named: document)
            guard let stored = try reader.storedCase(ofDocument: row) else {
                throw CommandFailure(.tryAgain, "document \(row) was removed meanwhile")
            }
            asked = CaseProfile(of: stored.mentions)
            own = stored
            if otherPatients {
                guard let patient = stored.patient else {
                    throw CommandFailure(
                        .usage, "document \(row) names no patient, so that nobody is another one")
                }
                filter.otherThanPatient = patient
            }
        } else {
            asked = CaseProfile(of: try findings(inFile: text ?? "-"))
        }
        (filter.kind, filter.patient) = (documents.kind?.rawValue, documents.patient)
        (filter.since, filter.until) = (documents.written.since, documents.written.until)
        let search = SimilarCases(reader: reader, filter: filter)
        let found = try search.cases(like: asked, otherThan: own).filter {
            $0.likeness.score >= minimumScore
        }
        try say(Array(found.prefix(limit)), isEmpty: asked.concepts.isEmpty)
    }

    private func findings(inFile file: String) throws -> Findings {
        let settings = try common.settings()
        let model = try common.load(common.bundle(model))
        var read: [ClinicalDocument] = []
        try readDocuments(
            of: file, kind: documents.kind ?? .caseReport, reader: settings.documentReader
        ) {
            for entry in $0 { read.append(try entry.result.get()) }
        }
        guard read.count == 1 else { throw ValidationError("--text is one document.") }
        return try model.annotator.findings(in: read, plan: settings.plan).first ?? Findings()
    }

    private func say(_ cases: [SimilarCase], isEmpty: Bool) throws {
        if common.json { return try printJSON(cases.map(Line.init)) }
        guard !cases.isEmpty else {
            let reason =
                isEmpty
                ? "the document speaks of no disease, symptom or drug" : "no case is as similar"
            FileHandle.standardError.write(Data("shokenctl: \(reason)\n".utf8))
            return
        }
        TextTable(
            columns: [
                "document", "kind", "patient", "authored_at", "score", "in common", "against",
            ],
            rows: cases.map { found in
                [
                    String(found.stored.document), found.stored.kind, found.stored.patient ?? "",
                    found.stored.authoredAt ?? "", String(format: "%.2f", found.likeness.score),
                    found.likeness.matches.prefix(4).map(\.words).joined(separator: ", "),
                    found.likeness.contradictions.prefix(3).joined(separator: ", "),
                ]
            }
        ).print()
    }

    /// One case for programs.
    private struct Line: Encodable {
        struct Match: Encodable {
            let type: EntityType
            let name: String
            let other: String
            let isDenied: Bool
            let nearness: Double

            enum CodingKeys: String, CodingKey {
                case type, name, other, nearness
                case isDenied = "denied"
            }
        }

        let document: Int64
        let kind: String
        let patient: String?
        let authoredAt: String?
        let score: Double
        let matches: [Match]
        let contradictions: [String]

        enum CodingKeys: String, CodingKey {
            case document, kind, score, matches, contradictions
            case patient = "patient_id"
            case authoredAt = "authored_at"
        }

        init(_ found: SimilarCase) {
            (document, kind) = (found.stored.document, found.stored.kind)
            (patient, authoredAt) = (found.stored.patient, found.stored.authoredAt)
            score = (found.likeness.score * 1000).rounded() / 1000
            matches = found.likeness.matches.map {
                Match(
                    type: $0.type, name: $0.name, other: $0.other, isDenied: $0.isDenied,
                    nearness: ($0.nearness * 1000).rounded() / 1000)
            }
            contradictions = found.likeness.contradictions
        }
    }
}

extension CaseLikeness.Match {
    /// The match in a few words.
    fileprivate var words: String {
        (isDenied ? "no " : "") + (name == other ? name : "\(name) ~ \(other)")
    }
}
