// SPDX-License-Identifier: Apache-2.0
package import Faults

extension UnpackingError: Explained {
    /// The file and what libarchive says of it.
    package var explanation: String {
        switch self {
        case .cannotOpen(let file, let reason): "cannot open \(file): \(reason)"
        case .damaged(let file, let reason): "\(file) cannot be unpacked: \(reason)"
        }
    }

    /// The file is missing or at fault.
    package var disposition: Disposition {
        switch self {
        case .cannotOpen: .noInput
        case .damaged: .badData
        }
    }
}
