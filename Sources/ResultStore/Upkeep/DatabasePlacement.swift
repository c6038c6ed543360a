// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
import GRDB
import Glibc

/// Puts a database into the place of another, also while programs have that one open.
///
/// The old one stays beside it under a dated name, with all that was committed to it. A daemon that has
/// it open notices before it takes anything for recorded, and goes on with the new one.
package struct DatabasePlacement {
    private let place: FilePath
    private let date: String
    private let patience: Double
    private let files = DiskFiles()

    /// Describes the exchange of what stands at `path`, or at the end of the links there; `patience` is
    /// how many seconds other programs may keep it from being locked.
    ///
    /// Throws `StoreError.noFolder`.
    package init(at path: FilePath, patience: Double = 10) throws(StoreError) {
        do {
            guard try files.identity(of: path.parent) != nil else {
                throw StoreError.noFolder(file: path.description)
            }
            let place = try files.identity(of: path) == nil ? path : files.resolved(path)
            let now = fileDate()
            var date = now
            var number = 1
            // Two exchanges may fall into one second.
            while try files.identity(of: Self.dated(place, date)) != nil {
                number += 1
                date = "\(now)-\(number)"
            }
            (self.place, self.date) = (place, date)
        } catch {
            throw StoreError(error, of: path.description)
        }
        self.patience = patience
    }

    /// Puts a checked copy into place; gives the path that the old database has now, nil if there was
    /// none.
    ///
    /// Throws ``StoreError``, `.busy` for one that other programs do not let go of; the copy is
    /// removed then, and the old database is where it was.
    package func put(_ copy: DatabaseCopy) throws(StoreError) -> FilePath? {
        do {
            guard try files.identity(of: place) != nil else {
                try files.takeOwner(of: place.parent, for: copy.path)
                try setLogAside()
                try files.move(copy.path, to: place)
                return nil
            }
            try files.takeOwner(of: place, for: copy.path)
            if try !exchangeUnderLock(copy) {
                try setLogAside()
                try exchange(copy)
            }
            return kept
        } catch {
            copy.remove()
            throw StoreError(error, of: place.description)
        }
    }

    /// Where the old database stays.
    private var kept: FilePath { Self.dated(place, date) }

    private static func dated(_ path: FilePath, _ date: String) -> FilePath {
        FilePath(bytes: path.bytes + Array(".\(date)".utf8))
    }

    /// Exchanges the files while nobody can commit to the old one, whose log is empty then; false if the
    /// old one is too damaged for that.
    private func exchangeUnderLock(_ copy: DatabaseCopy) throws -> Bool {
        do {
            var configuration = GRDB.Configuration()
            configuration.busyMode = .timeout(patience)
            let old = try DatabaseQueue(
                path: place.text ?? place.description, configuration: configuration)
            for _ in 0..<10 {
                let isDone = try old.writeWithoutTransaction { database in
                    _ = try database.checkpoint(.truncate)
                    var isDone = false
                    try database.inTransaction(.immediate) {
                        // Somebody may have committed between the two.
                        if try isLogEmpty() {
                            try exchange(copy)
                            try removeEmptyLog()
                            isDone = true
                        }
                        return .rollback
                    }
                    return isDone
                }
                if isDone { return true }
            }
            throw StoreError.busy
        } catch {
            guard case .damaged = StoreError(error, of: place.description) else { throw error }
            return false
        }
    }

    private func isLogEmpty() throws(FileError) -> Bool {
        try files.facts(of: DatabaseFiles.log(beside: place)).map { $0.size == 0 } ?? true
    }

    /// There is a database at the place at every moment, where the file system knows hard links.
    private func exchange(_ copy: DatabaseCopy) throws(FileError) {
        var isLinked = true
        do throws(FileError) {
            try files.link(place, to: kept)
        } catch {
            guard [EPERM, EOPNOTSUPP, EMLINK, ENOSYS].contains(error.errno) else { throw error }
            isLinked = false
            try files.move(place, to: kept)
        }
        do throws(FileError) {
            try files.replace(place, with: copy.path)
        } catch {
            if isLinked { try files.remove(kept) } else { try files.move(kept, to: place) }
            throw error
        }
    }

    private func removeEmptyLog() throws(FileError) {
        try files.remove(DatabaseFiles.log(beside: place))
        try files.remove(DatabaseFiles.index(beside: place))
    }

    /// Moves the log of a damaged or lost database out of the way of the new one.
    private func setLogAside() throws(FileError) {
        let log = DatabaseFiles.log(beside: place)
        if try files.identity(of: log) != nil {
            try files.move(log, to: FilePath(bytes: kept.bytes + Array("-wal".utf8)))
        }
        try files.remove(DatabaseFiles.index(beside: place))
    }
}
