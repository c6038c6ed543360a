// SPDX-License-Identifier: Apache-2.0
import FlyingSocks

/// Why the page is not served.
package enum ReviewServerError: Error, Hashable, Sendable {
    /// The port cannot be listened on; with the words of the system.
    case cannotListen(port: UInt16, reason: String)

    init(_ error: any Error, _ port: UInt16) {
        if case .failed(_, _, let message)? = error as? SocketError {
            self = .cannotListen(port: port, reason: message)
        } else {
            self = .cannotListen(port: port, reason: "the server ended")
        }
    }
}
