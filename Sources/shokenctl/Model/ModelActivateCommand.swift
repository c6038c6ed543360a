// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import Foundation
import ModelBundle
import ResultStore

/// `shokenctl model activate`: the daemon takes the model up before its next batch.
struct ModelActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Make a model the active one, after checking, loading and trying it.",
        discussion: """
            It reads the golden sets (golden.jsonl of its bundle and of the active one, and models.golden of \
            shoken.toml(5)) as the active model does. One that lacks a task which the active model answers, \
            is right in nothing that a measure asks for, or is worse in one by more than models.margin is \
            refused with code 65; --force with a reason takes it all the same, and the audit trail says who did. \
            A running daemon finishes the documents in hand with the old model and reads the next \
            ones with the new. If the new one cannot be loaded, the old stays in use. With --json: {"active",\
            "former","sha256","rows","scores":[{"measure","wanted","candidate","active"}],"objections",\
            "not_compared"}.

            Examples:
              shokenctl model activate our-model
              shokenctl model activate our-model --force --reason 'no doses here'
            """)

    @Argument(help: "Name of an installed model.")
    var model: String

    @Flag(help: "Activate it though it is refused; needs --reason.") var force = false

    @Option(help: ArgumentHelp("Why it is forced, for the audit trail.", valueName: "text"))
    var reason: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard force else {
            if reason != nil { throw ValidationError("--reason goes with --force.") }
            return
        }
        guard let reason, 1...500 ~= reason.unicodeScalars.count else {
            throw ValidationError("--force needs --reason, of 1 to 500 characters.")
        }
    }

    private struct Report: Encodable {
        let active, former, sha256: String
        let rows: Int
        let scores: [ActivationCheck.Line]
        let objections: [String]
        let notCompared: String?

        private enum CodingKeys: String, CodingKey {
            case active, former, sha256, rows, scores, objections
            case notCompared = "not_compared"
        }
    }

    func run() throws {
        let configuration = try common.configured()
        let registry = configuration.registry
        let bundle = try registry.bundle(model)
        try bundle.verify()
        let former = registry.activeName() ?? configuration.activeModel
        let check = try ActivationCheck(
            of: bundle, common.load(bundle), settings: configuration, activeName: former)
        let objections = check.objections.map(\.sentence)
        var details = ["rows": String(check.rows)]
        if !objections.isEmpty { details["objections"] = objections.joined(separator: "; ") }
        if let gap = check.gap { details["not_compared"] = gap }
        if !common.json { check.printTable() }
        guard objections.isEmpty || force else {
            try Self.note("model refused", model, bundle, details, configuration)
            throw CommandFailure(
                .badData,
                "\(model) is refused, \(former) stays active: \(objections.joined(separator: "; ")) "
                    + "(--force --reason TEXT activates it all the same)")
        }
        if force { details["forced"] = reason }
        try Self.activate(bundle, model, action: "model activated", details, configuration)
        if common.json {
            return try printJSON(
                Report(
                    active: model, former: former, sha256: bundle.sha256, rows: check.rows,
                    scores: check.lines, objections: objections, notCompared: check.gap))
        }
        for objection in objections { print("in spite of: \(objection)") }
        if let gap = check.gap { print("not compared: \(gap)") }
        print("\(model) is active (was \(former)).")
    }

    /// Makes a bundle that was checked and loaded the active one, and says so in the audit trail.
    static func activate(
        _ bundle: BundleDirectory, _ model: String, action: String, _ details: [String: String],
        _ configuration: ServiceConfiguration
    ) throws {
        let registry = configuration.registry
        let former = registry.activeName() ?? configuration.activeModel
        try registry.activate(model, former: former)
        try note(
            action, model, bundle, details.merging(["former": former]) { $1 }, configuration)
    }

    /// Leaves a line in the audit trail, where there is a database.
    private static func note(
        _ action: String, _ model: String, _ bundle: BundleDirectory, _ details: [String: String],
        _ configuration: ServiceConfiguration
    ) throws {
        // The daemon alone makes a database: one made here would hide that the old one is gone.
        guard FileManager.default.fileExists(atPath: configuration.databaseFile) else { return }
        try ResultDatabase(file: URL(filePath: configuration.databaseFile)).appendEvent(
            actor: NSUserName(), action: action, object: model,
            details: details.merging(["sha256": bundle.sha256]) { $1 }, at: Date())
    }
}
