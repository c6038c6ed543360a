// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// Decides which files of a listing their producers have finished.
///
/// A file is ready at once when the kernel said that it was renamed in or closed after writing, and
/// otherwise when its size, time and inode have stayed the same for the settle time. This is a plain
/// value with the time as an argument, so it is tested without a clock.
package struct ReadinessTracker: Sendable {
    /// How long a file must stay the same, in nanoseconds.
    package let settleNanoseconds: Int64
    private var seen: [FilePath: (facts: FileFacts, since: Int64, isReady: Bool)] = [:]
    private var reported: Set<FilePath> = []

    /// Remembers nothing yet.
    package init(settleNanoseconds: Int64) { self.settleNanoseconds = settleNanoseconds }

    /// The files of a listing that are ready, in its order; `now` is in nanoseconds of any steady clock.
    ///
    /// `hints` are the paths that events named since the last call.
    package mutating func ready(
        in listing: SpoolListing, hints: Set<FilePath>, at now: Int64
    ) -> [IncomingFile] {
        var kept: [FilePath: (facts: FileFacts, since: Int64, isReady: Bool)] = [:]
        var ready: [IncomingFile] = []
        for file in listing.files {
            let since = seen[file.path].flatMap { $0.facts == file.facts ? $0.since : nil } ?? now
            let isReady = hints.contains(file.path) || now - since >= settleNanoseconds
            if isReady { ready.append(file) }
            // A ready file is remembered too: a claim may fail and be tried again.
            kept[file.path] = (file.facts, since, isReady)
        }
        seen = kept
        return ready
    }

    /// When the first file that settled at the last listing is ready, if none changes; nil when none did.
    ///
    /// That may be before now: a file's time may have run out while others were in hand.
    package var nextReady: Int64? {
        seen.values.filter { !$0.isReady }.map { $0.since + settleNanoseconds }.min()
    }

    /// The directories of a listing that have not been reported before.
    package mutating func unreportedDirectories(in listing: SpoolListing) -> [IncomingFile] {
        let present = Set(listing.directories.map(\.path))
        let new = listing.directories.filter { !reported.contains($0.path) }
        reported = present
        return new
    }
}
