// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// Why a spool cannot be worked on although it was opened before.
package enum SpoolFault: Error, Hashable, Sendable {
    /// There is no directory at its path any more.
    case gone(FilePath)
    /// Another directory stands at its path, as when a file system was unmounted or mounted over it.
    case replaced(FilePath)
}
