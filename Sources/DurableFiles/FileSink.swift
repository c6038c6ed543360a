// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A file that is being written, in parts, from front to back.
///
/// It is valid only inside the function that it was given to.
package struct FileSink {
    let descriptor: Int32
    let path: FilePath

    /// Writes bytes after those before.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = retryingInterrupted {
                Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count >= 0 else { throw FileError(.write, path) }
            written += count
        }
    }
}
