// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
package import ClinicalTypes
import DurableFiles
import Foundation
package import ResultStore

/// Records what other machines have read, as if this one had read it: each shard wholly and once.
///
/// All files are looked through before the first is recorded. A shard is recorded as the daemon records a file, in one
/// transaction, and compared with what is there before it; so what a kill leaves are whole shards, and the same call
/// goes on behind them.
package struct ShardMerge {
    /// What became of the shards.
    package struct Report: Hashable, Sendable, Encodable {
        /// Shards that are recorded now, and that were before.
        package var recorded = 0, known = 0
        /// Documents that were recorded now.
        package var documents = 0
        /// Records of these shards that gave no document.
        package var faults: [Fault] = []
    }

    /// A record that gave no document.
    package struct Fault: Hashable, Sendable, Encodable {
        /// The shard's file.
        package let file: String
        /// The name of what was read.
        package let source: String
        /// The line of what was read, if it is one.
        package let line: Int?
        /// What is wrong.
        package let reason: String
    }

    private let database: ResultDatabase
    private let model: LoadedModel
    private let plan: (DocumentKind) -> Set<ClinicalTask>
    private let profiles = ProfileCache()
    private static let mostComparisons = 3

    /// A merge into a database, of what this very model has read under a plan.
    package init(
        into database: ResultDatabase, by model: LoadedModel,
        plan: @escaping (DocumentKind) -> Set<ClinicalTask>
    ) {
        (self.database, self.model, self.plan) = (database, model, plan)
    }

    /// A shard by its place in the files.
    private struct Entry {
        let readAt: String
        let sourceName: String
        let file: Int
        let place: Int
    }

    /// Merges all shards of files in the order of their moments, then of the names of what was read, then of the files;
    /// `progress` hears of the share that is done.
    ///
    /// So the number that an engine gives a part decides nothing. Throws ``ShardError``, `FileError` and `StoreError`.
    /// After an error of a file nothing was recorded.
    package func run(_ files: [ShardFile], progress: (Double) -> Void) throws -> Report {
        var entries: [Entry] = []
        for (number, file) in files.enumerated() {
            var place = 0
            try file.eachShard { shard in
                try require(shard, of: file)
                entries.append(
                    Entry(
                        readAt: shard.header.readAt, sourceName: shard.header.sourceName,
                        file: number, place: place))
                place += 1
            }
        }
        entries.sort {
            ($0.readAt, $0.sourceName, $0.file, $0.place)
                < ($1.readAt, $1.sourceName, $1.file, $1.place)
        }
        var report = Report()
        var done = 0
        while done < entries.count {
            // One pass for all that stand in one file in this order.
            let (file, before) = (files[entries[done].file], done)
            var place = 0
            try file.eachShard { shard in
                defer { place += 1 }
                guard done < entries.count, entries[done].file == entries[before].file,
                    entries[done].place == place
                else { return }
                try require(shard, of: file)
                try record(shard, of: file, &report)
                done += 1
                progress(Double(done) / Double(entries.count))
            }
            // Somebody has written to the file meanwhile.
            guard done > before else {
                throw ShardError.cutOff(file: file.path.description, line: 0)
            }
        }
        return report
    }

    /// Throws `ShardError.otherMaker` for a shard that somebody else has read.
    private func require(_ shard: AnnotatedShard, of file: ShardFile) throws(ShardError) {
        let header = shard.header
        let own = ShardHeader(
            by: model.maker, plan: plan, readAt: header.readAt, kind: header.kind,
            sourceName: header.sourceName)
        guard let other = header.difference(from: own) else { return }
        throw .otherMaker(
            file: file.path.description, line: shard.line, field: other.field, found: other.found,
            expected: other.expected)
    }

    private func record(
        _ shard: AnnotatedShard, of file: ShardFile, _ report: inout Report
    ) throws {
        let header = shard.header
        report.faults += shard.faults.map {
            Fault(
                file: file.path.description, source: header.sourceName, line: $0.line,
                reason: $0.reason)
        }
        guard !shard.documents.isEmpty else { return }
        let isKnown = try database.isRecorded(
            sha256: shard.sha256, kind: header.kind.rawValue, sourceName: header.sourceName)
        guard !isKnown else {
            report.known += 1
            return
        }
        let recorded = RecordedFile(
            sha256: shard.sha256, kind: header.kind, sourceName: header.sourceName,
            receivedAt: header.readAt,
            documents: shard.documents.map { RecordedDocument($0.document, profiled($0)) },
            faults: shard.faults.count, processedAt: header.readAt)
        let maker = model.maker.running(header.run)
        let rows = try commit(recorded, by: maker)
        guard !rows.isEmpty else {
            report.known += 1
            return
        }
        for (row, entry) in zip(rows, recorded.documents) {
            if let profile = entry.findings.profile { profiles.insert(profile, for: row) }
        }
        try database.finish(maker.run, at: Date())
        report.recorded += 1
        report.documents += rows.count
    }

    /// Findings with what a comparison needs, which follows from the text.
    private func profiled(_ entry: (document: ClinicalDocument, findings: Findings)) -> Findings {
        var findings = entry.findings
        if !findings.similarityBands.isEmpty {
            findings.profile = SentenceProfile(model.annotator.analyze(entry.document.text))
        }
        return findings
    }

    /// The new rows of a shard's documents; none if somebody else has recorded it meanwhile.
    private func commit(_ shard: RecordedFile, by maker: ResultMaker) throws -> [Int64] {
        let comparison = DocumentComparison(
            database: database, model: model, profiles: profiles,
            candidateLimit: ClinicalProcessor.usualCandidates)
        for _ in 0..<Self.mostComparisons {
            do {
                var files = [shard]
                let last = try comparison.compare(&files)
                let recordings = try database.record(files, after: last, maker: maker, at: Date())
                guard case .recorded(let rows)? = recordings.first else { return [] }
                return rows
            } catch StoreError.outdated { continue }
        }
        throw StoreError.outdated
    }
}
