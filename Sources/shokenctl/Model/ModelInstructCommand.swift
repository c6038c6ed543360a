// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTasks
import Configuration
import DocumentPipeline
import Faults
import Foundation
import JSONFiles
import ModelBundle
import ResultStore

/// `shokenctl model instruct`: a bundle in which a model that follows instructions answers a task.
struct ModelInstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "instruct",
        abstract: "Make a bundle in which a model that follows instructions answers tnm.",
        discussion: """
            The new bundle is the one of --beside, with the GGUF file in it (`model convert` makes one; an adapter \
            is merged before by `model merge`). All tasks but tnm are answered as before; for tnm the daemon asks \
            the model about each document. Its answer is bound to JSON, and what it cites to words of the document, \
            whose exact places are recorded as evidence; a category without such words is for review. Of a document \
            for which question and answer take more than --document-tokens, all axes are for review, and the reason \
            is not-answered.

            --prompt-file is a text with {text} where the document belongs. The model is opened before anything is \
            written. With --json: {"name","directory","sha256","task","architecture"}.

            Examples:
              shokenctl model instruct --from ward.gguf --beside shoken-base --name shoken-instruct
              shokenctl model activate shoken-instruct
            """)

    @Option(help: ArgumentHelp("The model, a GGUF file.", valueName: "gguf"))
    var from: String

    @Option(help: ArgumentHelp("The bundle that it is put beside.", valueName: "name|directory"))
    var beside: String

    @Option(help: "Name to give the new bundle.")
    var name: String

    @Option(help: ArgumentHelp("The question, a text with {text} in it.", valueName: "file"))
    var promptFile: String?

    @Option(help: ArgumentHelp("The system's message.", valueName: "text"))
    var system: String?

    @Option(
        help: ArgumentHelp("The chat template by name (default: the file's).", valueName: "name"))
    var template: String?

    @Option(help: ArgumentHelp("The most tokens of question and answer.", valueName: "n"))
    var documentTokens = 4096

    @Option(help: ArgumentHelp("The most tokens of the answer.", valueName: "n"))
    var answerTokens = 256

    @Option(help: "The model's licence.")
    var licence = "not stated"

    @Option(help: "Version to give the bundle.")
    var bundleVersion = "1"

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let name, directory, sha256, task, architecture: String
    }

    func run() throws {
        let configuration = try common.configured()
        try configuration.registry.checkFree(name)
        let base = try common.bundle(beside)
        var settings = StageInstruction.Settings(
            system: system, documentTokens: documentTokens, answerTokens: answerTokens)
        if let promptFile { settings.prompt = try InputFile.text(promptFile) }
        switch settings.firstFault {
        case "prompt":
            throw CommandFailure(
                .badData, "the question must have \(StageInstruction.placeholder) in it, once")
        case .some:
            throw CommandFailure(
                .usage,
                "--document-tokens is a number from 17 to 1048576, and --answer-tokens one from 16 below it"
            )
        case nil: break
        }
        let file = URL(filePath: from)
        let model = try InstructedModel(gguf: file, template: template, settings: settings)
        let task = TNMClassifier.taskName
        var manifest = base.manifest
        manifest.name = name
        manifest.version = bundleVersion
        manifest.createdAt = Date().formatted(.iso8601)
        manifest.codeVersion = programVersion
        manifest.tasks[task] = BundleManifest.Task(
            method: .instruct,
            settings: try JSONDecoder().decode(
                JSONValue.self, from: JSONEncoder.sorted().encode(settings)))
        manifest.instruct = BundleManifest.Instruct(
            file: BundleManifest.instructFile, template: template,
            architecture: model.architecture)
        manifest.sources.append(
            .init(name: file.lastPathComponent, licence: licence, usedFor: [task], rows: 0))
        manifest.licence += "; \(task): \(licence)"
        let bundle = try base.adding(
            instruct: file, manifest: manifest, to: configuration.registry)
        try record(bundle, configuration)
        let report = Report(
            name: name, directory: bundle.directory.path(percentEncoded: false),
            sha256: bundle.sha256, task: task, architecture: model.architecture)
        if common.json { return try printJSON(report) }
        print("\(name): \(task) is answered by \(model.architecture), \(report.directory)")
        print("Use it with: shokenctl model activate \(name)")
    }

    /// Puts it into the audit trail, where there is a database.
    private func record(_ bundle: BundleDirectory, _ configuration: ServiceConfiguration) throws {
        guard FileManager.default.fileExists(atPath: configuration.databaseFile) else { return }
        let database = try ResultDatabase(file: URL(filePath: configuration.databaseFile))
        try database.appendEvent(
            actor: NSUserName(), action: "model imported", object: name,
            details: ["sha256": bundle.sha256, "from": URL(filePath: from).lastPathComponent],
            at: Date())
    }
}
