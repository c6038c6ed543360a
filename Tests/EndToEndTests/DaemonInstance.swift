// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import TestSupport
import Testing

/// A private instance of the daemon on the model that comes with the project.
struct DaemonInstance {
    /// The bundle beside the sources.
    static let models = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "models")
    static var hasModel: Bool {
        FileManager.default.fileExists(
            atPath: models.appending(path: "shoken-base/shoken.json").path)
    }

    let folder: TemporaryFolder
    var config: String { folder.path + "/shoken.toml" }
    var log: String { folder.path + "/log" }

    init(_ more: String = "", models: String = Self.models.path) throws {
        folder = try TemporaryFolder()
        try folder.write(
            """
            [spool]
            directory = "spool"
            settle_seconds = 0
            scan_interval_seconds = 0.2
            minimum_free_bytes = 0
            [database]
            file = "shoken.db"
            [models]
            directory = "\(models)"
            [compute]
            batch_documents = 4
            \(more)
            """, to: "shoken.toml")
        for kind in DocumentKind.allCases {
            try FileManager.default.createDirectory(
                at: folder["spool/incoming/\(kind.rawValue)"], withIntermediateDirectories: true)
        }
    }

    /// Drops a file by one rename.
    func drop(_ content: Data, _ kind: String, _ name: String) throws {
        let incoming = folder.path + "/spool/incoming/\(kind)/"
        try content.write(to: URL(filePath: incoming + ".\(name)"))
        try #require(rename(incoming + ".\(name)", incoming + name) == 0)
    }

    func drop(_ text: String, _ kind: String, _ name: String) throws {
        try drop(Data(text.utf8), kind, name)
    }

    /// Takes in all that is in the spool; the log goes to `log`.
    func once() throws {
        let daemon = try start(["--once"])
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
    }

    func start(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = try Programs.url("shokend")
        process.arguments = ["--config", config] + arguments
        if !FileManager.default.fileExists(atPath: log) { try folder.write("", to: "log") }
        let handle = try FileHandle(forWritingTo: URL(filePath: log))
        try handle.seekToEnd()
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
        return process
    }

    /// Rows of a statement, as strings.
    func rows(_ sql: String) throws -> [[String: String]] {
        let result = try Programs.run("shokenctl", ["sql", sql, "--json", "--config", config])
        try #require(result.code == 0, "\(result.errors)")
        let objects = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(objects as? [[String: Any]]).map { $0.mapValues { "\($0)" } }
    }

    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(
            atPath: self.folder.path + "/spool/" + folder)) ?? []
    }

    /// Every file below the folder but the database and the documents themselves, as text.
    func saidText() throws -> String {
        let reasons = names(in: "failed").filter { $0.hasSuffix(".error.json") }
        return try ([log] + reasons.map { folder.path + "/spool/failed/" + $0 }).map {
            String(decoding: try Data(contentsOf: URL(filePath: $0)), as: UTF8.self)
        }.joined()
    }
}
