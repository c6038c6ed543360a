// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
package import Foundation

/// A file that the daemon has taken out of `incoming/`: it lies in `processing/` and no producer has it.
package struct ClaimedFile: Hashable, Sendable {
    /// Where it lies now.
    package let path: FilePath
    /// The folder below `incoming/` that it came from.
    package let kind: DocumentKind
    /// The name that its producer gave it; show ``FileName/escaped``, never the bytes.
    ///
    /// After a restart this is what the claim's name still says: a name too long for that is cut and
    /// ends in `~` and eight digits of its SHA-256 (see ``ClaimName``).
    package let originalName: FileName
    /// The name that identifies the file in the database: what the claim's name says of the original,
    /// so that it is the same before and after a restart.
    package var recordedName: FileName {
        path.lastName.flatMap(ClaimName.init)?.original ?? originalName
    }
    /// Its size in bytes when it was claimed.
    package let size: Int
    /// When it was claimed, to the millisecond.
    package let claimedAt: Date
    /// How often it has been begun, this time included: 1 at the first attempt. Only times that ended with
    /// the daemon count, and of those only where nothing else was in hand.
    package let attempt: Int

    /// States a claim; the spool does this, and tests of what follows it.
    package init(
        path: FilePath, kind: DocumentKind, originalName: FileName, size: Int, claimedAt: Date,
        attempt: Int
    ) {
        self.path = path
        self.kind = kind
        self.originalName = originalName
        self.size = size
        self.claimedAt = claimedAt
        self.attempt = attempt
    }
}
