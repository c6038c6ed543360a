// SPDX-License-Identifier: Apache-2.0
package import Faults

extension SpoolFault: Explained {
    /// What is the matter, and what ends it.
    package var explanation: String {
        switch self {
        case .gone(let path):
            "the spool \(path) is gone; nothing is made in its place, documents wait until it is back"
        case .replaced(let path):
            "another directory stands at \(path) than at the start; documents wait until the former is "
                + "back (is its file system mounted?) or the daemon is restarted"
        }
    }

    /// It may come back.
    package var disposition: Disposition { .tryAgain }
}
