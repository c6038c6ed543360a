// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("A training process", .timeLimit(.minutes(15)))
struct KilledTrainingTests {
    @Test("that is killed again and again ends with the weights and log of one that was not")
    func killed() throws {
        let run = try TrainingRun()
        let begin = ContinuousClock.now
        let whole = try run.run("whole")
        var seconds = (ContinuousClock.now - begin) / .seconds(1)
        try #require(whole.code == 0, "\(whole.errors)")
        var kills = 0
        // Where the machine was busier at first than now, too few moments come before the end.
        var random = SeededNumbers(seed: 19)
        for _ in 0..<10 where kills <= 2 {
            try? FileManager.default.removeItem(at: run.url("parts"))
            kills = 0
            for _ in 0..<12 {
                let process = try run.start("parts")
                // At any moment: while text is read, in a step, in a checkpoint.
                usleep(UInt32(Double.random(in: 0.05...0.3, using: &random) * seconds * 1e6))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .exit { break }
                kills += 1
            }
            seconds /= 2
        }
        let last = try run.run("parts")
        try #require(last.code == 0, "\(last.errors)")
        #expect(kills > 2)
        #expect(try run.weights("parts") == run.weights("whole"))
        #expect(try run.course("parts") == run.course("whole"))
        // The same again, in one go.
        #expect(try run.run("again").code == 0)
        #expect(try run.weights("again") == run.weights("whole"))
        #expect(FileManager.default.fileExists(atPath: run.url("parts/report.html").path))
    }

    @Test(
        "that is asked to stop exits with 75 after a checkpoint and goes on",
        arguments: [SIGINT, SIGTERM])
    func stopped(signal: Int32) throws {
        let run = try TrainingRun()
        let process = try run.startHeld("parts")
        kill(process.processIdentifier, signal)
        kill(process.processIdentifier, SIGCONT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 75)
        let steps = try run.course("parts").count
        #expect(try run.run("parts").code == 0)
        #expect(try run.run("whole").code == 0)
        #expect(try run.weights("parts") == run.weights("whole"))
        #expect(try run.course("parts") == run.course("whole"))
        #expect(try run.course("parts").count > steps)
    }

    @Test("does not share its directory with another")
    func locked() throws {
        let run = try TrainingRun()
        let process = try run.startHeld("shared")
        let second = try run.run("shared")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(second.code == 75)
        #expect(second.errors.contains("another process is training in"))
    }

    @Test("whose files may not grow says so, keeps its checkpoint, and goes on later")
    func tooLarge() throws {
        let run = try TrainingRun()
        let process = try run.startHeld("parts")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let before = run.checkpoints("parts")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/bash")
        shell.currentDirectoryURL = run.folder.url
        // Units of 1 KiB; a checkpoint is larger, the log is not.
        shell.arguments =
            ["-c", "ulimit -f 128; exec \"$@\"", "bash", try Programs.url("shokenctl").path]
            + run.arguments("parts")
        let errors = Pipe()
        shell.standardError = errors
        try shell.run()
        let said = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        #expect(shell.terminationReason == .exit)
        #expect(shell.terminationStatus == 74, "\(said)")
        #expect(said.contains("EFBIG"))
        #expect(said.contains("is whole"))
        #expect(run.checkpoints("parts") == before)
        #expect(try run.run("parts").code == 0)
        #expect(try run.run("whole").code == 0)
        #expect(try run.weights("parts") == run.weights("whole"))
    }

    /// Whether a process may have a file system of its own, as root or in a user namespace.
    private static let mayMount: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(
        "whose disk becomes full says so, keeps its checkpoint, and goes on when there is room",
        .enabled(if: mayMount, "needs a file system of its own (unshare, mount)"))
    func diskFull() throws {
        let run = try TrainingRun()
        let script = """
            set -e
            mkdir full
            mount -t tmpfs -o size=8m tmpfs full
            "$@" 2>said.txt & process=$!
            until ls full/work/checkpoints/0*.safetensors >/dev/null 2>&1; do
              kill -0 $process 2>/dev/null || break
              sleep 0.005
            done
            dd if=/dev/zero of=full/filler bs=4k 2>/dev/null || true
            code=0; wait $process || code=$?
            echo $code >code.txt
            ls -a full/work/checkpoints >list.txt
            rm full/filler
            "$@" 2>>said.txt
            cp full/trunk/model.safetensors full/log.jsonl .
            """
        let shell = Process()
        shell.executableURL = URL(filePath: "/usr/bin/unshare")
        shell.currentDirectoryURL = run.folder.url
        shell.arguments =
            ["-Urm", "/bin/bash", "-c", script, "bash", try Programs.url("shokenctl").path]
            + run.arguments("full")
        try shell.run()
        shell.waitUntilExit()
        func text(_ name: String) throws -> String {
            try String(contentsOf: run.url(name), encoding: .utf8)
        }
        #expect(shell.terminationStatus == 0, "\((try? text("said.txt")) ?? "")")
        let said = try text("said.txt")
        #expect(try text("code.txt") == "74\n", "\(said)")
        #expect(said.contains("ENOSPC"))
        let names = try text("list.txt").split(separator: "\n").filter { $0 != "." && $0 != ".." }
        #expect(!names.isEmpty)
        #expect(names.allSatisfy { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") })
        #expect(try run.run("whole").code == 0)
        #expect(try Data(contentsOf: run.url("model.safetensors")) == run.weights("whole"))
    }
}
