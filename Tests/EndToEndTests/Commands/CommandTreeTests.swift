// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The commands of `shokenctl`, as the program itself describes them.
struct CommandTree: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
        struct Name: Decodable, Sendable { let name: String }
        let names: [Name]?
    }

    let commandName: String
    let aliases: [String]?
    let subcommands: [CommandTree]?
    let arguments: [Argument]?

    /// What the program of this build says.
    static func read() throws -> CommandTree {
        struct Dump: Decodable { let command: CommandTree }
        let result = try Programs.run("shokenctl", ["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(result.output.utf8)).command
    }

    /// Subcommands but the parser's own `help`.
    private var own: [CommandTree] { (subcommands ?? []).filter { $0.commandName != "help" } }

    var takesJSON: Bool {
        (arguments ?? []).contains { ($0.names ?? []).contains { $0.name == "json" } }
    }

    /// Every command that stands below this one, with the words that call it; groups included.
    func all(_ path: [String] = []) -> [(path: [String], command: CommandTree)] {
        [(path, self)] + own.flatMap { $0.all(path + [$0.commandName]) }
    }

    /// The commands that do something.
    var leaves: [(path: [String], command: CommandTree)] {
        all().filter { $0.command.own.isEmpty }
    }

    /// The command that words of a command line call, by its first name, whatever alias was used; a group
    /// where they name none of its commands.
    func called(by words: [String]) -> [String] {
        guard let word = words.first,
            let next = own.first(where: {
                $0.commandName == word || $0.aliases?.contains(word) == true
            })
        else { return [] }
        return [next.commandName] + next.called(by: Array(words.dropFirst()))
    }
}

@Suite("All commands", .timeLimit(.minutes(15)))
struct CommandTreeTests {
    /// All subjects; a command that no case of theirs calls fails the test below.
    static var subjects: [any CommandSubject.Type] {
        [
            BatchCommandTests.self, CorpusCommandTests.self, DataCommandTests.self,
            DatabaseCommandTests.self, DocumentCommandTests.self,
            DictionaryCommandTests.self,
            EvaluateCommandTests.self, ExportCommandTests.self,
            ModelFileCommandTests.self, ModelBundleCommandTests.self, QueryCommandTests.self,
            ReprocessCommandTests.self,
            ReviewCommandTests.self, ServiceCommandTests.self, TextCommandTests.self,
            TokenizerCommandTests.self,
            TrainCommandTests.self,
        ]
    }

    @Test("are called by tests: with success, as JSON where they have it, and with a fault")
    func allAreCalled() throws {
        let tree = try CommandTree.read()
        var works: Set<[String]> = []
        var printsJSON: Set<[String]> = []
        var fails: Set<[String]> = []
        for item in Self.subjects.flatMap({ $0.cases }) {
            let command = tree.called(by: item.arguments)
            switch item.ending {
            case .success:
                works.insert(command)
                if item.arguments.contains("--json") { printsJSON.insert(command) }
            case .failure: fails.insert(command)
            }
        }
        for (path, command) in tree.leaves {
            let name = path.joined(separator: " ")
            #expect(works.contains(path), "no case in Commands/ calls \(name) with success")
            #expect(fails.contains(path), "no case in Commands/ calls \(name) with a fault")
            if command.takesJSON {
                #expect(printsJSON.contains(path), "no case in Commands/ calls \(name) --json")
            }
        }
    }

    @Test("are told by their names and their aliases")
    func callsAreTold() throws {
        let tree = try JSONDecoder().decode(
            CommandTree.self,
            from: Data(
                """
                {"commandName":"a","subcommands":[{"commandName":"help"},{"commandName":"b",
                "subcommands":[{"commandName":"c","aliases":["e"]},
                {"commandName":"d","arguments":[{"names":[{"name":"json"}]},{}]}]}]}
                """.utf8))
        #expect(tree.leaves.map(\.path) == [["b", "c"], ["b", "d"]])
        #expect(tree.leaves.map(\.command.takesJSON) == [false, true])
        #expect(tree.called(by: ["b", "e", "--json"]) == ["b", "c"])
        #expect(tree.called(by: ["b", "d", "c"]) == ["b", "d"])
        #expect(tree.called(by: ["b", "--json"]) == ["b"])
    }
}
