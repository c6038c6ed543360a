// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Exports
import Foundation
import JapaneseText
import ResultStore

/// `shokenctl snapshot`: a copy of the database for those who ask.
struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract:
            "Write a copy of the database for analysts: current documents, one file, read only.",
        discussion: """
            One moment's state, while the daemon works, without a log, audit trail and what only the \
            daemon reads; mode 0440. Beside it FILE's name with .metadata.json instead of its ending \
            is what Datasette is to be told: datasette FILE --metadata NAME.metadata.json.

            --pseudonyms replaces identifiers of patients, documents, visits, orders and files, \
            authors and hashes by keyed hashes (HMAC-SHA-256): the same key gives the same \
            pseudonyms. Make the key once (openssl rand 32 >key), keep it apart and secret. Texts \
            stay as they are without --deidentify, which puts 〓 for each character of personal \
            information (see shokenctl deidentify: what nothing gives away stays). Places stay. \
            With either, tables that may hold what is to go are left out, and named.

            With --json: {"bytes","documents","file","left_out","mentions","metadata"}.

            Examples:
              shokenctl snapshot /srv/analysis/shoken.db --force
              shokenctl snapshot /srv/analysis/shoken.db --pseudonyms /root/key --deidentify
            """)

    @Argument(help: "The new file.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "Replace identifiers by hashes with the key in a file.", valueName: "file"))
    var pseudonyms: String?

    @Flag(help: "Replace personal information in texts.")
    var deidentify = false

    @Flag(help: "Replace the file, and the metadata beside it.")
    var force = false

    @OptionGroup var common: CommonOptions

    /// What was written; stable, for programs.
    private struct Report: Encodable {
        enum CodingKeys: String, CodingKey {
            case file, metadata, documents, mentions, bytes
            case leftOut = "left_out"
        }

        let file, metadata: String
        let documents, mentions, bytes: Int
        let leftOut: [String]
    }

    func run() throws {
        let target = absolutePath(file)
        let (stem, description) = try Self.metadataPath(of: target)
        for path in [target, description] where !force {
            guard try DiskFiles().facts(of: path) == nil else {
                throw CommandFailure(
                    .cannotCreate, "\(path) is there already; --force replaces it")
            }
        }
        let snapshot = try AnalysisSnapshot(
            of: common.databasePath(), for: target, protection: protection())
        do {
            try common.noteExport(
                "snapshot", to: target.lastName?.escaped ?? "",
                details: [
                    "documents": String(snapshot.documents), "mentions": String(snapshot.mentions),
                    "pseudonyms": pseudonyms == nil ? "no" : "yes",
                    "deidentified": deidentify ? "yes" : "no",
                ])
            let metadata = try PendingFile(for: description, replacing: force)
            try metadata.append(
                DatasetteMetadata.json(
                    database: stem, has: snapshot.names, protections: sentences))
            try metadata.place(replacing: force)
            try snapshot.move(to: target, replacing: force)
        } catch {
            snapshot.remove()
            throw error
        }
        let report = Report(
            file: target.description, metadata: description.description,
            documents: snapshot.documents, mentions: snapshot.mentions, bytes: snapshot.bytes,
            leftOut: snapshot.leftOut)
        if common.json { return try printJSON(report) }
        print(
            "\(report.file): \(report.documents) documents, \(report.mentions) mentions, "
                + "\(report.bytes) bytes")
        if !report.leftOut.isEmpty { say("left out: " + report.leftOut.joined(separator: ", ")) }
    }

    private var sentences: [String] {
        (pseudonyms == nil ? [] : ["Identifiers are pseudonyms."])
            + (deidentify ? ["Personal information was looked for and taken out of texts."] : [])
    }

    private func protection() throws -> AnalysisSnapshot.Protection {
        var protection = AnalysisSnapshot.Protection()
        if let pseudonyms {
            let key = try DiskFiles().read(absolutePath(pseudonyms), maximumBytes: 1 << 16)
            guard let hash = KeyedHash(key: key) else {
                throw CommandFailure(
                    .badData,
                    "\(pseudonyms): a key has at least \(KeyedHash.shortestKey) bytes")
            }
            protection.pseudonyms = hash
        }
        if deidentify {
            let identifier = DeIdentifier()
            protection.masked = { text in
                identifier.replacing(identifier.spans(in: text), in: text, by: .sameLength)
            }
        }
        return protection
    }

    /// The file's name without its ending, and the path of the metadata.
    private static func metadataPath(of target: FilePath) throws -> (String, FilePath) {
        guard let name = target.lastName.flatMap({ String(validating: $0.bytes, as: UTF8.self) })
        else { throw ValidationError("the file's name is no UTF-8") }
        let stem = URL(filePath: name).deletingPathExtension().lastPathComponent
        return (stem, target.parent.appending(stem + ".metadata.json"))
    }
}
