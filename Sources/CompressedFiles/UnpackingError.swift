// SPDX-License-Identifier: Apache-2.0

/// Why a file that may be compressed is not read.
package enum UnpackingError: Error, Hashable, Sendable {
    /// It is not there, or may not be read.
    case cannotOpen(file: String, reason: String)
    /// What it holds cannot be unpacked, or ends too soon.
    case damaged(file: String, reason: String)
}
