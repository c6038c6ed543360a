// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import JSONFiles

/// Makes a corpus of raw texts: reads, filters, and writes it with its manifest into a folder.
///
/// A run that was stopped at any moment goes on with the same call, and ends with the same files, byte
/// for byte. What it needs for that lies in `work` below the folder until it is done.
package struct CurationRun {
    /// The stages, as they are shown.
    package enum Stage: String, Sendable {
        case digests = "looking at the sources"
        case reading = "reading and filtering"
        case nearDuplicates = "comparing documents"
        case sentenceDuplicates = "comparing sentences"
        case writing = "writing"
    }

    /// What identifies the way in which this version makes a corpus; a change of what comes out raises it.
    private static let version = "1"

    private let settings: CurationSettings
    private let output: FilePath
    private let work: WorkFiles
    private let tokens: TokenCounter?
    private let program: String
    private let progress: (Stage, Double) -> Void

    /// A run into a folder, which is made if need be.
    package init(
        _ settings: CurationSettings, output: FilePath, tokens: TokenCounter?, program: String,
        progress: @escaping (Stage, Double) -> Void
    ) {
        (self.settings, self.output, self.tokens) = (settings, output, tokens)
        (self.program, self.progress) = (program, progress)
        work = WorkFiles(folder: output.appending("work"))
    }

    /// Names of what lies in the folder.
    package static let (manifestName, pageName) = ("manifest.json", "manifest.html")

    /// Runs to the end, and writes samples, one a line, to a file where one is named.
    ///
    /// Throws ``CurationError``, errors of files, and those of records.
    package func run(samples: FilePath?) throws -> CorpusManifest {
        try DiskFiles().makeDirectory(output)
        let lock = try InstanceLock(directory: output)
        defer { withExtendedLifetime(lock) {} }
        try removeTemporaries(output)
        let manifestFile = output.appending(Self.manifestName)
        let isDone = try DiskFiles().facts(of: manifestFile) != nil
        let known = isDone ? nil : try work.value(Begun.self, in: "run.json")
        let sources = try SourceFiles(settings.sources, known: known?.sources) {
            progress(.digests, $0)
        }
        let identity = identity(sources)
        if isDone {
            let manifest = try CorpusManifest(file: URL(filePath: manifestFile.description))
            try compare(manifest.settings, identity)
            try work.removeAll()
            return manifest
        }
        if let known {
            try compare(known.identity, identity)
        } else {
            try DiskFiles().makeDirectory(work.folder)
            try work.write(Begun(identity: identity, sources: sources), to: "run.json")
        }
        try removeTemporaries(work.folder)
        return try finish(sources, identity, samples: samples)
    }

    private func finish(
        _ sources: SourceFiles, _ identity: [String: String], samples: FilePath?
    ) throws -> CorpusManifest {
        let reading = try ReadingStage(
            settings: settings, sources: sources, work: work, tokens: tokens,
            progress: { progress(.reading, $0) }
        ).run()
        var near = NearDuplicates(documents: reading.documents)
        if let nearSettings = settings.filters.nearDuplicates {
            near = try NearDuplicateStage(
                settings: nearSettings, memoryBytes: settings.memoryBytes, reading: reading,
                work: work, progress: { progress(.nearDuplicates, $0) }
            ).run()
        }
        var duplicates = SentenceDuplicates(sentences: reading.sentences)
        if settings.filters.sentenceDuplicates != nil {
            duplicates = try SentenceDuplicateStage(
                memoryBytes: settings.memoryBytes, reading: reading, near: near, work: work,
                progress: { progress(.sentenceDuplicates, $0) }
            ).run()
        }
        let written = try WritingStage(
            settings: settings, reading: reading, near: near, duplicates: duplicates, work: work,
            output: output, tokens: tokens, progress: { progress(.writing, $0) }
        ).run()
        if let samples { try write(written.samples, reading, to: samples) }
        let manifest = CorpusManifest(
            settings, identity, program: program, sources, written, tokens)
        try DiskFiles().write(
            Data(ManifestPage(manifest).html.utf8), to: output.appending(Self.pageName))
        // With it the run is done.
        try DiskFiles().write(
            JSONEncoder.sorted(.prettyPrinted).encode(manifest),
            to: output.appending(Self.manifestName))
        try work.removeAll()
        return manifest
    }

    /// What a run was begun with.
    private struct Begun: Codable {
        let identity: [String: String]
        let sources: SourceFiles
    }

    private func identity(_ sources: SourceFiles) -> [String: String] {
        var identity = settings.filters.facts
        identity["version"] = Self.version
        identity["name"] = settings.name
        identity["seed"] = "\(settings.seed)"
        identity["filters"] = settings.filters.active.map(\.rawValue).joined(separator: " ")
        identity["shard_bytes"] = "\(settings.shardBytes)"
        identity["skip_malformed"] = "\(settings.skipsMalformed)"
        identity["samples"] = "\(settings.samplesPerFilter)"
        identity["tokenizer"] = tokens.map(\.digest) ?? "none"
        for (source, files) in zip(settings.sources, sources.files) {
            let all = files.map { "\($0.sha256) \($0.bytes)" }.joined(separator: "\n")
            identity["source.\(source.name)"] =
                "\(source.format?.rawValue ?? "told by content"), \(files.count) files, "
                + "SHA-256 \(ContentDigest(of: Data(all.utf8)))"
            identity["source.\(source.name).address"] = source.address ?? "undisclosed"
            identity["source.\(source.name).licence"] = source.licence ?? "undisclosed"
        }
        return identity
    }

    private func compare(_ earlier: [String: String], _ identity: [String: String]) throws {
        let names = Set(earlier.keys).union(identity.keys).sorted()
        guard let name = names.first(where: { earlier[$0] != identity[$0] }) else { return }
        throw CurationError.otherRun(folder: output.description, difference: name)
    }

    /// Removes what a kill left half written.
    private func removeTemporaries(_ folder: FilePath) throws {
        for name in try DiskFiles().names(in: folder)
        where name.bytes.first == UInt8(ascii: ".")
            && name.bytes.suffix(4) == Array(".tmp".utf8)[...]
        {
            try DiskFiles().remove(folder.appending(name))
        }
    }

    /// Samples with the text of the document that a near-duplicate is one of.
    private func write(_ samples: [Sample], _ reading: ReadingState, to file: FilePath) throws {
        var lines = Data()
        for var sample in samples {
            if let leader = sample.leader {
                sample.duplicates = try text(leader, reading)
                sample.leader = nil
            }
            lines += try JSONEncoder.sorted().encode(sample)
            lines.append(UInt8(ascii: "\n"))
        }
        try DiskFiles().write(lines, to: file)
    }

    private func text(_ document: Int, _ reading: ReadingState) throws -> String {
        var first = 0
        for (shard, count) in reading.shards.enumerated() {
            if document < first + count {
                let path = work.shard(shard, .documents)
                var cursor = WorkCursor(try work.read(path), file: path)
                var found = try ReadDocument(&cursor)
                for _ in first..<document { found = try ReadDocument(&cursor) }
                return String(decoding: found.text, as: UTF8.self)
            }
            first += count
        }
        throw CurationError.damaged(file: work.folder.description)
    }
}
