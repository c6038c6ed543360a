// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import DurableFiles
import Exports
import Faults
import Foundation
import Intake
import ResultStore

/// `shokenctl batch export`: documents with a question each.
struct BatchExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a batch file that asks a model a question of each document.",
        discussion: """
            A line for each text, however many documents have it: custom_id (task, digests of question and \
            text; no patient), method, url and body, with the form of the answer as a JSON schema. Documents are \
            the current ones of the database, or those of files. With --json: {"documents","requests","target"}.

            Examples:
              shokenctl batch export --task entities --served-model instruct-32b requests.jsonl --kind nursing
              shokenctl batch export --task tnm --served-model instruct-32b requests.jsonl --input reports.jsonl
            """)

    @Argument(help: "The new file.")
    var target: String

    @Option(help: "What is asked: entities, tnm.")
    var task: BatchTask

    @Option(help: ArgumentHelp("The model's name where it is served.", valueName: "name"))
    var servedModel: String

    @Option(
        help: ArgumentHelp(
            "A file with another question; the form of the answer stays.", valueName: "file"))
    var prompt: String?

    @Option(help: "The most tokens of an answer.")
    var longestAnswer = 2048

    @Option(
        help: ArgumentHelp(
            "Documents of this file instead of the database; may be given more than once.",
            valueName: "file"))
    var input: [String] = []

    @OptionGroup var filter: DocumentFilter

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let target: String
        let documents: Int
        let requests: Int
    }

    func validate() throws {
        if longestAnswer < 1 { throw ValidationError("--longest-answer is 1 or more") }
        if servedModel.isEmpty { throw ValidationError("--served-model must not be empty") }
        if !input.isEmpty,
            filter.patient != nil || filter.written.since != nil || filter.written.until != nil
        {
            throw ValidationError(
                "--patient, --since and --until are for documents of the database")
        }
    }

    func run() throws {
        var requests = BatchRequests(
            task, prompt: try question(), model: servedModel, longestAnswer: longestAnswer)
        let path = absolutePath(target)
        let file = try PendingFile(for: path, replacing: false, isPrivate: true)
        var documents = 0
        func add(_ text: String) throws {
            documents += 1
            if let line = requests.line(text) { try file.append(line) }
        }
        if input.isEmpty {
            try eachRecorded(add)
            try common.noteExport(
                "batch", to: path.lastName?.escaped ?? "",
                details: ["task": task.rawValue, "documents": String(documents)])
        } else {
            try eachOfFiles(add)
        }
        guard requests.count > 0 else {
            throw CommandFailure(.noInput, "there is no document to ask of; nothing was written")
        }
        try file.place(replacing: false)
        if common.json {
            return try printJSON(
                Report(
                    target: path.description, documents: documents, requests: requests.count))
        }
        print("\(path): \(requests.count) requests of \(documents) documents")
    }

    private func question() throws -> String {
        guard let prompt else { return task.usualPrompt }
        let data = try DiskFiles().read(FilePath(prompt), maximumBytes: 1 << 20)
        guard let text = String(data: data, encoding: .utf8),
            text.contains(where: { !$0.isWhitespace })
        else { throw CommandFailure(.badData, "\(prompt) is empty or not UTF-8") }
        return text
    }

    private func eachRecorded(_ body: (String) throws -> Void) throws {
        var selection = DocumentSelection()
        selection.kind = filter.kind?.rawValue
        selection.patient = filter.patient
        selection.since = filter.written.since
        selection.until = filter.written.until
        try ResultReader(file: common.databaseFile()).eachDocument(of: selection) {
            try body($0.text)
        }
    }

    private func eachOfFiles(_ body: (String) throws -> Void) throws {
        let reader = try common.settings().documentReader
        for name in input {
            try readDocuments(of: name, kind: filter.kind ?? .nursing, reader: reader) { entries in
                for entry in entries {
                    guard case .success(let document) = entry.result else {
                        throw CommandFailure(
                            .badData, "\(name): \(entry.explanation ?? "a record cannot be read")")
                    }
                    try body(document.text)
                }
            }
        }
    }
}
