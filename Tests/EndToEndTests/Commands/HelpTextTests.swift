// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The help of each command stands in a file of `HelpTexts/`, so that a change of it is seen in review.
///
/// After a change that is meant, `make help-texts` writes the files anew.
@Suite("Help texts", .timeLimit(.minutes(15)))
struct HelpTextTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "HelpTexts")
    /// The parser wraps at the width of the terminal; here at that of any.
    private static let columns = "80"

    private static var updates: Bool {
        ProcessInfo.processInfo.environment["SHOKEN_UPDATE_SNAPSHOTS"] == "1"
    }

    /// What `--help` prints, by the name of its file.
    private static func texts() throws -> [String: String] {
        var texts: [String: String] = [:]
        for (path, _) in try CommandTree.read().all() {
            let result = try Programs.run(
                "shokenctl", path + ["--help"], environment: ["COLUMNS": columns])
            #expect(result.code == 0, "\(path.joined(separator: " ")) --help: \(result.errors)")
            texts[(["shokenctl"] + path).joined(separator: "-") + ".txt"] = result.output
        }
        return texts
    }

    @Test("are as their files say; make help-texts writes these anew")
    func snapshots() throws {
        let texts = try Self.texts()
        let files = FileManager.default
        if Self.updates {
            try? files.removeItem(at: Self.folder)
            try files.createDirectory(at: Self.folder, withIntermediateDirectories: false)
            for (name, text) in texts {
                try Data(text.utf8).write(to: Self.folder.appending(path: name))
            }
        }
        let known = try files.contentsOfDirectory(atPath: Self.folder.path)
        #expect(
            Set(known) == Set(texts.keys),
            "the commands are others than the files; run make help-texts and look at the difference"
        )
        for (name, text) in texts where known.contains(name) {
            let file = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
            let differing =
                zip(file.split(separator: "\n"), text.split(separator: "\n"))
                .first { $0 != $1 }.map { "was: \($0)\nis: \($1)" } ?? "one ends before the other"
            #expect(
                file == text,
                "\(name) is not what --help prints; run make help-texts if the change is meant\n\(differing)"
            )
        }
    }

    @Test("name every option with a sentence")
    func optionsAreExplained() throws {
        struct Dump: Decodable { let command: Command }
        struct Command: Decodable {
            struct Argument: Decodable {
                let valueName: String?
                let abstract: String?
                let shouldDisplay: Bool
            }
            let commandName: String
            let abstract: String?
            let arguments: [Argument]?
            let subcommands: [Command]?
        }
        let result = try Programs.run("shokenctl", ["--experimental-dump-help"])
        func check(_ command: Command, _ path: String) {
            #expect(!(command.abstract ?? "").isEmpty, "\(path) has no abstract")
            for argument in command.arguments ?? [] where argument.shouldDisplay {
                let name = argument.valueName ?? "an option"
                #expect(!(argument.abstract ?? "").isEmpty, "\(path): \(name) has no help")
            }
            // The parser's own help has none.
            for next in command.subcommands ?? [] where next.commandName != "help" {
                check(next, path + " " + next.commandName)
            }
        }
        let dump = try JSONDecoder().decode(Dump.self, from: Data(result.output.utf8))
        check(dump.command, dump.command.commandName)
    }
}
