// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import DurableFiles
import Exports
import Faults
import Foundation
import ResultStore

/// `shokenctl export`: what the database holds, for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what the database holds in the formats of other programs.",
        discussion: """
            Each export is one moment's state, while the daemon works. Files appear when they are \
            whole and on the disk, and the audit trail says who took what.

            Examples:
              shokenctl export csv ./tables
              shokenctl export csv - --table findings --since 2026-03-01 >findings.csv
              shokenctl export label-studio ./for-label-studio --kind radiology
              shokenctl export omop ./omop --persons persons.csv
            """,
        subcommands: [
            ExportBratCommand.self, ExportCSVCommand.self, ExportDoccanoCommand.self,
            ExportFHIRCommand.self, ExportLabelStudioCommand.self, ExportOMOPCommand.self,
            ExportParquetCommand.self, ExportProdigyCommand.self,
        ])
}

/// Which documents are exported, and which of their mentions.
struct ExportSelection: ParsableArguments {
    @OptionGroup var filter: DocumentFilter

    @Option(help: "Only mentions of this type (disease, drug, dose).")
    var type: EntityType?

    @Option(help: "Only mentions of this certainty (positive, suspicious, negative, general).")
    var certainty: Certainty?

    @Option(
        name: .customLong("of"),
        help: "Only mentions of the patient, the family or others (patient, family, other).")
    var owner: MentionSubject?

    @Option(help: "Only mentions of this time (current, past, planned).")
    var temporality: Temporality?

    @Flag(help: "Also versions that are superseded, withdrawn or sent twice.")
    var history = false

    /// The selection that the options name.
    var selection: DocumentSelection {
        var selection = DocumentSelection()
        selection.kind = filter.kind?.rawValue
        selection.patient = filter.patient
        selection.since = filter.written.since
        selection.until = filter.written.until
        selection.type = type?.rawValue
        selection.includesHistory = history
        selection.mentions.certainty = certainty?.rawValue
        selection.mentions.subject = owner?.rawValue
        selection.mentions.temporality = temporality?.rawValue
        return selection
    }

    /// The options that were given, for the audit trail; a patient is not named there.
    var audited: [String: String] {
        var named: [String: String] = [:]
        named["kind"] = filter.kind?.rawValue
        named["patient"] = filter.patient.map { _ in "one" }
        named["since"] = filter.written.since?.utc
        named["until"] = filter.written.until?.utc
        named["type"] = type?.rawValue
        named["certainty"] = certainty?.rawValue
        named["of"] = owner?.rawValue
        named["temporality"] = temporality?.rawValue
        named["history"] = history ? "yes" : nil
        return named
    }
}

extension CommonOptions {
    /// Says in the audit trail what leaves, before it has its name.
    ///
    /// Who may only read the database cannot write there: then a line on standard error says so.
    func noteExport(_ format: String, to target: String, details: [String: String]) throws {
        do throws(StoreError) {
            let database = try ResultDatabase(file: databaseFileOfExport())
            try database.appendEvent(
                actor: NSUserName(), action: "exported", object: format,
                details: details.merging(["target": target]) { old, _ in old }, at: Date())
        } catch {
            guard case .file(let refusal) = error, [EACCES, EPERM, EROFS].contains(refusal.errno)
            else { throw error }
            say("not in the audit trail, since you may only read the database")
        }
    }

    private func databaseFileOfExport() throws(StoreError) -> URL {
        do { return try databaseFile() } catch {
            throw .cannotOpen(file: config, detail: explained(error).explanation)
        }
    }
}

/// Prints a sentence on standard error, where it is no part of what is exported.
func say(_ sentence: String) {
    FileHandle.standardError.write(Data("shokenctl: \(sentence)\n".utf8))
}
