// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The example for units, `etc/systemd/examples/pseudonyms.conf`, carried out as systemd does.
@Suite("A key that systemd hands over", .timeLimit(.minutes(5)))
struct CredentialTests {
    private static let example = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "etc/systemd/examples/pseudonyms.conf")

    /// The patients of a copy that the example's command makes with a key.
    private func patients(key: String) throws -> [String] {
        let lines = try String(contentsOf: Self.example, encoding: .utf8).split(separator: "\n")
        let handed = try #require(lines.last { $0.hasPrefix("LoadCredential=") })
        let name = try #require(
            handed.dropFirst("LoadCredential=".count).split(separator: ":").first)
        let start = try #require(lines.last { $0.hasPrefix("ExecStart=") })

        let folder = try TemporaryFolder()
        try folder.write("[database]\nfile = \"shoken.db\"\n", to: "shoken.toml")
        try folder.write("[database]\nfile = \"copy.db\"\n", to: "copy.toml")
        try SampleRecords.record(in: folder["shoken.db"])
        let credential = try folder.write(key, to: "credentials/\(name)")
        let credentials = credential.deletingLastPathComponent()
        // As systemd lays it: neither may be written.
        for (mode, url) in [(0o400, credential), (0o500, credentials)] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: url.path(percentEncoded: false))
        }
        defer {
            try? FileManager.default.setAttributes(
                [.posixPermissions: 0o700],
                ofItemAtPath: credentials.path(percentEncoded: false))
        }
        let place = credentials.standardizedFileURL.path(percentEncoded: false)
            .trimmingSuffix("/")
        let words = start.dropFirst("ExecStart=".count).split(separator: " ").map {
            String($0).replacing("%d", with: place)
                .replacing("/var/lib/shoken/analysis/shoken.db", with: "copy.db")
        }
        #expect(words.first == "/usr/bin/shokenctl" && words.contains("\(place)/\(name)"))
        let made = try Programs.run(
            "shokenctl", Array(words.dropFirst()) + ["--config", "shoken.toml"], in: folder.url,
            environment: ["CREDENTIALS_DIRECTORY": place])
        #expect(made.code == 0, "\(made.errors)")
        let read = try Programs.run(
            "shokenctl",
            [
                "sql", "SELECT DISTINCT patient_id FROM documents ORDER BY 1", "--format", "csv",
                "--config", "copy.toml",
            ], in: folder.url)
        #expect(read.code == 0, "\(read.errors)")
        return read.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
    }

    @Test("is read from the folder of credentials and makes the pseudonyms")
    func key() throws {
        let first = try patients(key: String(repeating: "k", count: 32))
        #expect(first.count > 3)
        #expect(first.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{20}/) != nil })
        let again = try patients(key: String(repeating: "k", count: 32))
        let other = try patients(key: String(repeating: "l", count: 32))
        #expect(again == first)
        #expect(Set(other).isDisjoint(with: first) && other.count == first.count)
    }
}

extension String {
    /// The text without an ending, if it has it.
    fileprivate func trimmingSuffix(_ ending: String) -> String {
        hasSuffix(ending) ? String(dropLast(ending.count)) : self
    }
}
