// SPDX-License-Identifier: Apache-2.0
import Corpora
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import Curation

@Suite("A corpus")
struct CurationRunTests {
    private struct Line: Codable, Hashable {
        var id: String?
        var source: String
        var text: String
    }

    private func make(
        _ settings: CurationSettings, in folder: TemporaryFolder, _ name: String,
        tokens: TokenCounter? = nil, samples: String? = nil
    ) throws -> (manifest: CorpusManifest, lines: [Line]) {
        let manifest = try CurationRun(
            settings, output: FilePath(folder[name]), tokens: tokens, program: "test",
            progress: { _, _ in }
        ).run(samples: samples.map { FilePath(folder[$0]) })
        let lines = try manifest.shards.flatMap { shard in
            let content = try Data(contentsOf: folder[name].appending(path: shard.file))
            #expect(ContentDigest(of: content).hexadecimal == shard.sha256)
            return try content.split(separator: 0x0A).map {
                try JSONDecoder().decode(Line.self, from: $0)
            }
        }
        return (manifest, lines)
    }

    /// Two sources: documents of their own, near-duplicates of the first, and what each filter is for.
    private func sources(_ folder: TemporaryFolder) throws -> [CorpusSource] {
        var texts = FictionalTexts(seed: 21)
        let first = (0..<60).map { _ in texts.document(20) }
        try folder.write(first.joined(separator: "\n\n"), to: "first.txt")
        var second = first.prefix(12).map { texts.changed($0, sentences: 1) }
        second += (0..<30).map { _ in texts.document(8) }
        second += ["無修正動画の案内である。", "案内である。無断転載を禁じます。", "トップ\n案内"]
        // A sentence of the first source within a document of its own.
        let repeated = first[20].split(separator: "。")[3] + "。"
        second.append(texts.sentence() + repeated + texts.sentence())
        let lines = try second.enumerated().map { number, text in
            String(
                decoding: try JSONEncoder().encode(["id": "d\(number)", "text": text]),
                as: UTF8.self)
        }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "second/a.jsonl")
        return [
            CorpusSource(
                name: "first", address: "https://example.org/", licence: "CC BY 4.0",
                files: [folder["first.txt"].path]),
            CorpusSource(name: "second", licence: "CC0-1.0", files: [folder["second"].path]),
        ]
    }

    @Test("holds what the filters leave, and its manifest adds up")
    func whole() throws {
        let folder = try TemporaryFolder()
        var settings = try CurationSettings(name: "c", sources: sources(folder))
        settings.samplesPerFilter = 5
        let tokens = TokenCounter(file: "t", digest: "d") { $0.utf8.count }
        let (manifest, lines) = try make(
            settings, in: folder, "out", tokens: tokens, samples: "samples.jsonl")
        let total = manifest.total
        #expect(total.read.documents == 106)
        func removed(_ filter: CorpusFilter) -> Int {
            total.removed[filter.rawValue]?.documents ?? 0
        }
        #expect(removed(.adultWords) == 1 && removed(.copyright) == 1 && removed(.unfinished) == 1)
        #expect(removed(.nearDuplicates) == 12)
        #expect(total.sentences == 1 && removed(.sentenceDuplicates) == 0)
        #expect(lines.count == 91 && total.kept.documents == 91)
        #expect(lines.allSatisfy { $0.source == "first" || $0.id != nil })
        #expect(lines.last?.text.split(separator: "。").count == 2)
        // Of duplicates the first stays.
        #expect(lines.filter { $0.source == "first" }.count == 60)
        for source in manifest.sources {
            #expect(source.tally.steps(manifest.filters).last?.left == source.tally.kept)
        }
        let bytes = lines.reduce(0) { $0 + $1.text.utf8.count }
        #expect(total.kept.bytes == bytes && total.kept.tokens == bytes)
        #expect(total.kept.characters == lines.reduce(0) { $0 + $1.text.unicodeScalars.count })
        #expect(manifest.undisclosed.map(\.name) == ["second"])
        // The page has them all, and nothing of the run is left.
        let page = try String(contentsOf: folder["out/manifest.html"], encoding: .utf8)
        for word in ["Tokens by source", "near-duplicates", "undisclosed", "CC BY 4.0", "<path"] {
            #expect(page.contains(word), "\(word)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder["out/work"].path))
        let samples = try String(contentsOf: folder["samples.jsonl"], encoding: .utf8)
            .split(separator: "\n")
            .map { try JSONDecoder().decode(Sample.self, from: Data($0.utf8)) }
        #expect(samples.count { $0.filter == .nearDuplicates } == 5)
        #expect(samples.allSatisfy { ($0.filter == .nearDuplicates) == ($0.duplicates != nil) })
        #expect(samples.contains { $0.text.contains("無修正") } && samples.count == 9)
    }

    @Test("does not depend on shards, memory and threads")
    func sizes() throws {
        let folder = try TemporaryFolder()
        var settings = try CurationSettings(name: "c", sources: sources(folder))
        let whole = try make(settings, in: folder, "whole")
        settings.shardBytes = 2000
        settings.memoryBytes = 512
        let small = try make(settings, in: folder, "small")
        #expect(small.manifest.shards.count > 10 && whole.manifest.shards.count == 1)
        #expect(small.lines == whole.lines)
        #expect(small.manifest.sources == whole.manifest.sources)
    }

    @Test("keeps everything without filters, and each filter can be left out")
    func without() throws {
        let folder = try TemporaryFolder()
        var settings = try CurationSettings(name: "c", sources: sources(folder))
        for filter in CorpusFilter.ofRawTexts { settings.filters.leaveOut(filter) }
        let (manifest, lines) = try make(settings, in: folder, "all")
        #expect(lines.count == 106 && manifest.filters.isEmpty && manifest.total.removed.isEmpty)
        for filter in CorpusFilter.ofRawTexts {
            settings.filters = FilterSettings()
            settings.filters.leaveOut(filter)
            let manifest = try make(settings, in: folder, filter.rawValue).manifest
            #expect(manifest.total.removed[filter.rawValue] == nil)
            #expect(manifest.total.removed.count == 4)
        }
    }

    @Test("is refused with other settings or files, and found done with the same")
    func again() throws {
        let folder = try TemporaryFolder()
        var settings = try CurationSettings(name: "c", sources: sources(folder))
        let first = try make(settings, in: folder, "out").manifest
        let second = try make(settings, in: folder, "out").manifest
        #expect(first == second)
        settings.seed = 1
        let seed = #expect(throws: CurationError.self) { try make(settings, in: folder, "out") }
        #expect(seed?.explanation.contains("seed") == true)
        settings.seed = 0
        try folder.write("別の文書である。", to: "first.txt")
        let file = #expect(throws: CurationError.self) { try make(settings, in: folder, "out") }
        #expect(file?.explanation.contains("source.first") == true)
    }

    @Test("ends at a record that cannot be read, or counts it")
    func malformed() throws {
        let folder = try TemporaryFolder()
        try folder.write("{\"text\":\"発熱がある。\"}\n{\"text\":3}\n", to: "a.jsonl")
        var settings = try CurationSettings(
            name: "c", sources: [CorpusSource(name: "a", files: [folder["a.jsonl"].path])])
        let error = #expect(throws: RawTextError.self) { try make(settings, in: folder, "out") }
        #expect(error?.explanation.contains("line 2") == true)
        settings.skipsMalformed = true
        let manifest = try make(settings, in: folder, "skipped").manifest
        #expect(manifest.total.malformed == 1 && manifest.total.kept.documents == 1)
    }

    @Test("of planted near-duplicates finds nearly all, and takes nothing out that is not one")
    func planted() throws {
        let folder = try TemporaryFolder()
        var texts = FictionalTexts(seed: 31)
        var documents: [String] = []
        for number in 0..<210 {
            let text = texts.document(40)
            let changes = [0, 1, 2, 4, 8, 12, 16][number % 7]
            documents += [text, texts.changed(text, sentences: changes)]
        }
        try folder.write(documents.joined(separator: "\n\n"), to: "a.txt")
        var settings = try CurationSettings(
            name: "c", sources: [CorpusSource(name: "a", files: [folder["a.txt"].path])])
        settings.filters.sentenceDuplicates = nil
        let left = Set(try make(settings, in: folder, "out").lines.map(\.text))
        func common(_ number: Int) -> Double {
            let sets = [documents[number], documents[number + 1]].map {
                Set(Shingles.hashes(of: Array($0.utf8), width: 5))
            }
            return Double(sets[0].intersection(sets[1]).count)
                / Double(sets[0].union(sets[1]).count)
        }
        var (near, found, wrong) = (0, 0, 0)
        for number in stride(from: 0, to: documents.count, by: 2) {
            #expect(left.contains(documents[number]))
            guard documents[number] != documents[number + 1] else { continue }
            let isGone = !left.contains(documents[number + 1])
            // Within three standard errors about the threshold nobody can be sure.
            let share = common(number)
            if share >= 0.9 { (near, found) = (near + 1, found + (isGone ? 1 : 0)) }
            if share < 0.7, isGone { wrong += 1 }
        }
        #expect(near >= 25)
        #expect(Double(found) >= 0.97 * Double(near), "\(found) of \(near)")
        #expect(wrong == 0)
    }
}
