// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What a program left when it ended.
struct CommandResult: Sendable {
    /// Exit code.
    let code: Int32
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String

    /// The lines of the output.
    var lines: [Substring] { output.split(separator: "\n") }

    /// The output as one JSON value.
    func json() throws -> Any {
        try JSONSerialization.jsonObject(with: Data(output.utf8), options: .fragmentsAllowed)
    }

    /// The output as one JSON object.
    func object() throws -> [String: Any] { try #require(json() as? [String: Any]) }

    /// The output as a JSON list of objects.
    func list() throws -> [[String: Any]] { try #require(json() as? [[String: Any]]) }

    /// Each line of the output as a JSON object.
    func objects() throws -> [[String: Any]] {
        try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }
}

/// One call of a command, and what must come of it.
struct CommandCase: Sendable, CustomTestStringConvertible {
    /// How a call ends.
    enum Ending: Sendable {
        /// With code 0, and an output that the check finds right.
        case success(@Sendable (CommandResult) throws -> Void)
        /// With a code of sysexits.h and a sentence that holds these words; the check looks at what
        /// was printed all the same.
        case failure(
            code: Int32, saying: [String], check: @Sendable (CommandResult) throws -> Void)
    }

    /// The words after `shokenctl`. Paths are relative to the folder of the subject.
    let arguments: [String]
    /// Standard input.
    let input: String
    /// What must come of it.
    let ending: Ending

    var testDescription: String { arguments.joined(separator: " ") }

    /// A call that does what it should.
    static func works(
        _ arguments: String..., input: String = "",
        check: @escaping @Sendable (CommandResult) throws -> Void
    ) -> CommandCase {
        CommandCase(arguments: arguments, input: input, ending: .success(check))
    }

    /// A call that ends with a code of sysexits.h, and says what was wrong.
    static func fails(
        _ arguments: String..., input: String = "", code: Int32, saying words: String...,
        check: @escaping @Sendable (CommandResult) throws -> Void = { _ in }
    ) -> CommandCase {
        CommandCase(
            arguments: arguments, input: input,
            ending: .failure(code: code, saying: words, check: check))
    }

    /// Makes the call in a folder and checks what came of it.
    func run(in folder: TemporaryFolder) throws {
        let file = try folder.write(input, to: "input/\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let ended = try Programs.run("shokenctl", arguments, in: folder.url, input: file)
        let result = CommandResult(code: ended.code, output: ended.output, errors: ended.errors)
        switch ending {
        case .success(let check):
            try #require(result.code == 0, "\(result.errors)")
            try check(result)
        case .failure(let code, let words, let check):
            #expect(result.code == code, "\(result.errors)")
            for word in words {
                #expect(result.errors.contains(word), "says nothing of \(word): \(result.errors)")
            }
            #expect(!Self.isDump(result.errors), "\(result.errors)")
            try check(result)
        }
    }

    /// Whether a message is how Swift writes a value, instead of a sentence: `name(file: "…`,
    /// `SomeError`, `Optional(…`.
    static func isDump(_ message: String) -> Bool {
        message.contains(/[a-z]\([a-zA-Z]+: |\b[A-Z]\w*Error\b|Optional\(|Error Domain=/)
    }
}

/// A subject of commands: a folder that its calls share, and the calls.
protocol CommandSubject {
    /// The folder, prepared when the first call runs. Calls run in any order and at the same time, so what one
    /// writes has a name of its own.
    static var place: Result<TemporaryFolder, any Error> { get }
    /// The calls.
    static var cases: [CommandCase] { get }
}

extension CommandSubject {
    /// A folder with what `fill` writes into it.
    static func prepared(
        _ fill: (TemporaryFolder) throws -> Void
    ) -> Result<TemporaryFolder, any Error> {
        Result {
            let folder = try TemporaryFolder()
            try fill(folder)
            return folder
        }
    }

    /// Runs a command that must succeed, to prepare a folder.
    static func need(_ arguments: String..., in folder: TemporaryFolder) throws {
        let result = try Programs.run("shokenctl", arguments, in: folder.url)
        try #require(result.code == 0, "\(arguments.joined(separator: " ")): \(result.errors)")
    }
}
