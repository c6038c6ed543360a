// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import Foundation
import ModelBundle
import ResultStore

/// `shokenctl model shadow`: a model reads along.
struct ModelShadowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow",
        abstract: "Let a model read a share of new documents beside the active one.",
        subcommands: [
            ModelShadowStartCommand.self, ModelShadowStatusCommand.self,
            ModelShadowStopCommand.self,
        ],
        defaultSubcommand: ModelShadowStartCommand.self)

    /// Leaves a line in the audit trail, where there is a database.
    static func note(
        _ action: String, _ model: String, _ details: [String: String],
        _ settings: ServiceConfiguration
    ) throws {
        // The daemon alone makes a database: one made here would hide that the old one is gone.
        guard FileManager.default.fileExists(atPath: settings.databaseFile) else { return }
        try ResultDatabase(file: URL(filePath: settings.databaseFile)).appendEvent(
            actor: NSUserName(), action: action, object: model, details: details, at: Date())
    }
}

/// `shokenctl model shadow start`: writes the wish into the models directory.
struct ModelShadowStartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Let a model read along, after checking and loading it.",
        discussion: """
            What it finds stands in run_results and counts for nothing else. The daemon leaves out what it does \
            not get to. With --json: {"shadow","share","sha256"}.

            Examples:
              shokenctl model shadow our-model --share 0.2
            """)

    @Argument(help: "Name of an installed model.") var model: String

    @Option(help: "The share of new documents, above 0 and up to 1.") var share = 0.1

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard share > 0, share <= 1 else {
            throw ValidationError("--share is above 0 and up to 1.")
        }
    }

    private struct Report: Encodable {
        let shadow: String
        let share: Double
        let sha256: String
    }

    func run() throws {
        let settings = try common.configured()
        let registry = settings.registry
        let bundle = try registry.bundle(model)
        try bundle.verify()
        _ = try common.load(bundle)
        try registry.setShadow(model, share: share)
        try ModelShadowCommand.note(
            "shadow started", model, ["sha256": bundle.sha256, "share": String(share)], settings)
        if common.json {
            return try printJSON(Report(shadow: model, share: share, sha256: bundle.sha256))
        }
        print("\(model) reads \(share) of the new documents along.")
    }
}

/// `shokenctl model shadow status`: what models that read along do otherwise.
struct ModelShadowStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what models that read along do otherwise than the active one.",
        discussion: """
            With --json: {"shadow","share","reports":[{"model","version","sha256","beside","documents",\
            "dropped","failed","active_seconds","shadow_seconds","memory_bytes","counts"}]}.

            Examples:
              shokenctl model shadow status
            """)

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let shadow: String?
        let share: Double?
        let reports: [ShadowReport]
    }

    func run() throws {
        let settings = try common.configured()
        let wish = settings.registry.shadow()
        let file = URL(filePath: settings.databaseFile)
        let reports = try ResultReader(file: file).shadowReports()
        if common.json {
            return try printJSON(Report(shadow: wish?.name, share: wish?.share, reports: reports))
        }
        print(
            wish.map { "\($0.name) reads \($0.share) of the new documents along" }
                ?? "no model reads along")
        for report in reports {
            print(
                "\(report.model) \(report.version) beside \(report.beside): \(report.documents) documents, "
                    + "\(report.dropped) left out, \(report.failed) not read; seconds a document: "
                    + String(
                        format: "%.3f, active %.3f", report.shadowSeconds, report.activeSeconds)
                    + "; memory \(report.memoryBytes >> 20) MiB")
            TextTable(
                columns: ["what", "count"],
                rows: report.counts.sorted { $0.key < $1.key }.map { [$0.key, String($0.value)] }
            ).print()
        }
    }
}

/// `shokenctl model shadow stop`: no model reads along any more.
struct ModelShadowStopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Let no model read along any more.",
        discussion: """
            What was found stays until `shokenctl reprocess prune`. With --json: {"stopped"}.

            Examples:
              shokenctl model shadow stop
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        let settings = try common.configured()
        guard let wish = settings.registry.shadow() else {
            throw CommandFailure(.noInput, "no model reads along")
        }
        try settings.registry.removeShadow()
        try ModelShadowCommand.note("shadow stopped", wish.name, [:], settings)
        if common.json { return try printJSON(["stopped": wish.name]) }
        print("\(wish.name) reads along no more.")
    }
}
