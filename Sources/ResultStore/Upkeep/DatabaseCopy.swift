// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import GRDB

/// A whole copy of a database in one file beside the place that it is meant for, checked and on the disk.
///
/// It is made by SQLite's backup interface from one moment's state, while others read and write the
/// source. It has no log of its own, so it may be moved, also to where nothing can be written.
package struct DatabaseCopy: Sendable {
    /// Where the copy lies, under a name that begins with a dot.
    package let path: FilePath
    /// What is in it.
    package let check: DatabaseCheck

    /// How many pages are copied between two calls of `progress`.
    private static let pagesPerStep: CInt = 512

    /// Copies a database; `progress` is told the share that is done, 0 to 1.
    ///
    /// Throws `StoreError.damaged` if the copy has a fault, which is the source's; nothing is left then.
    package init(
        of source: FilePath, for place: FilePath, progress: @escaping (Double) -> Void = { _ in }
    ) throws(StoreError) {
        let name = place.lastName?.escaped ?? "database"
        path = place.parent.appending(".\(name).\(UUID().uuidString.prefix(8)).tmp")
        do {
            guard try DiskFiles().identity(of: source) != nil else {
                throw StoreError.cannotOpen(file: source.description, detail: "no such file")
            }
            try DiskFiles().makeFile(path)
            try Self.copy(source, to: path, progress: progress)
            check = try DatabaseCheck(of: path)
            if let fault = check.faults.first {
                throw fault.check == "schema"
                    ? StoreError.cannotOpen(file: source.description, detail: fault.detail)
                    : StoreError.damaged(file: source.description, code: 11)
            }
            try DiskFiles().flush(path)
        } catch {
            Self.remove(path)
            throw StoreError(error, of: source.description)
        }
    }

    /// Moves the copy to a name that nothing has.
    ///
    /// Throws `StoreError.file` with `EEXIST` if something has it; the copy is removed then.
    package func move(to place: FilePath) throws(StoreError) {
        do throws(FileError) {
            try DiskFiles().move(path, to: place)
        } catch {
            remove()
            throw .file(error)
        }
    }

    /// Removes the copy.
    package func remove() { Self.remove(path) }

    private static func remove(_ path: FilePath) {
        for ending in ["", "-journal", "-wal", "-shm"] {
            try? DiskFiles().remove(FilePath(bytes: path.bytes + Array(ending.utf8)))
        }
    }

    private static func copy(
        _ source: FilePath, to target: FilePath, progress: @escaping (Double) -> Void
    ) throws {
        let from = try ReadingConnection(to: source)
        let to = try DatabaseQueue(path: target.text ?? target.description)
        try from.read { source in
            // The first read fixes the state that is copied, however long that takes.
            _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM sqlite_master")
            try to.writeWithoutTransaction { target in
                try source.backup(to: target, pagesPerStep: pagesPerStep) { step in
                    let total = Double(max(1, step.totalPageCount))
                    progress(Double(step.completedPageCount) / total)
                }
                try target.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        try to.close()
    }
}
