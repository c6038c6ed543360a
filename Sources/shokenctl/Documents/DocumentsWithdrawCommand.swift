// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DurableFiles
import Faults
import Foundation
import JSONFiles
import ResultStore
import Spool

/// `shokenctl documents withdraw`: takes documents back whose senders cannot say so in a message.
///
/// It drops lines of JSON into the spool, as a sender would: so the daemon alone writes results, and a
/// database that is made anew from `done/` knows of it.
struct DocumentsWithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take documents back by their keys.",
        discussion: """
            For systems that delete outside of their messages, as with JP-CLINS. Results of a document that \
            is withdrawn leave views, queries and exports; rows and history stay (query documents \
            --history). A newer version that comes later counts again. The line is dropped into the \
            spool; the daemon carries it out, at once or when it runs. Keys are those of query \
            documents --json and of the column document_key. With --json: \
            {"withdrawn":[KEY],"already":[KEY],"unknown":[KEY]}. Exit code 66 if a key is \
            unknown; then nothing is withdrawn.

            Examples:
              shokenctl documents withdraw --key hl7v2:R2026051100042
              shokenctl documents withdraw --key 'fhir:urn:oid:1.2.3|F-9' --key jsonl:nursing:17^P-1
            """)

    @OptionGroup var options: CommonOptions

    @Option(
        help: ArgumentHelp("The key of a document; may be given several times.", valueName: "key"))
    var key: [String]

    private struct Report: Encodable {
        var withdrawn: [String] = []
        var already: [String] = []
        var unknown: [String] = []
    }

    func validate() throws {
        if key.isEmpty { throw ValidationError("Give --key, once or several times.") }
    }

    func run() throws {
        let settings = try ServiceConfiguration(file: options.config)
        let spool = try SpoolDirectory(root: FilePath(settings.spool.directory))
        let found = try ResultReader(file: options.databaseFile()).newestVersions(ofKeys: key)
        var report = Report()
        report.unknown = key.filter { found[$0] == nil }
        guard report.unknown.isEmpty else {
            try say(report)
            throw ExitCode(Disposition.noInput)
        }
        report.already = key.filter { found[$0]?.standing == "withdrawn" }
        report.withdrawn = key.filter { !report.already.contains($0) }
        let kinds = Dictionary(grouping: report.withdrawn) { found[$0]?.kind ?? "" }
        for (name, keys) in kinds.sorted(by: { $0.key < $1.key }) {
            let kind = DocumentKind(rawValue: name) ?? .other
            let lines = keys.map {
                JSONValue.object([JSONValue.Member(name: "withdraw", value: .string($0))])
            }
            let content = Data(lines.map { $0.text + "\n" }.joined().utf8)
            try spool.drop(
                content, kind: kind, ending: "withdrawal.jsonl",
                triggering: settings.spool.triggeredKinds.contains(kind))
        }
        if !report.withdrawn.isEmpty {
            try ResultDatabase(file: options.databaseFile()).appendEvent(
                actor: NSUserName(), action: "withdraw", object: "documents",
                details: ["documents": String(report.withdrawn.count)], at: Date())
        }
        try say(report)
    }

    private func say(_ report: Report) throws {
        if options.json { return try printJSON(report) }
        for key in report.withdrawn { print("withdrawal dropped into the spool: \(key)") }
        for key in report.already { print("withdrawn already: \(key)") }
        for key in report.unknown {
            FileHandle.standardError.write(
                Data("shokenctl: no document has the key \(key); nothing is withdrawn\n".utf8))
        }
    }
}
