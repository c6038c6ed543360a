// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DocumentPipeline
import Faults
import Foundation
import Intake

/// `shokenctl annotate`: documents in, findings out, without spool or database.
struct AnnotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate",
        abstract: "Print what the model finds in documents, as JSON lines.",
        discussion: """
            Files that end in .jsonl or .ndjson, and standard input that begins with {, hold one \
            document a line: {"id", "kind", "text"}. Each line in gives one line out, in the same \
            order and as soon as it is there; a line that cannot be read gives one with "error", and \
            the command ends with code 65. Any other file is one document. Input in another encoding \
            than UTF-8 is read to its end first.

            It asks what the configuration says of each kind of document ([tasks.KIND]) within the \
            same limits as the daemon. Without a configuration file it uses the model that was \
            installed with the program. Likeness to other documents needs the database and is not \
            here.

            Examples:
              shokenctl annotate --kind case-report report.txt
              shokenctl annotate letters.jsonl > found.jsonl
              echo "2日前より発熱あり。" | shokenctl annotate --model shoken-base
            """)

    @Option(help: "Kind of documents that do not say it: \(DocumentKind.listed).")
    var kind: DocumentKind = .nursing

    @Option(help: "Name of an installed model, or a bundle's directory (default: the active one).")
    var model: String?

    @Argument(help: "Files; - or nothing for standard input.")
    var files: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.settings()
        let model = try common.load(common.bundle(model))
        var failed = false
        for file in files.isEmpty ? ["-"] : files {
            try readDocuments(of: file, kind: kind, reader: settings.documentReader) { entries in
                failed = try report(entries, with: model, settings) || failed
            }
        }
        if failed { throw ExitCode(Disposition.badData) }
    }

    /// Prints one line a document; true if one of them could not be read.
    private func report(
        _ entries: [ReadDocument], with model: LoadedModel, _ settings: ServiceConfiguration
    ) throws -> Bool {
        let documents = entries.compactMap { try? $0.result.get() }
        var findings = try model.annotator.findings(in: documents, plan: settings.plan)[...]
        for entry in entries {
            if case .success(let document) = entry.result, let found = findings.popFirst() {
                try printJSON(AnnotationLine(document, found))
            } else {
                try printJSON(["error": entry.explanation])
            }
        }
        // Whoever feeds lines one by one waits for each answer.
        fflush(nil)
        return documents.count < entries.count
    }
}

extension DocumentKind: ExpressibleByArgument {
    /// All of them, as help texts list them.
    static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
