// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A tiny decoder of random weights annotates fictional documents; what it says means nothing, but each step
/// must carry on what the one before it wrote.
@Suite("The filter by quality", .timeLimit(.minutes(15)))
struct KilledQualityTests {
    private static let documents = 150

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        var random = SeededNumbers(seed: 3)
        let words = ["肺", "胃", "心", "脳", "右", "左", "上", "下", "影", "熱", "痛", "薬", "検", "査"]
        let texts = (0..<Self.documents).map { _ in
            (0..<3).map { _ in
                (0..<8).map { _ in words[random.number(below: words.count)] }.joined() + "。"
            }.joined()
        }
        try folder.write(texts.joined(separator: "\n\n"), to: "a.txt")
        try FictionalInstructModel.write("tiny", in: folder)
        return folder
    }

    private static let model = ["--model", "tiny.gguf", "--threads"]

    @discardableResult
    private func call(_ arguments: [String], in folder: TemporaryFolder) throws -> CommandResult {
        let ended = try Programs.run("shokenctl", ["corpus"] + arguments, in: folder.url)
        let result = CommandResult(code: ended.code, output: ended.output, errors: ended.errors)
        try #require(result.code == 0, "\(arguments.joined(separator: " ")): \(result.errors)")
        return result
    }

    /// Kills a run again and again, then lets it end: the number of kills that found it at work.
    private func killed(
        _ arguments: (Int) -> [String], part: String, in folder: TemporaryFolder
    ) throws -> Int {
        var kills = 0
        let place = folder[part].path
        func size() -> Int {
            ((try? FileManager.default.attributesOfItem(atPath: place))?[.size] as? Int) ?? 0
        }
        for round in 0..<3 {
            let before = size()
            let process = try Programs.start(
                "shokenctl", ["corpus"] + arguments(1 + round % 2), in: folder.url)
            // Until a chunk more is there.
            while process.isRunning, size() <= before { usleep(500) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit { break }
            kills += 1
        }
        return kills
    }

    private func same(_ first: URL, _ second: URL) throws -> Bool {
        try Data(contentsOf: first) == Data(contentsOf: second)
    }

    @Test(
        "goes from a corpus to a smaller one, and every step that was killed ends with the same bytes"
    )
    func journey() throws {
        let folder = try folder()
        try call(["filter", "a.txt", "--output", "corpus"], in: folder)
        let shard = "corpus/corpus-000001.jsonl"
        func sample(_ name: String, seed: Int) -> [String] {
            [
                "quality", "sample", shard, "--output", name, "--count", "120", "--seed",
                "\(seed)", "--json",
            ]
        }
        let drawn = try call(sample("sample", seed: 1), in: folder).object()
        #expect(drawn["documents"] as? Int == Self.documents && drawn["drawn"] as? Int == 120)
        try call(sample("again", seed: 1), in: folder)
        try call(sample("other", seed: 2), in: folder)
        let isRepeated = try same(folder["sample"], folder["again"])
        let isOther = try !same(folder["sample"], folder["other"])
        #expect(isRepeated && isOther)

        func annotate(_ name: String, _ threads: Int) -> [String] {
            ["quality", "annotate", "sample", "--output", name, "--json"]
                + Self.model + ["\(threads)"]
        }
        let whole = try call(annotate("whole", 2), in: folder).object()
        let (high, low) = (whole["high"] as? Int ?? 0, whole["low"] as? Int ?? 0)
        // Answers are bound to the two.
        #expect(high + low == 120 && whole["neither"] as? Int == 0)
        let annotateKills = try killed(
            { annotate("parts", $0) }, part: "parts.work/part", in: folder)
        #expect(annotateKills > 0)
        try call(annotate("parts", 1), in: folder)
        let isSameAnnotated = try same(folder["whole"], folder["parts"])
        #expect(isSameAnnotated)

        // The labels are made anew by a rule, so that there is something to learn.
        let lines = try String(contentsOf: folder["whole"], encoding: .utf8).split(separator: "\n")
        let labelled = try lines.map { line in
            var row = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            // The last hidden state is that of the last character.
            let text = try #require(row["text"] as? String)
            row["label"] = "肺胃心脳右左".contains(text.dropLast().last ?? "。") ? "高" : "低"
            return String(
                decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self)
        }
        try folder.write(labelled.joined(separator: "\n") + "\n", to: "labels")
        func train(_ name: String, _ threads: Int) -> [String] {
            ["quality", "train", "labels", "--output", name, "--trees", "40", "--json"]
                + Self.model + ["\(threads)"]
        }
        let report = try call(train("forest", 2), in: folder).object()
        #expect(report["heldOut"] as? Int == 24 && report["trained"] as? Int == 96)
        let accuracy = try #require(report["accuracy"] as? Double)
        let confusion = try #require(report["confusion"] as? [[Int]])
        #expect(confusion.joined().reduce(0, +) == 24)
        #expect(Double(confusion[0][0] + confusion[1][1]) / 24 == accuracy)
        let trainKills = try killed(
            { train("forest2", $0) }, part: "forest2.work/part", in: folder)
        #expect(trainKills > 0)
        try call(train("forest2", 1), in: folder)
        let isSameForest = try same(folder["forest"], folder["forest2"])
        #expect(isSameForest)

        func filter(_ name: String, _ threads: Int) -> [String] {
            [
                "quality", "filter", "corpus", "--forest", "forest", "--output", name,
                "--samples", "\(name).samples", "--json",
            ] + Self.model + ["\(threads)"]
        }
        let manifest = try call(filter("better", 2), in: folder).object()
        let source = try #require((manifest["sources"] as? [[String: Any]])?.first)
        let tally = try #require(source["tally"] as? [String: Any])
        func documents(_ value: Any?) -> Int {
            (value as? [String: Any])?["documents"] as? Int ?? 0
        }
        let removed = documents((tally["removed"] as? [String: Any])?["quality"])
        #expect(removed > 0 && documents(tally["kept"]) > 0)
        #expect(removed + documents(tally["kept"]) == Self.documents)
        #expect((manifest["filters"] as? [String])?.last == "quality")
        let kept = try String(
            contentsOf: folder["better/corpus-000001.jsonl"], encoding: .utf8
        ).split(separator: "\n")
        #expect(kept.count == documents(tally["kept"]))
        // Lines that stay are those of the corpus, in their order.
        let all = try String(contentsOf: folder[shard], encoding: .utf8).split(separator: "\n")
        let isPart = all.filter(Set(kept).contains) == kept
        #expect(isPart)
        let filterKills = try killed(
            { filter("parted", $0) }, part: "parted/work/scores", in: folder)
        #expect(filterKills > 0)
        try call(filter("parted", 1), in: folder)
        for name in ["corpus-000001.jsonl", "manifest.json", "manifest.html"] {
            let isSame = try same(folder["better/\(name)"], folder["parted/\(name)"])
            #expect(isSame, "\(name)")
        }
        let isSameSamples = try same(folder["better.samples"], folder["parted.samples"])
        #expect(isSameSamples)
    }

    @Test("has textbooks beside it that a kill does not change either")
    func textbooks() throws {
        let folder = try TemporaryFolder()
        try FictionalInstructModel.write("tiny", in: folder)
        try folder.write((1...120).map { "題\($0)\n" }.joined(), to: "topics.txt")
        try folder.write(
            "[[prompts]]\nname = \"p\"\ntext = \"{topic}とは\"\nversions = 2\n", to: "prompts.toml")
        func write(_ name: String, _ threads: Int) -> [String] {
            [
                "textbooks", "--topics", "topics.txt", "--prompts", "prompts.toml", "--output",
                name, "--temperature", "0.8", "--seed", "4", "--max-new", "12", "--json",
            ] + Self.model + ["\(threads)"]
        }
        let whole = try call(write("whole", 2), in: folder).object()
        #expect(whole["texts"] as? Int == 240)
        let kills = try killed({ write("parts", $0) }, part: "parts.work/part", in: folder)
        #expect(kills > 0)
        try call(write("parts", 1), in: folder)
        let isSame = try same(folder["whole"], folder["parts"])
        #expect(isSame)
    }
}
