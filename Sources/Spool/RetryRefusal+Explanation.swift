// SPDX-License-Identifier: Apache-2.0
package import Faults

extension RetryRefusal: Explained {
    /// Why a file stays in `failed/`; which one, is the caller's to say.
    package var explanation: String {
        switch self {
        case .absent: "no such file in failed/"
        case .kindUnknown:
            "no reason beside it says its kind; move it into incoming/ by hand"
        case .ignoredName:
            "a file of such a name is not read; copy it into incoming/ under another one, and remove it here"
        case .notRegular: "not a regular file"
        case .unreadable(_, let detail):
            "some of its records are recorded, and it cannot be told which: \(detail)"
        case .nothingLeft: "all of its records are recorded; remove it"
        }
    }

    /// There is no such file to put back.
    package var disposition: Disposition { .noInput }
}
