// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
package import Foundation

/// What a start found in `processing/`.
package struct SpoolRecovery: Hashable, Sendable {
    /// Files that were recorded already and have been moved to `done/`.
    package var finished = 0
    /// Files that have been set aside: they brought the daemon down, or were not put there by it.
    package var setAside = 0
    /// Claims to take up again, those that were alone at the fewest ends first, then the oldest; call ``SpoolDirectory/begin(_:)`` before each, and take
    /// each alone, so that a document that crashes the daemon takes no other with it.
    package var waiting: [ClaimedFile] = []
    /// Directories that somebody made in `processing/`; they are left alone.
    package var directories = 0
    /// What was refused on the way to `done/` or within `processing/`; those files are there still.
    package var refusedMoves: [FileError] = []
    /// What was refused on the way to `failed/`; those files are there still.
    package var refusedSettingsAside: [FileError] = []

    /// Whether nothing was found.
    package var isEmpty: Bool { self == SpoolRecovery() }
}

extension SpoolDirectory {
    /// How often a document may crash the daemon before it is set aside.
    package static let mostCrashes = 2
    /// At how many ends that were no crash a document may be alone in hand before it is set aside.
    ///
    /// A kill says nothing of the document, but one that always takes all memory ends in kills alone.
    package static let mostKills = 10
    /// How long ago it must have been claimed then, in seconds: an operator may kill a daemon ten times in a
    /// minute, and before it has read the first document.
    package static let shortestKilling: Double = 600

    /// Brings what a stopped or crashed daemon left in `processing/` back on its way.
    ///
    /// `isRecorded` is asked with each claim and the SHA-256 of its file (64 hexadecimal digits): what the database
    /// holds goes to `done/`, whatever it has done to the daemon. A file that cannot be read goes back
    /// among the waiting, where its processing will say why. Throws what `isRecorded` throws.
    ///
    /// What is in hand at this moment, by its path in `processing/`, is left alone.
    ///
    /// `end` counts for a claim that was alone in hand, and is written down before this returns. What is
    /// refused for one file is told in the result and keeps no other from its way.
    package func recover(
        at now: Date = Date(), after end: FormerEnd, inHand: Set<FilePath> = [],
        isRecorded: (ClaimedFile, String) throws -> Bool
    ) throws -> SpoolRecovery {
        var recovery = SpoolRecovery()
        for name in try files.names(in: processing).sorted()
        where name.bytes.first != UInt8(ascii: ".") {
            let path = processing.appending(name)
            if inHand.contains(path) { continue }
            guard let facts = try files.facts(of: path) else { continue }
            if facts.kind == .directory {
                recovery.directories += 1
                continue
            }
            guard let claimName = ClaimName(name), facts.kind == .regularFile else {
                setAside(path, name: name, facts, at: now, &recovery)
                continue
            }
            guard let claim = try claimed(path, name: claimName, original: claimName.original)
            else { continue }
            let digest = try? files.digest(of: path).hexadecimal
            let isDone = try digest.map { try isRecorded(claim, $0) } ?? false
            do throws(FileError) {
                if isDone {
                    try finish(claim, at: now)
                    recovery.finished += 1
                } else {
                    let claim = try rewrite(claim) { $0 = $0.after(end) }
                    let history = claimName.history.after(end)
                    takeUp(claim, history, at: now, &recovery)
                }
            } catch {
                recovery.refusedMoves.append(error)
            }
        }
        // What was in hand at some end comes last, so that the others are recorded before the next.
        recovery.waiting.sort {
            ($0.attempt, $0.claimedAt, $0.originalName)
                < ($1.attempt, $1.claimedAt, $1.originalName)
        }
        return recovery
    }

    /// Lets a claim wait for its next turn, or sets it aside if it had its last.
    private func takeUp(
        _ claim: ClaimedFile, _ history: ClaimHistory, at now: Date,
        _ recovery: inout SpoolRecovery
    ) {
        let reason: FailureReason
        if history.crashes >= Self.mostCrashes {
            reason = .crashedTwice
        } else if history.kills >= Self.mostKills,
            now.timeIntervalSince(claim.claimedAt) >= Self.shortestKilling
        {
            reason = .killedRepeatedly
        } else {
            recovery.waiting.append(claim)
            return
        }
        do throws(FileError) {
            _ = try setAside(
                claim.path, name: claim.originalName, kind: claim.kind,
                attempts: claim.attempt - 1, reason: reason, at: now)
            recovery.setAside += 1
        } catch {
            recovery.refusedSettingsAside.append(error)
        }
    }

    /// Sets aside what is no claim.
    private func setAside(
        _ path: FilePath, name: FileName, _ facts: FileFacts, at now: Date,
        _ recovery: inout SpoolRecovery
    ) {
        let claimName = ClaimName(name)
        do throws(FileError) {
            _ = try setAside(
                path, name: claimName?.original ?? name, kind: claimName?.kind,
                attempts: claimName?.history.attempt ?? 0,
                reason: claimName == nil ? .foreign : .notRegular(facts.kind.rawValue), at: now)
            recovery.setAside += 1
        } catch {
            recovery.refusedSettingsAside.append(error)
        }
    }
}
