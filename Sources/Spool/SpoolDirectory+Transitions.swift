// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import DurableFiles
package import Foundation
import Glibc

extension SpoolDirectory {
    /// Takes a file out of `incoming/`; nil when it is no longer there.
    ///
    /// The rename is the claim: nobody else can have it. `isAlone` says that nothing else will be in hand
    /// with it, which is written down with the claim (see ``begin(_:)``). A trigger beside it is removed.
    package func claim(
        _ file: IncomingFile, isAlone: Bool = false, at now: Date = Date()
    ) throws(FileError) -> ClaimedFile? {
        let name = ClaimName(
            kind: file.kind, original: file.name, claimedAt: now, isAlone: isAlone)
        let target = processing.appending(name.fileName)
        do throws(FileError) {
            try files.move(file.path, to: target)
        } catch {
            if error.operation == .rename && error.errno == ENOENT { return nil }
            throw error
        }
        // One that stays behind is older than the next file of this name, and counts for nothing.
        if let trigger = file.trigger { try? files.remove(trigger) }
        return try claimed(target, name: name, original: file.name)
    }

    /// Writes down, before it is, that a claim is taken up alone: if the daemon ends meanwhile, that counts.
    package func begin(_ claim: ClaimedFile) throws(FileError) -> ClaimedFile {
        try rewrite(claim) { $0.isAlone = true }
    }

    /// Writes down that a claim is no longer in hand, so that an end of the daemon counts for nothing.
    package func release(_ claim: ClaimedFile) throws(FileError) -> ClaimedFile {
        try rewrite(claim) { $0.isAlone = false }
    }

    /// Puts a claim back where its producer had it, under its own name or, if that is taken, with a mark.
    ///
    /// For a file that changed while it was in hand: it settles there and is taken anew, or with a trigger
    /// at once.
    @discardableResult
    package func putBack(
        _ claim: ClaimedFile, triggering: Bool = false
    ) throws(FileError) -> FilePath {
        try putBack(
            claim.path, named: claim.originalName, kind: claim.kind, triggering: triggering)
    }

    /// Moves a file into a folder of `incoming/`, with a trigger where its kind demands one.
    func putBack(
        _ path: FilePath, named name: FileName, kind: DocumentKind, triggering: Bool
    ) throws(FileError) -> FilePath {
        let target = try moveUnderFreeName(path, named: name, to: incoming(kind)) { _ in }
        if triggering { try makeTrigger(of: target) }
        return target
    }

    /// Makes the empty file that says that another is whole.
    func makeTrigger(of path: FilePath) throws(FileError) {
        guard let name = path.lastName.flatMap(SpoolListing.trigger) else {
            throw FileError(.write, path, errno: ENAMETOOLONG)
        }
        try files.write(Data(), to: path.parent.appending(name))
    }

    /// Whether a file's producer still has it open for writing; nil where that cannot be told.
    package func isBeingWritten(_ file: IncomingFile) -> Bool? {
        // One that cannot be opened says so when it is read.
        try? files.isBeingWritten(file.path)
    }

    /// Whether a file that was listed is known to lie where it did.
    package func isInPlace(_ file: IncomingFile) -> Bool {
        (try? files.facts(of: file.path))?.inode == file.facts.inode
    }

    /// The SHA-256 of a claim's content as it is now (64 hexadecimal digits); nil when the file is gone.
    package func digest(of claim: ClaimedFile) throws(FileError) -> String? {
        guard try files.facts(of: claim.path) != nil else { return nil }
        return try files.digest(of: claim.path).hexadecimal
    }

    /// Moves a recorded file to `done/YYYY-MM-DD/` (local date) and says where it lies then.
    @discardableResult
    package func finish(_ claim: ClaimedFile, at now: Date = Date()) throws(FileError) -> FilePath {
        // What lies below a link is not below the spool; `makeFolder` would follow it.
        try makeFolder(done)
        let directory = done.appending(DayName(now).text)
        try makeFolder(directory)
        return try moveUnderFreeName(claim.path, named: claim.originalName, to: directory) { _ in }
    }

    /// Moves a file to `failed/` beside its reason, which is on the disk before the file is there.
    @discardableResult
    package func fail(
        _ claim: ClaimedFile, _ reason: FailureReason, at now: Date = Date()
    ) throws(FileError) -> FilePath {
        try setAside(
            claim.path, name: claim.originalName, kind: claim.kind, attempts: claim.attempt,
            reason: reason, at: now)
    }

    /// Moves a link, fifo, socket or device out of `incoming/` to `failed/`; it is not opened.
    @discardableResult
    package func setAside(_ file: IncomingFile, at now: Date = Date()) throws(FileError) -> FilePath
    {
        try setAside(
            file.path, name: file.name, kind: file.kind, attempts: 0,
            reason: .notRegular(file.facts.kind.rawValue), at: now)
    }

    /// Reads what a claim in `processing/` is now.
    func claimed(
        _ path: FilePath, name: ClaimName, original: FileName
    ) throws(FileError) -> ClaimedFile? {
        guard let facts = try files.facts(of: path) else { return nil }
        return ClaimedFile(
            path: path, kind: name.kind, originalName: original, size: facts.size,
            claimedAt: name.claimedAt, attempt: name.history.attempt)
    }

    /// Renames a claim with a changed history.
    func rewrite(
        _ claim: ClaimedFile, _ change: (inout ClaimHistory) -> Void
    ) throws(FileError) -> ClaimedFile {
        guard let current = claim.path.lastName, var name = ClaimName(current) else {
            preconditionFailure("a claim lies under a claim's name")
        }
        change(&name.history)
        let target = processing.appending(name.fileName)
        if target != claim.path { try files.move(claim.path, to: target) }
        return ClaimedFile(
            path: target, kind: claim.kind, originalName: claim.originalName, size: claim.size,
            claimedAt: claim.claimedAt, attempt: name.history.attempt)
    }

    /// Moves to the first free name: the file's own, then the same with a random mark.
    ///
    /// `prepare` runs before each try with the name that is about to be taken.
    func moveUnderFreeName(
        _ source: FilePath, named name: FileName, to directory: FilePath,
        maximumBytes: Int = FileName.maximumBytes, firstMark: String? = nil,
        prepare: (FileName) throws(FileError) -> Void
    ) throws(FileError) -> FilePath {
        var mark = firstMark
        while true {
            let candidate = name.fitted(to: maximumBytes, mark: mark)
            let target = directory.appending(candidate)
            mark = randomMark()
            guard try files.facts(of: target) == nil else { continue }
            try prepare(candidate)
            do throws(FileError) {
                try files.move(source, to: target)
                return target
            } catch {
                guard error.errno == EEXIST else { throw error }
            }
        }
    }
}

extension SpoolDirectory {
    /// The ending of the file that holds a failed file's reason.
    package static let reasonEnding = ".error.json"

    /// Where the reason of a failed file lies.
    package func reasonPath(of name: FileName) -> FilePath {
        failed.appending(
            FilePath(bytes: name.bytes + Array(Self.reasonEnding.utf8)).lastName ?? name)
    }

    /// Writes the reason, then moves the file beside it.
    ///
    /// After a crash between the two a reason lies alone; the next failure of that name replaces it.
    /// No failed file keeps a name that ends like a reason's, so no reason ever replaces a file.
    func setAside(
        _ source: FilePath, name: FileName, kind: DocumentKind?, attempts: Int,
        reason: FailureReason, at now: Date
    ) throws(FileError) -> FilePath {
        let json = report(
            reason, of: name, kind: kind, sha256: try? files.digest(of: source).hexadecimal,
            attempts: attempts, at: now)
        let isLikeReason = name.bytes.suffix(Self.reasonEnding.utf8.count)
            .elementsEqual(Self.reasonEnding.utf8)
        return try moveUnderFreeName(
            source, named: name, to: failed,
            maximumBytes: FileName.maximumBytes - Self.reasonEnding.utf8.count,
            firstMark: isLikeReason ? randomMark() : nil
        ) { candidate throws(FileError) in
            try files.write(json, to: reasonPath(of: candidate))
        }
    }

    /// Puts a copy of a claim into `failed/` beside a report of the records in it that gave no document,
    /// and leaves the claim, whose other records are recorded, where it is.
    ///
    /// `sha256` is that of what is recorded: false, and no copy, where the claim holds something else now.
    /// A second call after a crash finds the first one's copy and makes no other.
    package func reportFaults(
        of claim: ClaimedFile, _ reason: FailureReason, sha256: String, at now: Date = Date()
    ) throws(FileError) -> Bool {
        let content = try files.read(claim.path, maximumBytes: .max)
        guard ContentDigest(of: content).hexadecimal == sha256 else { return false }
        let json = report(
            reason, of: claim.originalName, kind: claim.kind, sha256: sha256,
            attempts: claim.attempt, at: now)
        var mark: String?
        while true {
            let name = claim.originalName.fitted(
                to: FileName.maximumBytes - Self.reasonEnding.utf8.count, mark: mark)
            let path = failed.appending(name)
            if try files.facts(of: path) == nil {
                try files.write(json, to: reasonPath(of: name))
                try files.write(content, to: path)
                return true
            }
            if let former = self.reason(of: name), former.code == reason.code,
                former.sha256 == sha256
            {
                return true
            }
            mark = randomMark()
        }
    }

    /// The content of a file's report.
    private func report(
        _ reason: FailureReason, of name: FileName, kind: DocumentKind?, sha256: String?,
        attempts: Int, at now: Date
    ) -> Data {
        var report = FailureReport(
            code: reason.code, reason: reason.text, kind: kind, sourceName: name.escaped,
            sha256: sha256, at: now.formatted(.iso8601), attempts: attempts,
            nextStep: reason.nextStep)
        if let faults = reason.faults {
            report.faults = faults.count
            report.records = faults.listed
            report.recordedDocuments = faults.documents.isEmpty ? nil : faults.documents
        }
        guard let json = try? report.json() else {
            preconditionFailure("a report is strings and numbers, which JSON can hold")
        }
        return json
    }
}
