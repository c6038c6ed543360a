// SPDX-License-Identifier: Apache-2.0

/// Why a rebuild of the database stopped before its end; run again, it goes on from there.
package enum RebuildError: Error, Hashable, Sendable {
    /// A file cannot be recorded now, for a reason that passes.
    case waits(reason: String)
}
