// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import JSONFiles

/// Writes a corpus anew without the documents that a classifier finds of low quality.
///
/// First every document is scored, chunk by chunk, which may take days; then shards and manifest are
/// written. A run that was killed goes on with the same call, and ends with the same files.
package struct QualityFilterRun {
    /// What decides.
    package struct Settings {
        /// The probability of low quality above which a document goes.
        package var threshold = 0.5
        /// Samples of what went; 0 keeps none.
        package var samples = 0
        /// Decides which are kept.
        package var seed: UInt64 = 0
        /// What else decides, by name, such as the classifier's digest.
        package var facts: [String: String]

        /// Settings.
        package init(facts: [String: String]) { self.facts = facts }
    }

    /// Documents that are scored at once.
    package static let chunk = 32

    private let source: FilePath
    private let output: FilePath
    private let work: WorkFiles
    private let settings: Settings
    private let tokens: TokenCounter?
    private let program: String
    private let scores: ([String]) throws -> [Float]
    private let progress: (String, Double) -> Void

    /// A run from the folder of a corpus into another.
    ///
    /// - Parameter scores: the probability of low quality of each text.
    package init(
        _ source: FilePath, output: FilePath, settings: Settings, tokens: TokenCounter?,
        program: String, scores: @escaping ([String]) throws -> [Float],
        progress: @escaping (String, Double) -> Void
    ) {
        (self.source, self.output, self.settings) = (source, output, settings)
        (self.tokens, self.program, self.scores) = (tokens, program, scores)
        self.progress = progress
        work = WorkFiles(folder: output.appending("work"))
    }

    /// A line of a shard.
    fileprivate struct Line: Decodable {
        let id: String?
        let source: String
        let text: String
    }

    /// Runs to the end; throws ``CurationError`` and errors of files.
    package func run(samples: FilePath?) throws -> CorpusManifest {
        let manifestFile = source.appending(CurationRun.manifestName)
        let manifest = try CorpusManifest(file: URL(filePath: manifestFile.description))
        try check(manifest)
        var facts = manifest.settings
        facts["quality.corpus"] = try DiskFiles().digest(of: manifestFile).hexadecimal
        facts["quality.threshold"] = "\(settings.threshold)"
        facts["quality.samples"] = "\(settings.samples) \(settings.seed)"
        for (name, fact) in settings.facts { facts["quality.\(name)"] = fact }
        try DiskFiles().makeDirectory(output)
        let lock = try InstanceLock(directory: output)
        defer { withExtendedLifetime(lock) {} }
        let done = output.appending(CurationRun.manifestName)
        if try DiskFiles().facts(of: done) != nil {
            let earlier = try CorpusManifest(file: URL(filePath: done.description))
            try compare(earlier.settings, facts)
            try work.removeAll()
            return earlier
        }
        try DiskFiles().makeDirectory(work.folder)
        if let begun = try work.value([String: String].self, in: "run.json") {
            try compare(begun, facts)
        } else {
            try work.write(facts, to: "run.json")
        }
        let scored = try score(manifest)
        let result = try write(manifest, facts, scored, samples: samples)
        try DiskFiles().write(
            Data(ManifestPage(result).html.utf8), to: output.appending(CurationRun.pageName))
        // With it the run is done.
        try DiskFiles().write(JSONEncoder.sorted(.prettyPrinted).encode(result), to: done)
        try work.removeAll()
        return result
    }

    private func check(_ manifest: CorpusManifest) throws {
        func fault(_ flaw: String) -> CurationError {
            .corpus(folder: source.description, flaw: flaw)
        }
        if manifest.filters.contains(.quality) {
            throw fault("was filtered by quality already")
        }
        if try DiskFiles().identity(of: source) == DiskFiles().identity(of: output) {
            throw fault("cannot be written over itself; name another --output")
        }
        if let counted = manifest.tokenizer, counted.sha256 != tokens?.digest {
            throw fault("counts tokens by \(counted.file); name that one with --count-tokenizer")
        }
    }

    private func compare(_ earlier: [String: String], _ facts: [String: String]) throws {
        let names = Set(earlier.keys).union(facts.keys).sorted()
        guard let name = names.first(where: { earlier[$0] != facts[$0] }) else { return }
        throw CurationError.otherRun(folder: output.description, difference: name)
    }

    private func lines(_ shard: CorpusManifest.Shard) throws -> [(bytes: Data, line: Line)] {
        let path = source.appending(shard.file)
        let content = try DiskFiles().read(path, maximumBytes: shard.bytes)
        guard ContentDigest(of: content).hexadecimal == shard.sha256 else {
            throw CurationError.changed(file: path.description)
        }
        let lines = try content.split(separator: UInt8(ascii: "\n")).map { bytes in
            guard let line = try? JSONDecoder().decode(Line.self, from: bytes) else {
                throw CurationError.changed(file: path.description)
            }
            return (bytes: bytes, line: line)
        }
        guard lines.count == shard.documents else {
            throw CurationError.changed(file: path.description)
        }
        return lines
    }

    /// Scores all documents into a file of 4 bytes each; a chunk never goes beyond its shard.
    private func score(_ manifest: CorpusManifest) throws -> AppendedFile {
        let file = try AppendedFile(work.folder.appending("scores"))
        let all = manifest.shards.reduce(0) { $0 + $1.documents }
        var first = 0
        for shard in manifest.shards {
            let end = first + shard.documents
            defer { first = end }
            let done = file.size / 4
            guard done < end else { continue }
            // A chunk that a kill cut short is scored anew, as a whole.
            var next = (done - first) / Self.chunk * Self.chunk
            try file.cut(to: 4 * (first + next))
            let documents = try lines(shard)
            while next < documents.count {
                let some = documents[next..<min(next + Self.chunk, documents.count)]
                let found = try scores(some.map(\.line.text))
                precondition(found.count == some.count, "one score a text")
                var bytes: [UInt8] = []
                for score in found { bytes.append(number: score.bitPattern) }
                try file.append(Data(bytes))
                try file.flush()
                next += some.count
                progress("scoring", Double(first + next) / Double(max(all, 1)))
            }
        }
        return file
    }

    private func write(
        _ manifest: CorpusManifest, _ facts: [String: String], _ scored: AppendedFile,
        samples: FilePath?
    ) throws -> CorpusManifest {
        var tallies = Dictionary(
            uniqueKeysWithValues: manifest.sources.map { source in
                var tally = source.tally
                tally.kept = Amount(countsTokens: manifest.tokenizer != nil)
                return (source.name, tally)
            })
        var shards: [CorpusManifest.Shard] = []
        var choice = SampleChoice(count: settings.samples, seed: settings.seed)
        var first = 0
        for (place, shard) in manifest.shards.enumerated() {
            let documents = try lines(shard)
            let bytes = [UInt8](
                try scored.content(
                    from: 4 * first, maximumBytes: .max, count: 4 * documents.count))
            var cursor = WorkCursor(bytes, file: scored.path)
            var kept = Data()
            var count = 0
            for (index, document) in documents.enumerated() {
                let score = Float(bitPattern: try cursor.number(UInt32.self))
                let line = document.line
                guard var tally = tallies[line.source] else {
                    throw CurationError.changed(file: source.appending(shard.file).description)
                }
                let text = Array(line.text.utf8)
                let amount = Amount(
                    documents: 1, characters: text.scalarCount, bytes: text.count,
                    tokens: tokens?.count(line.text))
                if Double(score) > settings.threshold {
                    tally.remove(amount, by: .quality)
                    choice.add(line.sample(choice.rank(.quality, place: first + index)))
                } else {
                    tally.kept += amount
                    kept += document.bytes
                    kept.append(UInt8(ascii: "\n"))
                    count += 1
                }
                tallies[line.source] = tally
            }
            first += documents.count
            progress("writing", Double(place + 1) / Double(manifest.shards.count))
            guard count > 0 else { continue }
            let name = "corpus-\(WorkFiles.digits(shards.count + 1)).jsonl"
            try DiskFiles().write(kept, to: output.appending(name))
            shards.append(
                CorpusManifest.Shard(
                    file: name, bytes: kept.count, sha256: ContentDigest(of: kept).hexadecimal,
                    documents: count))
        }
        if let samples {
            var lines = Data()
            for sample in choice.all {
                lines += try JSONEncoder.sorted().encode(sample)
                lines.append(UInt8(ascii: "\n"))
            }
            try DiskFiles().write(lines, to: samples)
        }
        return CorpusManifest(
            manifest, filter: .quality, settings: facts, program: program,
            tallies: manifest.sources.map { tallies[$0.name] ?? $0.tally }, shards: shards)
    }
}

extension QualityFilterRun.Line {
    fileprivate func sample(_ rank: UInt64) -> Sample {
        Sample(filter: .quality, source: source, id: id, text: text, rank: rank)
    }
}
