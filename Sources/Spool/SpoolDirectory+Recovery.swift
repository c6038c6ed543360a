// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// What a start found in `processing/`.
package struct SpoolRecovery: Hashable, Sendable {
    /// Files that were recorded already and have been moved to `done/`.
    package var finished = 0
    /// Files that have been set aside: begun twice without an end, or not put there by the daemon.
    package var setAside = 0
    /// Claims to take up again, oldest first; call ``SpoolDirectory/begin(_:)`` before each, and take
    /// each alone, so that a document that crashes the daemon takes no other with it.
    package var waiting: [ClaimedFile] = []
    /// Directories that somebody made in `processing/`; they are left alone.
    package var directories = 0

    /// Whether nothing was found.
    package var isEmpty: Bool { self == SpoolRecovery() }
}

extension SpoolDirectory {
    /// How often a document may be begun without an end before it is set aside.
    package static let mostAttempts = 2

    /// Brings what a stopped or crashed daemon left in `processing/` back on its way.
    ///
    /// `isRecorded` is asked with each claim and the SHA-256 of its file (64 hexadecimal digits): what the database
    /// holds goes to `done/`, whatever the number of attempts. A file that cannot be read goes back
    /// among the waiting, where its processing will say why. Throws what `isRecorded` throws.
    ///
    /// `countsAttempts` is false within a run that has not crashed: then no claim is set aside for
    /// the number of its attempts.
    package func recover(
        at now: Date = Date(), countsAttempts: Bool = true,
        isRecorded: (ClaimedFile, String) throws -> Bool

    ) throws -> SpoolRecovery {
        var recovery = SpoolRecovery()
        for name in try files.names(in: processing).sorted()
        where name.bytes.first != UInt8(ascii: ".") {
            let path = processing.appending(name)
            guard let facts = try files.facts(of: path) else { continue }
            if facts.kind == .directory {
                recovery.directories += 1
                continue
            }
            guard let claimName = ClaimName(name), facts.kind == .regularFile,
                let claim = try claimed(path, name: claimName, original: claimName.original)
            else {
                let claimName = ClaimName(name)
                let reason: FailureReason =
                    claimName == nil ? .foreign : .notRegular(facts.kind.rawValue)
                _ = try setAside(
                    path, name: claimName?.original ?? name, kind: claimName?.kind,
                    attempts: claimName?.attempt ?? 0, reason: reason, at: now)
                recovery.setAside += 1
                continue
            }
            let digest = try? files.digest(of: path).hexadecimal
            if let digest, try isRecorded(claim, digest) {
                try finish(claim, at: now)
                recovery.finished += 1
            } else if countsAttempts && claim.attempt >= Self.mostAttempts {
                try fail(claim, .crashedTwice, at: now)
                recovery.setAside += 1
            } else {
                recovery.waiting.append(claim)
            }
        }
        return recovery
    }
}
