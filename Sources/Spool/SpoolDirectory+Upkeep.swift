// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
package import Foundation
import Glibc

/// How much lies in one state of the spool.
package struct SpoolStateCount: Codable, Hashable, Sendable {
    /// The directory below the spool, such as `incoming/nursing` or `failed`.
    package let state: String
    /// How many files lie there.
    package var files = 0
    /// Their bytes together.
    package var bytes = 0
    /// The age of the oldest by its time of change, in whole seconds; absent when there is none.
    package var oldestSeconds: Int?
    /// Why it could not be counted; absent when it could.
    package var fault: String?

    enum CodingKeys: String, CodingKey {
        case state, files, bytes, fault
        case oldestSeconds = "oldest_seconds"
    }
}

/// Why a failed file was not put back.
package enum RetryRefusal: Error, Hashable, Sendable {
    /// No file of this name lies in `failed/`.
    case absent(name: String)
    /// Its reason is gone or says no kind, so the folder to put it back into is not known.
    case kindUnknown(name: String)
    /// No file of such a name is read, as of a backup.
    case ignoredName(name: String)
    /// It is a link, fifo, socket or device and would only fail again.
    case notRegular(name: String)
    /// Some of its records are recorded, and which these are cannot be told.
    case unreadable(name: String, detail: String)
    /// All of its records are recorded.
    case nothingLeft(name: String)
}

/// What a purge removed.
package struct SpoolPurge: Codable, Hashable, Sendable {
    /// How many files.
    package var files = 0
    /// Their bytes together.
    package var bytes = 0
    /// How many directories of a day are gone.
    package var days = 0
}

/// What a purge of failed files removed.
package struct FailedPurge: Codable, Hashable, Sendable {
    /// How many files, without their reasons.
    package var files = 0
    /// Their bytes together.
    package var bytes = 0
    /// How many of them by the code of their reason; `unknown` where that was gone.
    package var codes: [String: Int] = [:]

    /// Nothing yet.
    package init() {}
}

extension SpoolDirectory {
    /// Counts each state: the folders of `incoming/`, `processing`, `done` and `failed`.
    ///
    /// Names that are not looked at, triggers, and the reasons in `failed/` are not counted. A state that
    /// cannot be listed is given with its fault.
    package func status(at now: Date = Date()) -> [SpoolStateCount] {
        var counts: [SpoolStateCount] = []
        for kind in DocumentKind.allCases {
            counts.append(
                count("incoming/\(kind.rawValue)", at: now) { () throws(FileError) in
                    [incoming(kind)]
                } where: {
                    !SpoolListing.isIgnored($0) && !SpoolListing.isTrigger($0, $1)
                })
        }
        counts.append(
            count("processing", at: now) { () throws(FileError) in
                [processing]
            } where: { _, _ in
                true
            })
        counts.append(
            count("done", at: now) { () throws(FileError) in
                try dayDirectories().map { done.appending($0.text) }
            } where: { _, _ in
                true
            })
        counts.append(
            count("failed", at: now) { () throws(FileError) in
                [failed]
            } where: { name, _ in
                !isReason(name)
            })
        return counts
    }

    /// The files in `failed/`, in the order of their names.
    package func failedNames() throws(FileError) -> [FileName] {
        try files.names(in: failed).filter { !isReason($0) }.sorted()
    }

    /// The reason of a failed file; nil when it is absent or unreadable.
    package func reason(of name: FileName) -> FailureReport? {
        guard let json = try? files.read(reasonPath(of: name), maximumBytes: 1 << 26) else {
            return nil
        }
        return try? JSONDecoder().decode(FailureReport.self, from: json)
    }

    /// Puts a failed file back into its folder of `incoming/` and removes its reason.
    ///
    /// The file moves first: after a crash between the two a reason lies alone, and the next failure
    /// of that name replaces it. In a folder of `triggeredKinds` it gets a trigger.
    ///
    /// Of a file of which some records are recorded only what `remaining` gives of its content, by the
    /// report beside it, goes back. It is put into the file's place first, and gives itself when it is
    /// asked for once more. Throws ``RetryRefusal``, ``DurableFiles/FileError`` and what `remaining` throws.
    @discardableResult
    package func retry(
        _ name: FileName, triggeredKinds: Set<DocumentKind> = [],
        remaining: (Data, FailureReport) throws -> Data = { content, _ in content }
    ) throws -> FilePath {
        let path = failed.appending(name)
        guard !isReason(name), let facts = try files.facts(of: path) else {
            throw RetryRefusal.absent(name: name.escaped)
        }
        guard facts.kind == .regularFile else {
            throw RetryRefusal.notRegular(name: name.escaped)
        }
        guard let report = reason(of: name), let kind = report.kind else {
            throw RetryRefusal.kindUnknown(name: name.escaped)
        }
        if report.recordedDocuments != nil {
            let content = try files.read(path, maximumBytes: .max)
            let rest = try remaining(content, report)
            if rest.isEmpty { throw RetryRefusal.nothingLeft(name: name.escaped) }
            if rest != content {
                try files.write(rest, to: path)
                // Whoever asks for this may be root; the daemon is to read it.
                try files.takeOwner(of: reasonPath(of: name), for: path)
            }
        }
        var target = incoming(kind).appending(name)
        while try files.facts(of: target) != nil || SpoolListing.isIgnored(target.lastName ?? name)
        {
            let marked = name.fitted(to: FileName.maximumBytes, mark: randomMark())
            guard !SpoolListing.isIgnored(marked) else {
                throw RetryRefusal.ignoredName(name: name.escaped)
            }
            target = incoming(kind).appending(marked)
        }
        try files.move(path, to: target)
        if triggeredKinds.contains(kind) { try makeTrigger(of: target) }
        try files.remove(reasonPath(of: name))
        return target
    }

    /// Removes what lies in `done/` under days more than so many days before today.
    ///
    /// Only directories named `YYYY-MM-DD` and regular files in them are touched; a directory goes
    /// when it is empty then. Nothing calls this but an explicit command.
    package func purgeDone(
        olderThanDays days: Int, at now: Date = Date()
    ) throws(FileError) -> SpoolPurge {
        let limit = DayName(now.addingTimeInterval(-Double(max(0, days)) * 86_400))
        var purge = SpoolPurge()
        for day in try dayDirectories() where day < limit {
            let directory = done.appending(day.text)
            var isEmpty = true
            for name in try files.names(in: directory) {
                let path = directory.appending(name)
                guard let facts = try files.facts(of: path), facts.kind == .regularFile else {
                    isEmpty = false
                    continue
                }
                try files.remove(path)
                purge.files += 1
                purge.bytes += facts.size
            }
            if isEmpty {
                try files.removeDirectory(directory)
                purge.days += 1
            }
        }
        // Names often hold patients' numbers: what tells of removed files goes with them.
        try journal.purge(before: limit)
        return purge
    }

    /// Removes what was set aside in `failed/` more than so many days (of 24 hours) ago, with its reason;
    /// `purge` counts what is gone, also when an error is thrown.
    ///
    /// When that was is what the reason says, and for a file without one the time of its last move or change
    /// by the kernel's account. A reason that was left alone goes by that, too. Directories stay. Nothing
    /// calls this but an explicit command.
    package func purgeFailed(
        olderThanDays days: Int, at now: Date = Date(), counting purge: inout FailedPurge
    ) throws(FileError) {
        let limit = now.addingTimeInterval(-Double(max(0, days)) * 86_400)
        for name in try failedNames() {
            let path = failed.appending(name)
            guard let facts = try files.facts(of: path), facts.kind != .directory else { continue }
            let reason = reason(of: name)
            guard (reason?.setAside ?? facts.changed) < limit else { continue }
            try files.remove(path)
            try files.remove(reasonPath(of: name))
            purge.files += 1
            purge.bytes += facts.size
            purge.codes[reason?.code ?? "unknown", default: 0] += 1
        }
        try purgeLoneReasons(before: limit)
    }

    /// Removes reasons whose files are gone: they may name patients.
    private func purgeLoneReasons(before limit: Date) throws(FileError) {
        let names = try files.names(in: failed)
        let kept = Set(names.filter { !isReason($0) }.map { reasonPath(of: $0) })
        for name in names where isReason(name) && name.bytes.first != UInt8(ascii: ".") {
            let path = failed.appending(name)
            guard !kept.contains(path), let facts = try files.facts(of: path),
                facts.kind == .regularFile, facts.changed < limit
            else { continue }
            try files.remove(path)
        }
    }

    private func isReason(_ name: FileName) -> Bool {
        name.bytes.first == UInt8(ascii: ".")
            || name.bytes.suffix(Self.reasonEnding.utf8.count).elementsEqual(Self.reasonEnding.utf8)
    }

    private func dayDirectories() throws(FileError) -> [DayName] {
        try files.names(in: done).compactMap { DayName($0.escaped) }.sorted()
    }

    private func count(
        _ state: String, at now: Date, in directories: () throws(FileError) -> [FilePath],
        where counts: (FileName, FileFacts) -> Bool
    ) -> SpoolStateCount {
        var result = SpoolStateCount(state: state)
        do throws(FileError) {
            for directory in try directories() {
                try count(directory, into: &result, at: now, where: counts)
            }
        } catch {
            result.fault = error.explanation
        }
        return result
    }

    private func count(
        _ directory: FilePath, into result: inout SpoolStateCount, at now: Date,
        where counts: (FileName, FileFacts) -> Bool
    ) throws(FileError) {
        let nowNanoseconds = Int64(now.timeIntervalSince1970 * 1e9)
        for name in try files.names(in: directory) {
            guard let facts = try files.facts(of: directory.appending(name)),
                facts.kind != .directory, counts(name, facts)
            else { continue }
            result.files += 1
            result.bytes += facts.size
            let age = Int(max(0, nowNanoseconds - facts.modifiedNanoseconds) / 1_000_000_000)
            result.oldestSeconds = max(result.oldestSeconds ?? 0, age)
        }
    }
}

extension FailureReport {
    /// When the file had been set aside at the latest, since the report gives whole seconds; nil where it
    /// gives no time.
    fileprivate var setAside: Date? {
        (try? Date(at, strategy: .iso8601))?.addingTimeInterval(1)
    }
}

extension FileFacts {
    /// When it was last moved or changed.
    fileprivate var changed: Date {
        Date(timeIntervalSince1970: Double(changedNanoseconds) / 1e9)
    }
}
