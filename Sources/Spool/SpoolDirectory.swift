// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
import Foundation
import Glibc

/// The spool on disk: the directory is the state, and a move is the transition.
///
/// ```
/// incoming/KIND/ ──claim──► processing/ ──finish──► done/YYYY-MM-DD/
///                                       └──fail───► failed/NAME and failed/NAME.error.json
/// ```
/// Each move is durable when it returns. Nothing is kept in memory, so any number of these values may
/// look at one spool; only one daemon may change it (see ``DurableFiles/InstanceLock``).
package struct SpoolDirectory: Sendable {
    /// The directory that holds the four states.
    package let root: FilePath
    let files: any FileOperations

    /// The directory that stood at ``root`` when this value was made.
    private let identity: FileFacts?

    /// File operations that follow no link out of a spool.
    package static var ownFiles: DiskFiles { DiskFiles(refusingLinkedDirectories: true) }

    /// Looks at a spool and makes the directories that it lacks, with mode 0750.
    ///
    /// Throws ``DurableFiles/FileError`` when the spool itself cannot be made. Of a folder in it that cannot
    /// be made, or in whose place something else lies, tells whatever needs that folder.
    package init(
        root: FilePath, files: any FileOperations = Self.ownFiles
    ) throws(FileError) {
        self.root = root
        self.files = files
        var found = try Self.directory(root, files)
        if found == nil {
            try files.makeDirectory(root)
            found = try Self.directory(root, files)
        }
        identity = found
        makeFolders(includingIncoming: true)
    }

    /// Makes the folders that are lacking, if the spool is still the directory that it was.
    ///
    /// Those of the producers are only made when asked for: whoever exchanges one is not to be forestalled.
    /// Throws ``SpoolFault`` when it is gone or another stands in its place, as when a file system was
    /// unmounted: then nothing is made, so that no document is dropped into a spool beneath the real one.
    package func mend(remakingIncoming: Bool) throws {
        guard let found = try Self.directory(root, files) else { throw SpoolFault.gone(root) }
        guard found.inode == identity?.inode, found.device == identity?.device else {
            throw SpoolFault.replaced(root)
        }
        makeFolders(includingIncoming: remakingIncoming)
    }

    private func makeFolders(includingIncoming: Bool) {
        // What cannot be made is told where it is needed: the other folders are not to suffer.
        for directory in [processing, done, failed] { try? makeFolder(directory) }
        guard includingIncoming else { return }
        try? makeFolder(incoming)
        guard isOwnDirectory(incoming) else { return }
        for kind in DocumentKind.allCases { try? makeFolder(incoming(kind)) }
    }

    /// Makes a folder of the spool, and never the spool itself: throws `ENOENT` when that is gone.
    func makeFolder(_ path: FilePath) throws(FileError) {
        try files.makeDirectory(path, makingParents: false)
    }

    private func isOwnDirectory(_ path: FilePath) -> Bool {
        (try? files.facts(of: path))?.kind == .directory
    }

    /// What stands at a path that may be a link to a directory; nil when it is no directory.
    private static func directory(
        _ path: FilePath, _ files: any FileOperations
    ) throws(FileError) -> FileFacts? {
        do throws(FileError) {
            return try files.facts(of: path.appending("."))
        } catch {
            if error.errno == ENOTDIR { return nil }
            throw error
        }
    }

    /// The folder that holds those of the producers.
    var incoming: FilePath { root.appending("incoming") }

    /// Where producers of one kind drop files.
    package func incoming(_ kind: DocumentKind) -> FilePath {
        root.appending("incoming/\(kind.rawValue)")
    }

    /// The folders in which producers' files appear, for a watcher.
    package var watchedDirectories: [FilePath] { DocumentKind.allCases.map(incoming) }

    /// Where claimed files lie.
    package var processing: FilePath { root.appending("processing") }
    /// Where recorded files go, one directory a day.
    package var done: FilePath { root.appending("done") }
    /// Where files go that cannot become documents, each with its reason.
    package var failed: FilePath { root.appending("failed") }

    /// What lies in `incoming/`, oldest first, without the names that are not looked at.
    ///
    /// A folder that cannot be listed is told in the listing and keeps the others from nothing.
    package func scan() -> SpoolListing {
        var listing = SpoolListing()
        for kind in DocumentKind.allCases {
            do throws(FileError) {
                try list(kind, into: &listing)
            } catch {
                listing.refused[kind] = error
            }
        }
        listing.files.sort { left, right in
            (left.facts.modifiedNanoseconds, left.name)
                < (right.facts.modifiedNanoseconds, right.name)
        }
        return listing
    }

    private func list(_ kind: DocumentKind, into listing: inout SpoolListing) throws(FileError) {
        if let facts = try files.facts(of: incoming), facts.kind != .directory {
            let code = facts.kind == .symbolicLink ? ELOOP : ENOTDIR
            throw FileError(.list, incoming, errno: code)
        }
        let directory = incoming(kind)
        var found: [IncomingFile] = []
        var triggers: [FileName: FileFacts] = [:]
        for name in try files.names(in: directory) where !SpoolListing.isIgnored(name) {
            let path = directory.appending(name)
            guard let facts = try files.facts(of: path) else { continue }
            if SpoolListing.isTrigger(name, facts) {
                triggers[name] = facts
            } else {
                found.append(IncomingFile(path: path, kind: kind, name: name, facts: facts))
            }
        }
        for var file in found {
            switch file.facts.kind {
            case .regularFile:
                // A trigger that is older than the last change of its file is of a former one.
                if let name = SpoolListing.trigger(of: file.name), let facts = triggers[name],
                    facts.changedNanoseconds >= file.facts.changedNanoseconds
                {
                    file.trigger = directory.appending(name)
                }
                listing.files.append(file)
            case .directory: listing.directories.append(file)
            case .symbolicLink, .special: listing.unsuitable.append(file)
            }
        }
    }

    /// The bytes that may still be written to the spool's file system.
    package func freeBytes() throws(FileError) -> UInt64 { try files.freeBytes(at: root) }
}
