// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("The making of a corpus", .timeLimit(.minutes(15)))
struct KilledCurationTests {
    /// Sources with duplicates of all kinds, so large that a run takes some time and writes several shards.
    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var random = SeededNumbers(seed: 5)
        let words = ["肺", "胃", "心", "脳", "右", "左", "上", "下", "影", "熱", "痛", "薬", "検", "査"]
        func sentence() -> String {
            (0..<25).map { _ in words[random.number(below: words.count)] }.joined() + "。"
        }
        let common = (0..<50).map { _ in sentence() }
        var documents: [String] = []
        for number in 0..<700 {
            if number % 5 == 4 {
                documents.append(documents[random.number(below: documents.count)] + "追記。")
            } else {
                var sentences = (0..<14).map { _ in sentence() }
                if number % 3 == 0 { sentences[5] = common[random.number(below: common.count)] }
                documents.append(sentences.joined())
            }
        }
        try folder.write(documents[..<350].joined(separator: "\n\n"), to: "a.txt")
        try folder.write(documents[350...].joined(separator: "\n\n"), to: "b.txt")
        try folder.write(
            """
            name = "killed"
            shard_megabytes = 0.1
            memory_megabytes = 16
            [[sources]]
            name = "a"
            files = "a.txt"
            [[sources]]
            name = "b"
            files = "b.txt"
            """, to: "corpus.toml")
        return folder
    }

    private func arguments(_ output: String, threads: Int) -> [String] {
        [
            "corpus", "filter", "--settings", "corpus.toml", "--output", output, "--samples",
            "\(output).samples", "--threads", "\(threads)",
        ]
    }

    /// All files of a corpus, by name.
    private func files(_ folder: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = try Data(contentsOf: folder.appending(path: name))
        }
        return files
    }

    @Test("that is killed again and again ends with the files of one that was not")
    func killed() throws {
        let folder = try folder()
        let begin = ContinuousClock.now
        let whole = try Programs.run("shokenctl", arguments("whole", threads: 2), in: folder.url)
        try #require(whole.code == 0, "\(whole.errors)")
        let expected = try files(folder["whole"])
        try #require(expected.count > 5, "several shards")
        var seconds = (ContinuousClock.now - begin) / .seconds(1)
        var random = SeededNumbers(seed: 8)
        var kills = 0
        for _ in 0..<6 where kills < 4 {
            try? FileManager.default.removeItem(at: folder["parts"])
            kills = 0
            for _ in 0..<10 {
                // Other numbers of threads may go on with it.
                let process = try Programs.start(
                    "shokenctl", arguments("parts", threads: 1 + kills % 2), in: folder.url)
                usleep(UInt32((0.1 + 0.6 * random.fraction()) * seconds * 1e6))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .exit { break }
                kills += 1
            }
            seconds *= 0.6
        }
        let last = try Programs.run("shokenctl", arguments("parts", threads: 1), in: folder.url)
        try #require(last.code == 0, "\(last.errors)")
        #expect(kills >= 4)
        let found = try files(folder["parts"])
        #expect(Set(found.keys) == Set(expected.keys))
        for (name, content) in expected {
            let isSame = found[name] == content
            #expect(isSame, "\(name)")
        }
        let samples = try ["whole", "parts"].map {
            try Data(contentsOf: folder["\($0).samples"])
        }
        let isSame = samples[0] == samples[1]
        #expect(isSame, "the same samples")
    }

    @Test("does not share its folder with another")
    func locked() throws {
        let folder = try folder()
        let process = try Programs.start(
            "shokenctl", arguments("out", threads: 1), in: folder.url)
        while !FileManager.default.fileExists(atPath: folder["out/work"].path), process.isRunning {
            usleep(1000)
        }
        kill(process.processIdentifier, SIGSTOP)
        let second = try Programs.run("shokenctl", arguments("out", threads: 1), in: folder.url)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(second.code == 75, "\(second.errors)")
    }
}
