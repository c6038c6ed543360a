// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import JapaneseText
import ModelBundle
import ResultStore
import Spool
import Tensors

/// `shokenctl doctor`: checks everything that the daemon needs.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, spool, database, dictionaries and model.",
        discussion: """
            Changes nothing. Ends with code 69 if the daemon could not work. What it works with, but \
            somebody should look at, is marked LOOK. With --json: [{"check","ok","warning","detail"}].
            """)

    @OptionGroup var common: CommonOptions

    /// What became of one check.
    private struct Finding: Encodable {
        let check: String
        let ok: Bool
        /// Whether somebody should look at it all the same.
        var warning = false
        let detail: String

        var mark: String { !ok ? "FAULT" : warning ? "LOOK" : "ok" }
    }

    func run() throws {
        var findings: [Finding] = []
        func check(_ name: String, _ body: () throws -> String) {
            do {
                findings.append(Finding(check: name, ok: true, detail: try body()))
            } catch {
                findings.append(
                    Finding(check: name, ok: false, detail: explained(error).explanation))
            }
        }
        var settings: ServiceConfiguration?
        check("configuration") {
            settings = try common.configured()
            return common.config
        }
        if let settings {
            check("spool") { try spool(settings) }
            findings += misplaced(settings)
            findings += unread(settings)
            check("free space") { try freeSpace(settings) }
            check("database") { try database(settings) }
            check("dictionaries") { try dictionaries(settings) }
            check("model") { try model(settings) }
            check("computing") { ComputeEnvironment.summary }
            check("watcher") { try watcher() }
        }
        if common.json {
            try printJSON(findings)
        } else {
            TextTable(
                columns: ["", "check", "detail"],
                rows: findings.map { [$0.mark, $0.check, $0.detail] }, widest: 1000
            ).print()
        }
        if findings.contains(where: { !$0.ok }) {
            throw ExitCode(Disposition.unavailable)
        }
    }

    private func spool(_ settings: ServiceConfiguration) throws -> String {
        let root = settings.spool.directory
        guard FileManager.default.fileExists(atPath: root) else {
            return "\(root): not there yet; the daemon makes it"
        }
        let states = try SpoolDirectory(root: FilePath(root)).status()
        if let fault = states.lazy.compactMap(\.fault).first {
            throw CommandFailure(.unavailable, fault)
        }
        return "\(root): " + states.map { "\($0.state) \($0.files)" }.joined(separator: ", ")
    }

    /// Files that wait where the daemon does not look.
    private func misplaced(_ settings: ServiceConfiguration) -> [Finding] {
        let root = settings.spool.directory
        guard FileManager.default.fileExists(atPath: root),
            let spool = try? SpoolDirectory(root: FilePath(root))
        else { return [] }
        let found = spool.misplacedFiles()
        guard !found.isEmpty else {
            return [Finding(check: "places", ok: true, detail: "no file lies in a wrong folder")]
        }
        return found.map {
            Finding(check: "places", ok: true, warning: true, detail: $0.sentence)
        }
    }

    /// Files that are passed over; they are to be looked at when they have been there for an hour.
    private func unread(_ settings: ServiceConfiguration) -> [Finding] {
        let root = settings.spool.directory
        guard FileManager.default.fileExists(atPath: root),
            let spool = try? SpoolDirectory(root: FilePath(root))
        else { return [] }
        let found = spool.unreadFiles()
        guard !found.isEmpty else {
            return [Finding(check: "names", ok: true, detail: "no file is passed over")]
        }
        return found.map {
            Finding(check: "names", ok: true, warning: $0.overdue > 0, detail: $0.sentence)
        }
    }

    private func freeSpace(_ settings: ServiceConfiguration) throws -> String {
        var directory = URL(filePath: settings.spool.directory)
        while !FileManager.default.fileExists(atPath: directory.path), directory.path != "/" {
            directory.deleteLastPathComponent()
        }
        let free = try DiskFiles().freeBytes(at: FilePath(directory))
        guard free >= UInt64(settings.spool.minimumFreeBytes) else {
            throw CommandFailure(
                .unavailable,
                "\(free) bytes are free, spool.minimum_free_bytes wants "
                    + "\(settings.spool.minimumFreeBytes)")
        }
        return "\(free >> 20) MiB"
    }

    private func database(_ settings: ServiceConfiguration) throws -> String {
        let file = settings.databaseFile
        guard FileManager.default.fileExists(atPath: file) else {
            return "\(file): not there yet; the daemon makes it"
        }
        let check = try DatabaseCheck(of: FilePath(file))
        if let fault = check.faults.first {
            throw CommandFailure(
                .unavailable, "\(file): \(fault.detail); see shokenctl database check")
        }
        return "\(file): \(check.documents ?? 0) documents, sound"
    }

    private func dictionaries(_ settings: ServiceConfiguration) throws -> String {
        let analyzer = TextAnalyzer(
            analyzer: try MorphologicalAnalyzer(
                dictionary: settings.mecabDictionary, userDictionary: settings.userDictionary))
        let words = analyzer.analyze("発熱を認める").sentences.reduce(0) { $0 + $1.morphemes.count }
        let directory = settings.mecabDictionary ?? MorphologicalAnalyzer.defaultDictionary
        return "\(directory): works (\(words) words)"
    }

    private func model(_ settings: ServiceConfiguration) throws -> String {
        let bundle = try settings.activeBundle()
        _ = try LoadedModel(bundle: bundle, settings: settings)
        return "\(bundle.manifest.name) \(bundle.manifest.version), every file as listed"
    }

    private func watcher() throws -> String {
        guard let program = WatcherProcess.findProgram() else {
            return "shoken-watch was not found: the daemon finds files by listing only"
        }
        return program.path
    }
}
