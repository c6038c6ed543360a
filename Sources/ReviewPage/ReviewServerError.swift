// SPDX-License-Identifier: Apache-2.0

/// Why the page is not served.
package enum ReviewServerError: Error, Hashable, Sendable {
    /// The port cannot be listened on; with the words of the system.
    case cannotListen(port: UInt16, reason: String)
}
