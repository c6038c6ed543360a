// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "A model whose files are changed while it serves",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct ChangedModelTests {
    enum Change: CaseIterable { case noise, truncated }

    @Test("what was loaded answers on; a start refuses the files", arguments: Change.allCases)
    func changedInPlace(_ change: Change) throws {
        let models = try TemporaryFolder()
        let bundle = models["shoken-base"]
        try FileManager.default.copyItem(
            at: DaemonInstance.models.appending(path: "shoken-base"), to: bundle)
        let instance = try DaemonInstance(models: models.path)
        let daemon = try instance.start()
        defer { daemon.terminate() }
        let text = "夜間に右膝の疼痛あり。ロキソプロフェン60mgを内服した。"
        try instance.drop(text, "nursing", "before.txt")
        try instance.waitUntilDone("before.txt")

        for name in ["model.safetensors", "heads.safetensors", "tokenizer.json"] {
            try change.apply(to: bundle.appending(path: name))
        }
        try instance.drop(text, "nursing", "after.txt")
        try instance.waitUntilDone("after.txt")
        let findings = try instance.findings(of: "before.txt")
        #expect(!findings.isEmpty)
        #expect(try instance.findings(of: "after.txt") == findings)
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)

        let next = try instance.start(["--once"])
        next.waitUntilExit()
        #expect(next.terminationStatus == 69)
        #expect(try instance.saidText().contains("shoken-base"))
    }
}

extension ChangedModelTests.Change {
    /// Writes into the file that is there, as a copy over it does, or cuts it.
    fileprivate func apply(to file: URL) throws {
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        switch self {
        case .noise:
            let size = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
            var state: UInt32 = 1
            try handle.write(
                contentsOf: Data(
                    (0..<size).map { _ in
                        state = state &* 1_664_525 &+ 1_013_904_223
                        return UInt8(state >> 24)
                    }))
        case .truncated: try handle.truncate(atOffset: 100)
        }
    }
}

extension DaemonInstance {
    /// What was found in the document of a file, without what differs from run to run.
    fileprivate func findings(of name: String) throws -> [[String: String]] {
        try rows(
            """
            SELECT e.type, e.surface, e.start FROM entities e
            JOIN documents d ON d.id = e.document_id WHERE d.source_name = '\(name)' ORDER BY e.start
            """)
    }

    /// Waits until a file lies in `done/`, half a minute at most.
    fileprivate func waitUntilDone(_ name: String) throws {
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            if names(in: "done").contains(where: { names(in: "done/" + $0).contains(name) }) {
                return
            }
            usleep(100_000)
        }
        Issue.record("\(name) is not done: \(try saidText())")
    }
}
