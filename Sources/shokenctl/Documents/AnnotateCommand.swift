// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DocumentPipeline
import DurableFiles
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

            With --for-merge it writes a shard: all that shokenctl merge needs to record the documents \
            elsewhere as if they had been read there, texts and patients included, so that it is as \
            confidential as they are. It reads one file, or standard input under a --name; the same \
            input with the same --read-at gives the same bytes. The form of the lines is in docs/cluster.md.

            Examples:
              shokenctl annotate --kind case-report report.txt
              shokenctl annotate letters.jsonl > found.jsonl
              echo "2日前より発熱あり。" | shokenctl annotate --model shoken-base
              shokenctl annotate --for-merge --read-at 2026-03-01T21:00 part-07.jsonl > part-07.shard
            """)

    @Option(help: "Kind of documents that do not say it: \(DocumentKind.listed).")
    var kind: DocumentKind = .nursing

    @Option(help: "Name of an installed model, or a bundle's directory (default: the active one).")
    var model: String?

    @Flag(help: "Write a shard for shokenctl merge.")
    var forMerge = false

    @Option(
        help: ArgumentHelp(
            "Of a shard, the name that the database has of what is read (default: the file's).",
            valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Of a shard, the moment that counts as that of receipt and reading; the same for all shards of a job, since "
                + "it decides which of two versions came last (default: now).",
            valueName: "time"))
    var readAt: StatedTime?

    @Argument(help: "Files; - or nothing for standard input.")
    var files: [String] = []

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard forMerge else {
            guard name == nil, readAt == nil else {
                throw ValidationError("--name and --read-at are for --for-merge only")
            }
            return
        }
        guard files.count <= 1 else {
            throw ValidationError("--for-merge reads one file; each gives a shard of its own")
        }
        guard name != nil || files.first.map({ $0 != "-" }) ?? false else {
            throw ValidationError("--for-merge needs a --name for standard input")
        }
        if let name, FileName(name) == nil {
            throw ValidationError("--name is the name of a file without its folders")
        }
    }

    func run() throws {
        if forMerge { return try writeShard() }
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
