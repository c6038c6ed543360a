// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import DurableFiles
import Foundation
package import ResultStore
package import Spool

/// Records the files of `done/` once more, in the order in which they came, by the same readers as the daemon.
///
/// Their kinds, names and times are those of the spool's journal and of the database before, where that
/// can be read. Files that the database has already are passed over, so that a rebuild that was
/// stopped goes on where it was.
package struct DatabaseRebuild {
    /// What became of the files.
    package struct Report: Hashable, Sendable, Encodable {
        /// Files that were recorded, by this run or one before it.
        package var recorded = 0
        /// Files of `done/` of which nothing says the kind, by their paths.
        package var unknown: [String] = []
        /// Files that could not be read or recorded, with the reason.
        package var refused: [Refused] = []
        /// Files of the database before that are in `done/` no more, by their names.
        package var missing: [String] = []
        /// Whether every file is in the new database.
        package var isComplete: Bool { unknown.isEmpty && refused.isEmpty && missing.isEmpty }
    }

    /// A file that is not in the new database, and why.
    package struct Refused: Hashable, Sendable, Encodable {
        /// Its path.
        package let file: String
        /// Why.
        package let reason: String
    }

    /// One file of `done/`, with what the new database must say of it.
    private struct Entry {
        let file: DoneFile
        let sha256: String
        let kind: DocumentKind
        let sourceName: String
        let receivedAt: String
    }

    private let spool: SpoolDirectory
    /// The database before, as far as it can be read.
    package var former: RecordedFileList
    private let assumedKind: DocumentKind?
    private let batch: Int
    private var digests: [FilePath: String] = [:]

    /// A rebuild of the spool's database; `former` is the database before, and `assumedKind` that of files
    /// of which nothing says it.
    package init(
        of spool: SpoolDirectory, former: RecordedFileList, assumedKind: DocumentKind?, batch: Int
    ) {
        self.spool = spool
        self.former = former
        self.assumedKind = assumedKind
        self.batch = max(1, batch)
    }

    /// Records what is in `done/` and not in the database; again until nothing has come meanwhile.
    ///
    /// `progress` is told the share that is done and how many files that is. Throws ``StoreError`` and
    /// ``DurableFiles/FileError``, and for a file that has to wait the reason why, as `RebuildError`.
    package mutating func run(
        into database: ResultDatabase, by processor: ClinicalProcessor,
        progress: (Double, Int) -> Void
    ) throws -> Report {
        var report = Report()
        var tried: Set<String> = []
        while true {
            report.recorded = 0
            let (entries, unknown) = try listed()
            report.unknown = unknown
            var waiting: [Entry] = []
            for entry in entries {
                let isThere = try database.isRecorded(
                    sha256: entry.sha256, kind: entry.kind.rawValue, sourceName: entry.sourceName)
                if isThere {
                    report.recorded += 1
                } else if tried.insert(key(entry)).inserted {
                    waiting.append(entry)
                }
            }
            guard !waiting.isEmpty else { break }
            let all = report.recorded + waiting.count
            for start in stride(from: 0, to: waiting.count, by: batch) {
                progress(
                    Double(report.recorded) / Double(max(1, all)), report.recorded)
                let group = Array(waiting[start..<min(start + batch, waiting.count)])
                try record(group, by: processor, &report)
            }
        }
        report.missing = try missing(from: database)
        return report
    }

    private func key(_ entry: Entry) -> String {
        "\(entry.sha256) \(entry.kind.rawValue) \(entry.sourceName)"
    }

    private func record(
        _ entries: [Entry], by processor: ClinicalProcessor, _ report: inout Report
    ) throws {
        var claims: [ClaimedFile] = []
        for entry in entries {
            if let claim = claim(entry) {
                claims.append(claim)
            } else {
                report.refused.append(
                    Refused(
                        file: entry.file.path.description,
                        reason: "the name that it was recorded by cannot be read"))
            }
        }
        // Large files alone, as the daemon takes them.
        let limit = DaemonLoop.Settings().largeFileBytes
        let short = claims.filter { $0.size <= limit }
        for group in [short] + claims.filter({ $0.size > limit }).map({ [$0] }) {
            for (claim, outcome) in zip(group, processor.process(group)) {
                switch outcome {
                case .recorded, .recordedInPart, .duplicate: report.recorded += 1
                case .rejected(_, let reason, _):
                    report.refused.append(Refused(file: claim.path.description, reason: reason))
                case .changed:
                    report.refused.append(
                        Refused(
                            file: claim.path.description, reason: "it was written to meanwhile"))
                case .postponed(let reason): throw RebuildError.waits(reason: reason)
                }
            }
        }
    }

    private func claim(_ entry: Entry) -> ClaimedFile? {
        guard let bytes = EscapedBytes.bytes(of: entry.sourceName),
            let name = FileName(bytes: bytes)
        else { return nil }
        return ClaimedFile(
            path: entry.file.path, kind: entry.kind, originalName: name,
            size: entry.file.facts.size,
            claimedAt: (try? Self.time.parse(entry.receivedAt)) ?? modified(entry.file),
            attempt: 1)
    }

    private static let time = Date.ISO8601FormatStyle(
        includingFractionalSeconds: true, timeZone: .gmt)

    private func modified(_ file: DoneFile) -> Date {
        Date(timeIntervalSince1970: Double(file.facts.modifiedNanoseconds) / 1e9)
    }

    /// The files of `done/` in the order in which they came, and the paths of those without a kind.
    private mutating func listed() throws -> (entries: [Entry], unknown: [String]) {
        let said = Dictionary(grouping: try statements(), by: \.sha256)
        var entries: [Entry] = []
        var unknown: [String] = []
        for file in try spool.doneFiles() {
            let digest = try digest(of: file)
            let known = said[digest] ?? assumed(file, digest)
            if known.isEmpty { unknown.append(file.path.description) }
            entries += known.map {
                Entry(
                    file: file, sha256: digest, kind: $0.kind, sourceName: $0.sourceName,
                    receivedAt: $0.receivedAt)
            }
        }
        var seen: Set<String> = []
        let sorted = entries.sorted {
            ($0.receivedAt, $0.sourceName) < ($1.receivedAt, $1.sourceName)
        }
        return (sorted.filter { seen.insert(key($0)).inserted }, unknown)
    }

    /// What journal and former database say of files, each statement once.
    private func statements() throws -> [RecordJournalEntry] {
        let before = former.files.compactMap { file in
            DocumentKind(rawValue: file.kind).map {
                RecordJournalEntry(
                    sha256: file.sha256, kind: $0, sourceName: file.sourceName,
                    receivedAt: file.receivedAt)
            }
        }
        var seen: Set<String> = []
        return (before + (try spool.journal.entries())).filter {
            seen.insert("\($0.sha256) \($0.kind.rawValue) \($0.sourceName)").inserted
        }
    }

    private func assumed(_ file: DoneFile, _ digest: String) -> [RecordJournalEntry] {
        guard let kind = assumedKind, let name = file.path.lastName else { return [] }
        return [
            RecordJournalEntry(
                sha256: digest, kind: kind, sourceName: name.escaped,
                receivedAt: timestamp(modified(file)))
        ]
    }

    private mutating func digest(of file: DoneFile) throws(FileError) -> String {
        if let known = digests[file.path] { return known }
        let digest = try DiskFiles().digest(of: file.path).hexadecimal
        digests[file.path] = digest
        return digest
    }

    private func missing(from database: ResultDatabase) throws(StoreError) -> [String] {
        var missing: [String] = []
        for file in former.files {
            let isThere = try database.isRecorded(
                sha256: file.sha256, kind: file.kind, sourceName: file.sourceName)
            if !isThere { missing.append(file.sourceName) }
        }
        return missing
    }
}
