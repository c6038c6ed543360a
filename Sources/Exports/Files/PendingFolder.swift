// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation

/// A folder of files under a temporary name beside its place, which appears whole.
///
/// Where a folder stands at its place already, it is used if it is empty or its files may be replaced: each
/// file then comes there by one rename. Without ``place()`` it is removed with the value.
package final class PendingFolder {
    private let target: FilePath
    private let temporary: FilePath
    private let replacing: Bool
    private var names: [String] = []
    /// Files that were written at once, and are not on the disk yet.
    private var unflushed: [FilePath] = []

    /// Begins a folder; throws `ExportError.folderInUse` for one with something in it, unless files of the
    /// same name are to be replaced.
    package init(for target: FilePath, replacing: Bool) throws(ExportError) {
        (self.target, self.replacing) = (target, replacing)
        let name = target.lastName?.escaped ?? "export"
        temporary = target.parent.appending(".\(name).\(UUID().uuidString.prefix(8)).tmp")
        let isInUse: Bool
        do throws(FileError) {
            let isThere = try DiskFiles().facts(of: target) != nil
            isInUse = isThere ? try !DiskFiles().names(in: target).isEmpty : false
            try DiskFiles().makeDirectory(temporary)
        } catch {
            throw .file(error)
        }
        if isInUse, !replacing { throw .folderInUse(folder: target.description) }
    }

    deinit {
        try? FileManager.default.removeItem(
            atPath: temporary.text ?? temporary.description)
    }

    /// Begins a file of the folder, which must be placed in it before the folder is.
    package func file(_ name: String) throws(ExportError) -> PendingFile {
        names.append(name)
        return try PendingFile(for: temporary.appending(name), replacing: false)
    }

    /// Writes a file of the folder at once; of many small ones each would take longer by itself.
    package func write(_ text: String, to name: String) throws(ExportError) {
        let path = temporary.appending(name)
        let isWritten = FileManager.default.createFile(
            atPath: path.text ?? path.description, contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o640])
        guard isWritten else {
            throw .file(FileError(.write, path, errno: errno == 0 ? EIO : errno))
        }
        names.append(name)
        unflushed.append(path)
    }

    /// Gives the folder, or its files in a folder that is there, their names.
    package func place() throws(ExportError) {
        do throws(FileError) {
            for path in unflushed { try DiskFiles().flush(path) }
            if try DiskFiles().facts(of: target) == nil {
                return try DiskFiles().move(temporary, to: target)
            }
            for name in names {
                let (old, new) = (temporary.appending(name), target.appending(name))
                if replacing {
                    try DiskFiles().replace(new, with: old)
                } else {
                    try DiskFiles().move(old, to: new)
                }
            }
        } catch {
            if error.errno == EEXIST { throw .folderInUse(folder: target.description) }
            throw .file(error)
        }
    }
}
