// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Faults
import Glibc

extension FileError: Explained {
    /// What failed, where and why.
    package var explanation: String {
        "cannot \(operation.rawValue) \(path): \(reason) (\(symbol))"
    }

    /// The same for places where names of files must not be seen.
    package var explanationWithoutPath: String {
        "cannot \(operation.rawValue) (path withheld): \(reason) (\(symbol))"
    }

    /// What the machine may do later is tried again; else what cannot be opened is not there.
    package var disposition: Disposition {
        switch operation {
        case .lock where isTemporary: .tryAgain
        case .open, .examine, .list: isTemporary ? .inputOutput(mayPass: true) : .noInput
        default: .inputOutput(mayPass: isTemporary)
        }
    }

    private var reason: String {
        switch (operation, errno) {
        case (.read, EFBIG): return "larger than the limit"
        case (.lock, EWOULDBLOCK): return "another process holds it"
        case (_, EBADFD): return "not a regular file"
        case (_, ELOOP): return "a symbolic link, which is not followed"
        default:
            guard let text = strerrordesc_np(errno) else { return "unknown error" }
            return String(cString: text)
        }
    }
}
