// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ReviewServerError: Explained {
    /// The port, and what the system says.
    package var explanation: String {
        switch self {
        case .cannotListen(let port, let reason):
            "cannot listen on port \(port) of this machine: \(reason); name another with --port"
        }
    }

    /// Another port may be free, or this one later.
    package var disposition: Disposition { .unavailable }
}
