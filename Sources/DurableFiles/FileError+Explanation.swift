// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Faults
import Glibc

extension FileError: Explained {
    /// What failed, where and why.
    package var explanation: String {
        "cannot \(operation.rawValue) \(path): \(reason)"
    }

    /// The same for places where names of files must not be seen.
    package var explanationWithoutPath: String {
        "cannot \(operation.rawValue) (path withheld): \(reason)"
    }

    /// What the machine may do later is tried again; else what cannot be opened is not there.
    package var disposition: Disposition {
        switch operation {
        case .lock where isTemporary: .tryAgain
        case .open, .examine, .list: isTemporary ? .inputOutput(mayPass: true) : .noInput
        default: .inputOutput(mayPass: isTemporary)
        }
    }

    /// What helps where the file is one of a model.
    package var adviceForModels: String {
        switch errno {
        case ENOENT, ENOTDIR, EISDIR, EBADFD:
            "; see whether the path is right and the model was copied or downloaded whole"
        case EACCES, EPERM: "; give this user the right to read it (chmod, chown)"
        default: ""
        }
    }

    private var reason: String {
        switch (operation, errno) {
        case (.read, EFBIG): return "larger than the limit (\(symbol))"
        case (.lock, EWOULDBLOCK): return "another process holds it (\(symbol))"
        // The number is borrowed, and its symbol would mislead.
        case (_, EBADFD): return "not a regular file"
        case (.open, EISDIR), (.read, EISDIR): return "a folder is in its place (\(symbol))"
        case (_, ELOOP): return "a symbolic link, which is not followed (\(symbol))"
        default:
            let text = strerrordesc_np(errno).map { String(cString: $0) } ?? "unknown error"
            return "\(text) (\(symbol))"
        }
    }
}
