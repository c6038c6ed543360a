// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import Intake
import ResultStore
import Spool

/// `shokenctl spool`: what lies in the spool, and what to do with it.
struct SpoolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spool",
        abstract: "See what lies in the spool; put failed files back; remove old ones.",
        discussion: """
            Examples:
              shokenctl spool status
              shokenctl spool retry note-17.txt
              shokenctl spool purge --days 90
              shokenctl spool purge --failed --days 365
            """,
        subcommands: [SpoolStatusCommand.self, Retry.self, SpoolPurgeCommand.self])

    /// Opens the spool that the configuration names.
    static func open(_ options: CommonOptions) throws -> SpoolDirectory {
        let settings = try ServiceConfiguration(file: options.config)
        return try SpoolDirectory(root: FilePath(settings.spool.directory))
    }
}

extension SpoolCommand {
    /// `shokenctl spool retry`: puts failed files back into `incoming/`.
    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put failed files back into the folders that they came from.",
            discussion: """
                Names are those that `spool status` shows. Of a file of which some records are recorded \
                (partly-recorded) only the others go back. With --json: \
                {"refused":[{"name","reason"}],"retried":[NAME]}. Exit code 66 if any was refused.

                Examples:
                  shokenctl spool retry note-17.txt letter.jsonl
                  shokenctl spool retry --all
                """)

        @OptionGroup var options: CommonOptions
        @Flag(name: .long, help: "All that can be put back.") var all = false
        @Argument(help: "Names in failed/.") var names: [String] = []

        private struct Refused: Encodable {
            let name: String
            let reason: String
        }

        private struct Report: Encodable {
            var retried: [String] = []
            var refused: [Refused] = []
        }

        func validate() throws {
            if all != names.isEmpty { throw ValidationError("Give either names or --all.") }
        }

        func run() throws {
            let spool = try SpoolCommand.open(options)
            let settings = try ServiceConfiguration(file: options.config)
            let report = try retry(spool, settings)
            if options.json {
                try printJSON(report)
            } else {
                for name in report.retried { print("retried \(name)") }
                for refused in report.refused {
                    print("refused \(refused.name): \(refused.reason)")
                }
            }
            if !report.refused.isEmpty { throw ExitCode(Disposition.noInput) }
        }

        private func retry(
            _ spool: SpoolDirectory, _ settings: ServiceConfiguration
        ) throws -> Report {
            var report = Report()
            let present = try spool.failedNames()
            for shown in all ? present.map(\.escaped) : names {
                guard let name = present.first(where: { $0.escaped == shown }) else {
                    report.refused.append(Refused(name: shown, reason: "no such file in failed/"))
                    continue
                }
                do {
                    try spool.retry(name, triggeredKinds: settings.spool.triggeredKinds) {
                        try remaining(of: $0, $1, name: shown, settings.documentReader)
                    }
                    report.retried.append(shown)
                } catch let refusal as RetryRefusal {
                    report.refused.append(Refused(name: shown, reason: refusal.explanation))
                }
            }
            return report
        }

        /// What is not recorded yet of a file of records.
        private func remaining(
            of content: Data, _ report: FailureReport, name: String, _ reader: DocumentReader
        ) throws(RetryRefusal) -> Data {
            guard let kind = report.kind else { throw .kindUnknown(name: name) }
            do throws(IntakeError) {
                return try RetriedRecords.remaining(
                    of: content, fileName: name, kind: kind,
                    recorded: report.recordedDocuments ?? [], reader: reader)
            } catch {
                throw .unreadable(name: name, detail: error.explanation)
            }
        }
    }
}

extension MisplacedFiles {
    /// Where the files lie, with the first names, and where they belong.
    var sentence: String {
        let place = folder.isEmpty ? "the spool's folder itself" : folder
        let shown = names.joined(separator: ", ") + (files > names.count ? " …" : "")
        return
            "\(files) file\(files == 1 ? "" : "s") in \(place) (\(shown)) will never be read: \(advice)"
    }
}

extension UnreadFiles {
    /// Where the files lie, with the oldest, and what to do.
    var sentence: String {
        sentence(in: folder.isEmpty ? "the spool's folder itself" : folder, showingNames: true)
    }
}
