// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles

/// Decides which files of a listing their producers have finished.
///
/// A file is ready at once when a trigger lies beside it or the kernel said that it was renamed in, and
/// otherwise when its size, times and inode have stayed the same for the settle time; that a writer has
/// closed it says little, since some close a file after each line. In a folder that demands triggers
/// nothing else counts. This is a plain value with the time as an argument, so it is tested without a clock.
package struct ReadinessTracker: Sendable {
    /// How long a file must stay the same, in nanoseconds.
    package let settleNanoseconds: Int64
    /// The folders whose files are ready only with a trigger.
    package let triggeredKinds: Set<DocumentKind>

    private struct Entry {
        let facts: FileFacts
        var since: Int64
        var isReady = false
        /// Whether time alone makes it ready.
        var settles = true
        /// Until when it is left alone, whatever else speaks for it.
        var heldUntil: Int64 = .min
        /// Since when its writer is known to have it open.
        var openSince: Int64?
        var isOpenTold = false
    }
    private var seen: [FilePath: Entry] = [:]
    private var reported: Set<FilePath> = []

    /// Remembers nothing yet.
    package init(settleNanoseconds: Int64, triggeredKinds: Set<DocumentKind> = []) {
        self.settleNanoseconds = settleNanoseconds
        self.triggeredKinds = triggeredKinds
    }

    /// The files of a listing that are ready, in its order; `now` is in nanoseconds of any steady clock.
    ///
    /// `hints` are the paths that events named since the last call.
    package mutating func ready(
        in listing: SpoolListing, hints: Set<FilePath>, at now: Int64
    ) -> [IncomingFile] {
        var kept: [FilePath: Entry] = [:]
        var ready: [IncomingFile] = []
        for file in listing.files {
            var entry = Entry(facts: file.facts, since: now)
            if let former = seen[file.path] {
                if former.facts == file.facts { entry.since = former.since }
                entry.heldUntil = former.heldUntil
                entry.openSince = former.openSince
                entry.isOpenTold = former.isOpenTold
            }
            entry.settles = !waitsForTrigger(file)
            let isWhole =
                file.trigger != nil || hints.contains(file.path)
                || now - entry.since >= settleNanoseconds
            entry.isReady = entry.settles && isWhole && now >= entry.heldUntil
            if entry.isReady { ready.append(file) }
            // A ready file is remembered too: a claim may fail and be tried again.
            kept[file.path] = entry
        }
        seen = kept
        return ready
    }

    /// Whether nothing but a trigger can make a file ready.
    package func waitsForTrigger(_ file: IncomingFile) -> Bool {
        triggeredKinds.contains(file.kind) && file.trigger == nil
    }

    /// Leaves a file alone until then: its claim was refused.
    package mutating func hold(_ file: IncomingFile, until moment: Int64) {
        seen[file.path]?.heldUntil = moment
        seen[file.path]?.isReady = false
    }

    /// Leaves a file alone for the settle time, at least 0.2 s, because its writer has it open.
    ///
    /// Returns true once, when that has gone on for a minute and an operator should know.
    package mutating func holdOpen(_ file: IncomingFile, at now: Int64) -> Bool {
        guard var entry = seen[file.path] else { return false }
        entry.heldUntil = now + max(settleNanoseconds, 200_000_000)
        entry.isReady = false
        let since = entry.openSince ?? now
        entry.openSince = since
        let isDue = !entry.isOpenTold && now - since >= 60_000_000_000
        if isDue { entry.isOpenTold = true }
        seen[file.path] = entry
        return isDue
    }

    /// When the first file that settled at the last listing is ready, if none changes; nil when none did.
    ///
    /// That may be before now: a file's time may have run out while others were in hand.
    package var nextReady: Int64? {
        seen.values.filter { !$0.isReady && $0.settles }
            .map { max($0.since + settleNanoseconds, $0.heldUntil) }.min()
    }

    /// The directories of a listing that have not been reported before.
    package mutating func unreportedDirectories(in listing: SpoolListing) -> [IncomingFile] {
        let present = Set(listing.directories.map(\.path))
        let new = listing.directories.filter { !reported.contains($0.path) }
        reported = present
        return new
    }
}
