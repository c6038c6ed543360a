// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(
    "A daemon whose database is lost",
    .enabled(if: DaemonInstance.hasModel, "models/shoken-base is not there"),
    .timeLimit(.minutes(15)))
struct LostDatabaseTests {
    private static let endings = ["", "-wal", "-shm"]

    /// Waits until something is so, for a minute at most.
    private func wait(
        _ what: String, until isSo: () throws -> Bool, at place: SourceLocation = #_sourceLocation
    ) throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try isSo() { return }
            usleep(50_000)
        }
        Issue.record("waited in vain for: \(what)", sourceLocation: place)
    }

    private func recorded(_ instance: DaemonInstance) throws -> Set<String> {
        Set(try instance.rows("SELECT source_name FROM files").compactMap { $0["source_name"] })
    }

    private func done(_ instance: DaemonInstance) -> [String] {
        instance.names(in: "done").flatMap { instance.names(in: "done/\($0)") }
    }

    private func said(_ instance: DaemonInstance, _ words: String) throws -> Bool {
        try instance.saidText().contains(words)
    }

    private func stop(_ daemon: Process, within limit: Duration = .seconds(60)) {
        let begin = ContinuousClock.now
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
        #expect(ContinuousClock.now - begin < limit)
    }

    @Test("holds documents while it is gone, uses it again when it is back, and loses none")
    func gone() throws {
        let instance = try DaemonInstance()
        let daemon = try instance.start()
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try wait("the first document in done/") { done(instance) == ["a.txt"] }
        let files = Self.endings.map { instance.folder.path + "/shoken.db" + $0 }
        try FileManager.default.createDirectory(
            at: instance.folder["away"], withIntermediateDirectories: false)
        for (file, ending) in zip(files, Self.endings) {
            try #require(rename(file, instance.folder.path + "/away/shoken.db" + ending) == 0)
        }
        try instance.drop("咳嗽あり。", "nursing", "b.txt")
        try wait("a warning") { try said(instance, "was deleted or moved while it was in use") }
        #expect(done(instance) == ["a.txt"])
        #expect(!FileManager.default.fileExists(atPath: files[0]))
        try #require(rename(instance.folder.path + "/away/shoken.db", files[0]) == 0)
        try wait("the second document in done/") { Set(done(instance)) == ["a.txt", "b.txt"] }
        stop(daemon)
        #expect(try recorded(instance) == ["a.txt", "b.txt"])
        #expect(instance.names(in: "failed").isEmpty)
    }

    @Test("stops at once while it is deleted; the next start begins a new one, and says so")
    func deleted() throws {
        let instance = try DaemonInstance()
        let daemon = try instance.start()
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try wait("the first document in done/") { done(instance) == ["a.txt"] }
        for ending in Self.endings {
            try FileManager.default.removeItem(at: instance.folder["shoken.db" + ending])
        }
        for number in 0..<6 { try instance.drop("咳嗽\(number)。", "nursing", "\(number).txt") }
        try wait("a warning") { try said(instance, "was deleted or moved while it was in use") }
        stop(daemon, within: .seconds(5))
        #expect(done(instance) == ["a.txt"] && instance.names(in: "failed").isEmpty)
        try instance.once()
        #expect(try said(instance, "begun a new one; what is in done/: shokenctl database rebuild"))
        #expect(try recorded(instance) == Set((0..<6).map { "\($0).txt" }))
        #expect(done(instance).count == 7 && instance.names(in: "failed").isEmpty)
    }

    @Test("does not begin anew in a file that was cut to nothing")
    func emptied() throws {
        let instance = try DaemonInstance()
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try instance.once()
        let database = instance.folder.path + "/shoken.db"
        try #require(truncate(database, 0) == 0)
        for ending in ["-wal", "-shm"] { unlink(database + ending) }
        try instance.drop("咳嗽あり。", "nursing", "b.txt")
        let daemon = try instance.start()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 69)
        #expect(try said(instance, "is empty, though documents were recorded in it"))
        #expect(instance.names(in: "incoming/nursing") == ["b.txt"] && done(instance) == ["a.txt"])
        try #require(unlink(database) == 0)
        try instance.once()
        #expect(try recorded(instance) == ["b.txt"])
    }

    @Test("keeps documents in the spool when it is damaged, and says what to do")
    func damaged() throws {
        let instance = try DaemonInstance()
        let daemon = try instance.start()
        try wait("the start") { try said(instance, "taking documents") }
        try Data(repeating: 9, count: 1 << 16).write(to: instance.folder["noise"])
        try #require(
            rename(instance.folder["noise"].path, instance.folder["shoken.db"].path) == 0)
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try wait("a warning") { try said(instance, "shokenctl database check") }
        stop(daemon)
        #expect(
            instance.names(in: "processing").count + instance.names(in: "incoming/nursing").count
                == 1)
        #expect(done(instance).isEmpty && instance.names(in: "failed").isEmpty)
        // A start does not help, so no unit should try one again and again.
        let refused = try instance.start(["--once"])
        refused.waitUntilExit()
        #expect(refused.terminationStatus == 69)
    }

    @Test("is tried again by the unit when its folder is not there yet: 75, and nothing is made")
    func noFolder() throws {
        let instance = try DaemonInstance()
        let text = try String(contentsOf: URL(filePath: instance.config), encoding: .utf8)
        try instance.folder.write(
            text.replacing("\"shoken.db\"", with: "\"later/shoken.db\""), to: "shoken.toml")
        let daemon = try instance.start(["--once"])
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 75)
        #expect(try said(instance, "is not there (yet)"))
        #expect(!FileManager.default.fileExists(atPath: instance.folder["later"].path))
    }

    @Test(
        "goes on with a backup that is restored under it; a rebuild brings back what came after that"
    )
    func restoredAndRebuilt() throws {
        let instance = try DaemonInstance()
        func control(_ arguments: String...) throws {
            let result = try Programs.run(
                "shokenctl", ["database"] + arguments + ["--config", instance.config])
            try #require(result.code == 0, "\(result.errors)")
        }
        /// A rebuild gives way to a daemon that writes without a pause, with 75: then it is tried again.
        func retrying(_ word: String) throws {
            for _ in 0..<20 {
                let result = try Programs.run(
                    "shokenctl", ["database", word, "--config", instance.config])
                if result.code == 0 { return }
                try #require(result.code == 75, "\(result.errors)")
            }
            Issue.record("database \(word) gave way twenty times")
        }
        let daemon = try instance.start()
        try instance.drop("発熱あり。", "nursing", "a.txt")
        try wait("the first document in done/") { done(instance).count == 1 }
        try control("backup", instance.folder.path + "/backup.db")
        try instance.drop("右上葉に腫瘤を認めます。", "radiology", "b.txt")
        try wait("the second document in done/") { done(instance).count == 2 }
        try control("restore", instance.folder.path + "/backup.db")
        #expect(try recorded(instance) == ["a.txt"])
        for number in 0..<8 { try instance.drop("咳嗽\(number)。", "nursing", "\(number).txt") }
        try wait("eight more in done/") { done(instance).count == 10 }
        #expect(try recorded(instance) == Set(["a.txt"] + (0..<8).map { "\($0).txt" }))
        #expect(try said(instance, "another database stands at"))
        // The daemon writes all the time while the database is made anew.
        let dropping = Thread {
            for number in 100..<140 {
                try? instance.drop("咳嗽\(number)。", "nursing", "\(number).txt")
                usleep(50_000)
            }
        }
        dropping.start()
        try retrying("rebuild")
        try wait("all in done/") { done(instance).count == 50 }
        stop(daemon)
        let all = ["a.txt", "b.txt"] + (Array(0..<8) + Array(100..<140)).map { "\($0).txt" }
        #expect(try recorded(instance) == Set(all))
        #expect(
            try instance.rows("SELECT kind FROM files WHERE source_name = 'b.txt'")
                == [["kind": "radiology"]])
        #expect(instance.names(in: "failed").isEmpty)
        try control("check")
    }
}
