// SPDX-License-Identifier: Apache-2.0
package import Faults

extension BatchError: Explained {
    /// File and line.
    package var explanation: String {
        switch self {
        case .request(let file, let line):
            "\(file), line \(line): it is no request that batch export wrote; name its file with --requests"
        }
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}
