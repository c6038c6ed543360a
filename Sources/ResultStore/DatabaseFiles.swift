// SPDX-License-Identifier: Apache-2.0
import DurableFiles

/// Which files a connection writes to: the database, its log and the log's index, as they were found
/// when it was opened.
///
/// What SQLite writes to a file that was deleted or moved away goes wherever that file went, or nowhere.
struct DatabaseFiles: Sendable {
    /// The path that was opened.
    let path: FilePath
    private let database: FileIdentity
    private let log: FileIdentity?
    private let index: FileIdentity?
    /// Where SQLite looks for log and index: beside the file itself, wherever a link to it stands.
    private let place: FilePath

    /// What has happened to the files since.
    enum Change: Hashable {
        /// The database's path leads to nothing.
        case gone
        /// The database's path leads to another file.
        case replaced
        /// The database is where it was, but another log or none is beside it.
        case logLost
    }

    /// Notes the files at the path of a database that is open; nil if there is none any more.
    init?(of path: FilePath) throws(FileError) {
        let files = DiskFiles()
        guard let database = try files.identity(of: path) else { return nil }
        (self.path, self.database) = (path, database)
        place = try files.resolved(path)
        log = try files.identity(of: Self.log(beside: place))
        index = try files.identity(of: Self.index(beside: place))
    }

    /// Where the write-ahead log of a database lies.
    static func log(beside database: FilePath) -> FilePath {
        FilePath(bytes: database.bytes + Array("-wal".utf8))
    }

    /// Where the index of the write-ahead log lies, which every connection maps.
    static func index(beside database: FilePath) -> FilePath {
        FilePath(bytes: database.bytes + Array("-shm".utf8))
    }

    /// What has happened since; nil if nothing has.
    func change() throws(FileError) -> Change? {
        let files = DiskFiles()
        guard let now = try files.identity(of: path) else { return .gone }
        guard now == database else { return .replaced }
        guard try files.identity(of: Self.log(beside: place)) == log,
            try files.identity(of: Self.index(beside: place)) == index
        else { return .logLost }
        return nil
    }

    /// Takes the log and index of this database away from whatever stands at its place now, which they
    /// would destroy.
    ///
    /// A log whose content has not reached the database (`isCopied`) is kept under a dated name.
    func removeLog(isCopied: Bool, date: String) throws(FileError) {
        let files = DiskFiles()
        let (log, index) = (Self.log(beside: place), Self.index(beside: place))
        if let own = self.log, try files.identity(of: log) == own {
            if isCopied {
                try files.remove(log)
            } else {
                let kept = FilePath(bytes: log.bytes + Array(".\(date)".utf8))
                try files.move(log, to: kept)
            }
        }
        if let own = self.index, try files.identity(of: index) == own { try files.remove(index) }
    }
}
