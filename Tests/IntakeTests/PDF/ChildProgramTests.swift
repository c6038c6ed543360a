// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Intake

@Suite("Programs for files from outside", .serialized)
struct ChildProgramTests {
    private func output(
        _ name: String, _ arguments: [String] = [], input: String = ""
    ) throws -> String {
        let result = try ChildProgram(name: name, arguments: arguments, maximumOutput: 1 << 20)
            .run(input: Array(input.utf8))
        #expect(result.status == 0)
        return String(decoding: result.output, as: UTF8.self)
    }

    private func flaw(_ child: ChildProgram) -> FormatFlaw? {
        do throws(FormatFlaw) {
            _ = try child.run(input: [])
            return nil
        } catch {
            return error
        }
    }

    @Test("A program has its input, and neither our environment nor our files.")
    func surroundings() throws {
        let large = String(repeating: "0123456789", count: 50_000)
        #expect(try output("cat", input: large) == large)
        #expect(try output("env") == "LC_ALL=C.UTF-8\n")
        #expect(try output("ls", ["/proc/self/fd"]).split(separator: "\n").count <= 4)
    }

    @Test("How it ends and what it complains of is told.")
    func end() throws {
        let child = ChildProgram(
            name: "sh", arguments: ["-c", "echo no >&2; exit 3"], maximumOutput: 10)
        let result = try child.run(input: [])
        #expect((result.status, result.complaints, result.output) == (3, "no\n", []))
        let killed = ChildProgram(name: "sh", arguments: ["-c", "kill -9 $$"], maximumOutput: 10)
        #expect(try killed.run(input: []).status == nil)
    }

    @Test(
        "What takes too long, too much room or prints too much is ended, with all that it started.",
        .timeLimit(.minutes(15)))
    func limits() throws {
        var late = ChildProgram(
            name: "sh", arguments: ["-c", "sleep 100 & sleep 100"], maximumOutput: 10)
        late.deadline = .milliseconds(300)
        #expect(flaw(late)?.code == "reader-unavailable")
        var silent = ChildProgram(
            name: "sh", arguments: ["-c", "exec >&- 2>&-; sleep 100"], maximumOutput: 10)
        silent.deadline = .milliseconds(300)
        #expect(flaw(silent)?.code == "reader-unavailable")
        let talker = ChildProgram(name: "yes", arguments: [], maximumOutput: 1000)
        #expect(flaw(talker) == .tooMuch(of: "bytes of text", limit: 1000))
        var small = ChildProgram(
            name: "tail", arguments: ["-c", "200M", "/dev/zero"], maximumOutput: 10)
        small.maximumMemory = 64 << 20
        #expect((try? small.run(input: []))?.status != 0)
        let folder = try TemporaryFolder()
        let writer = ChildProgram(
            name: "sh", arguments: ["-c", "echo x >\(folder["a"].path)"], maximumOutput: 10)
        #expect(try writer.run(input: []).status != 0)
    }

    @Test("A program that is not installed is named.")
    func missing() {
        let child = ChildProgram(name: "no-such-program", arguments: [], maximumOutput: 1)
        #expect(flaw(child) == .program(named: "no-such-program", "is not installed"))
    }
}
