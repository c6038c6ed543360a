// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// One question of a page: what is typed, and what comes of it.
private struct AskedQuestion {
    let command: String
    let answer: String
}

/// The pages docs/questions.md, whose commands are run on the fictional records.
///
/// Each ```sh block is followed by a ```text block with what it prints. After a change that is meant,
/// `make help-texts` writes the answers anew, too.
@Suite("Questions of analysts", .timeLimit(.minutes(15)))
struct QuestionPageTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs")

    private static var updates: Bool {
        ProcessInfo.processInfo.environment["SHOKEN_UPDATE_SNAPSHOTS"] == "1"
    }

    private static let place = Result<TemporaryFolder, any Error> {
        let folder = try TemporaryFolder()
        try folder.write("[database]\nfile = \"shoken.db\"\n", to: "shoken.toml")
        try SampleRecords.record(in: folder["shoken.db"])
        return folder
    }

    /// Blocks of a page: its text before each block of commands, then command and answer.
    private static func parts(of page: String) -> [(before: String, question: AskedQuestion)] {
        let form = /(?<before>.*?)```sh\n(?<command>.*?)```\n\n```text\n(?<answer>.*?)```\n/
            .dotMatchesNewlines()
        return page.matches(of: form).map {
            (
                String($0.before),
                AskedQuestion(command: String($0.command), answer: String($0.answer))
            )
        }
    }

    /// What a command of the page prints, run by a shell.
    private static func answer(to command: String) throws -> String {
        let folder = try place.get()
        let program = try Programs.url("shokenctl").path(percentEncoded: false)
        let script = """
            shokenctl() { '\(program)' "$@" --config shoken.toml; }
            \(command)
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = folder.url
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(command)")
        return text
    }

    @Test("are answered as the pages say", arguments: ["questions.md", "ja/questions.md"])
    func answers(page: String) throws {
        let file = Self.folder.appending(path: page)
        var text = try String(contentsOf: file, encoding: .utf8)
        let parts = Self.parts(of: text)
        #expect(parts.count >= 20)
        for (_, question) in parts {
            let answer = try Self.answer(to: question.command)
            #expect(!answer.isEmpty, "\(question.command)")
            #expect(question.command.split(separator: "\n").count <= 10)
            if Self.updates {
                let block = "```sh\n\(question.command)```\n\n```text\n"
                text = text.replacing(
                    block + question.answer + "```\n", with: block + answer + "```\n")
            } else {
                #expect(answer == question.answer, "\(question.command)")
            }
        }
        if Self.updates { try Data(text.utf8).write(to: file) }
    }

    @Test("are the same on both pages")
    func pages() throws {
        let commands = try ["questions.md", "ja/questions.md"].map { page in
            Self.parts(
                of: try String(contentsOf: Self.folder.appending(path: page), encoding: .utf8)
            ).map(\.question.command)
        }
        #expect(commands[0] == commands[1])
    }
}
