import ArgumentParser
import ClinicalTasks
import ClinicalTypes
import DocumentPipeline
import Foundation
import Intake

/// `shokenctl annotate`: documents in, findings out, without spool or database.
struct AnnotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate",
        abstract: "Print what the model finds in documents, as JSON lines.",
        discussion: """
            Files that end in .jsonl, and standard input that begins with {, hold one document a \
            line: {"id", "kind", "text"}. Each line in gives one line out, in the same order; a line \
            that cannot be read gives one with "error", and the command ends with code 65. Any other \
            file is one document. Likeness to other documents needs the database and is not here.

            Examples:
              shokenctl annotate --kind case-report report.txt
              shokenctl annotate letters.jsonl > found.jsonl
              echo "2日前より発熱あり。" | shokenctl annotate --model shoken-base
            """)

    @Option(help: "Kind of documents that do not say it: nursing, radiology, case-report.")
    var kind: DocumentKind = .nursing

    @Option(help: "Name of an installed model, or a bundle's directory (default: the active one).")
    var model: String?

    @Argument(help: "Files; - or nothing for standard input.")
    var files: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let model = try common.load(common.bundle(model))
        var failed = false
        for file in files.isEmpty ? ["-"] : files {
            let (data, name) = try content(of: file)
            failed = try annotate(data, name: name, with: model) || failed
        }
        if failed { throw ExitCode(CommandFailure.Code.badData) }
    }

    private func content(of file: String) throws -> (Data, name: String) {
        guard file != "-" else {
            let data = FileHandle.standardInput.readDataToEndOfFile()
            let isJSON = data.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
            return (data, isJSON ? "standard input.jsonl" : "standard input")
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure(CommandFailure.Code.noInput, "cannot read \(file)")
        }
        return (data, file)
    }

    /// Prints one line a document; true if one of them could not be read.
    private func annotate(_ data: Data, name: String, with model: LoadedModel) throws -> Bool {
        let reader = DocumentReader()
        guard DocumentReader.isJSONLines(name) else {
            let documents = try reader.documents(in: data, fileName: name, kind: kind)
            try report(documents, with: model)
            return false
        }
        // Line by line, so that one bad line costs one line; in groups, so that the model is busy.
        var failed = false
        var group: [Result<ClinicalDocument, IntakeError>] = []
        for line in data.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy(isSpace) {
            do {
                let documents = try reader.documents(
                    in: Data(line), fileName: name, kind: kind)
                group += documents.map { .success($0) }
            } catch {
                group.append(.failure(error))
                failed = true
            }
            if group.count == 64 {
                try report(group, with: model)
                group.removeAll(keepingCapacity: true)
            }
        }
        try report(group, with: model)
        return failed
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

    private func report(_ documents: [ClinicalDocument], with model: LoadedModel) throws {
        try report(documents.map { .success($0) }, with: model)
    }

    private func report(
        _ group: [Result<ClinicalDocument, IntakeError>], with model: LoadedModel
    ) throws {
        let documents = group.compactMap { try? $0.get() }
        var findings = try model.annotator.findings(in: documents, plan: \.standardTasks)[...]
        for entry in group {
            switch entry {
            case .success(let document):
                guard let found = findings.popFirst() else { continue }
                try printJSON(AnnotationLine(document, found))
            case .failure(let error):
                try printJSON(["error": error.explanation])
            }
        }
    }
}

extension DocumentKind: ExpressibleByArgument {}

/// The findings of one document as they are printed; stable, for programs.
struct AnnotationLine: Encodable {
    struct EntityLine: Encodable {
        let type: EntityType
        let start: Int
        let end: Int
        let surface: String
        let certainty: Certainty
        let normalized: String?
        let normalizedBy: NormalizationMethod?
        let icd10: String?
        let score: Double

        enum CodingKeys: String, CodingKey {
            case type, start, end, surface, certainty, normalized, icd10, score
            case normalizedBy = "normalized_by"
        }
    }

    struct AdverseEventLine: Encodable {
        let entity: Int
        let role: AdverseEventRole
        let level: Int
        let score: Double
    }

    let id: String?
    let kind: DocumentKind
    let entities: [EntityLine]
    let tnm: TNMStage?
    let adverseEvents: [AdverseEventLine]

    enum CodingKeys: String, CodingKey {
        case id, kind, entities, tnm
        case adverseEvents = "adverse_events"
    }

    init(_ document: ClinicalDocument, _ findings: Findings) {
        id = document.externalIdentifier
        kind = document.kind
        entities = findings.entities.map {
            EntityLine(
                type: $0.type, start: $0.span.range.start, end: $0.span.range.end,
                surface: $0.span.surface, certainty: $0.certainty, normalized: $0.normalized,
                normalizedBy: $0.normalizedBy, icd10: $0.icd10, score: $0.score)
        }
        tnm = findings.tnm
        adverseEvents = findings.adverseEvents.map {
            AdverseEventLine(
                entity: $0.entityIndex, role: $0.role, level: $0.level.rawValue, score: $0.score)
        }
    }
}
