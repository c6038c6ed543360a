// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
package import Foundation

/// A file under a temporary name beside its place, which it takes when it is whole and on the disk.
///
/// Mode 0640 less the umask, or 0600. Without ``place(replacing:)`` it is removed with the value.
package final class PendingFile {
    private let target: FilePath
    private let file: AppendedFile
    private var buffer = Data()
    private var isPlaced = false

    /// How many bytes are written at once.
    private static let blockSize = 1 << 18

    /// Begins a file, for its owner alone where it is private; throws `ExportError.exists` for a name that is
    /// taken, unless it is to be replaced.
    package init(
        for target: FilePath, replacing: Bool, isPrivate: Bool = false
    ) throws(ExportError) {
        self.target = target
        let name = target.lastName?.escaped ?? "export"
        let isThere: Bool
        do throws(FileError) {
            isThere = try DiskFiles().facts(of: target) != nil
            file = try AppendedFile(
                target.parent.appending(".\(name).\(UUID().uuidString.prefix(8)).tmp"),
                isPrivate: isPrivate)
        } catch {
            throw .file(error)
        }
        if isThere, !replacing { throw .exists(file: target.description) }
    }

    deinit { if !isPlaced { try? DiskFiles().remove(file.path) } }

    /// Writes after what was written before.
    package func append(_ content: Data) throws(ExportError) {
        buffer += content
        if buffer.count >= Self.blockSize { try drain() }
    }

    /// Writes text as UTF-8.
    package func append(_ text: String) throws(ExportError) { try append(Data(text.utf8)) }

    /// Gives the file its name once its content is on the disk; another of that name is replaced or, where
    /// that is not wanted, stays, and `ExportError.exists` is thrown.
    package func place(replacing: Bool) throws(ExportError) {
        try drain()
        do throws(FileError) {
            try file.flush()
            if replacing {
                try DiskFiles().replace(target, with: file.path)
            } else {
                try DiskFiles().move(file.path, to: target)
            }
        } catch {
            if error.errno == EEXIST { throw .exists(file: target.description) }
            throw .file(error)
        }
        isPlaced = true
    }

    private func drain() throws(ExportError) {
        do throws(FileError) { try file.append(buffer) } catch { throw .file(error) }
        buffer.removeAll(keepingCapacity: true)
    }
}
