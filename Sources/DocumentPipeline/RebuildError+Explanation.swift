// SPDX-License-Identifier: Apache-2.0
package import Faults

extension RebuildError: Explained {
    /// Why, and that it may go on.
    package var explanation: String {
        switch self {
        case .waits(let reason): "\(reason); run the same again, and it goes on from there"
        }
    }

    /// The reason passes.
    package var disposition: Disposition { .tryAgain }
}
