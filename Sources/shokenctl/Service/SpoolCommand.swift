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
            """,
        subcommands: [Status.self, Retry.self, Purge.self])

    /// Opens the spool that the configuration names.
    static func open(_ options: CommonOptions) throws -> SpoolDirectory {
        let settings = try ServiceConfiguration(file: options.config)
        return try SpoolDirectory(root: FilePath(settings.spool.directory))
    }
}

extension SpoolCommand {
    /// `shokenctl spool status`: counts, bytes and the oldest age of each state.
    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count what lies in each state, with the age of the oldest.",
            discussion: """
                With --json: {"duplicates":{"files","last"},\
                "failed":[{"name","code","reason","attempts","at"}],\
                "misplaced":[{"folder","files","names","oldest_seconds","advice","own_folder"}],\
                "states":[{"state","files","bytes","oldest_seconds","fault"}]}. Duplicates are files \
                that were dropped again with the name and bytes of a recorded one. Misplaced files lie where \
                the daemon does not look.
                """)

        @OptionGroup var options: CommonOptions

        private struct Failed: Encodable {
            let name: String
            let code: String
            let reason: String
            let attempts: Int
            let at: String
        }

        private struct Duplicates: Encodable {
            let files: Int64
            let last: String?
        }

        private struct Report: Encodable {
            let states: [SpoolStateCount]
            let failed: [Failed]
            let duplicates: Duplicates?
            let misplaced: [MisplacedFiles]
        }

        func run() throws {
            let spool = try SpoolCommand.open(options)
            let states = spool.status()
            let failed = try spool.failedNames().map { name in
                let reason = spool.reason(of: name)
                return Failed(
                    name: name.escaped, code: reason?.code ?? "unknown",
                    reason: reason?.reason ?? "its reason is gone",
                    attempts: reason?.attempts ?? 0, at: reason?.at ?? "")
            }
            let duplicates = try duplicates()
            let misplaced = spool.misplacedFiles()
            if options.json {
                return try printJSON(
                    Report(
                        states: states, failed: failed, duplicates: duplicates,
                        misplaced: misplaced))
            }
            TextTable(
                columns: ["STATE", "FILES", "BYTES", "OLDEST (s)"],
                rows: states.map {
                    [
                        $0.state, "\($0.files)", "\($0.bytes)",
                        $0.oldestSeconds.map(String.init) ?? "-",
                    ]
                }
            ).print()
            for state in states {
                if let fault = state.fault { print("\(state.state): \(fault)") }
            }
            if let duplicates, let last = duplicates.last {
                print("duplicates: \(duplicates.files), the last at \(last)")
            }
            for files in misplaced { print("misplaced: \(files.sentence)") }
            guard !failed.isEmpty else { return }
            print("")
            TextTable(
                columns: ["FAILED", "CODE", "REASON", "AT"],
                rows: failed.map { [$0.name, $0.code, $0.reason, $0.at] }
            ).print()
        }

        /// How many files were dropped again as they were; nil while there is no database.
        private func duplicates() throws -> Duplicates? {
            let file = try ServiceConfiguration(file: options.config).databaseFile
            guard FileManager.default.fileExists(atPath: file) else { return nil }
            let row = try ResultReader(file: URL(filePath: file)).select(
                """
                SELECT count(*), max(at) FROM events
                WHERE action = '\(ResultDatabase.repetitionAction)'
                """
            ).rows.first
            guard case .integer(let files)? = row?.first else { return nil }
            let last = row?.last.flatMap { if case .text(let text) = $0 { text } else { nil } }
            return Duplicates(files: files, last: last)
        }
    }

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

    /// `shokenctl spool purge`: removes old recorded files.
    struct Purge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove recorded files of days before a limit from done/.",
            discussion: """
                The results in the database stay. With --json: {"bytes","days","files"}.

                Examples:
                  shokenctl spool purge --days 90
                """)

        @OptionGroup var options: CommonOptions
        @Option(name: .long, help: "Keep the days of the last so many days.") var days: Int

        func validate() throws {
            if !(0...100_000).contains(days) { throw ValidationError("--days is 0 to 100000.") }
        }

        func run() throws {
            let spool = try SpoolCommand.open(options)
            let purge = try spool.purgeDone(olderThanDays: days)
            if options.json { return try printJSON(purge) }
            print("removed \(purge.files) files (\(purge.bytes) bytes) of \(purge.days) days")
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
