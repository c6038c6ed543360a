// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
import Foundation

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

    /// Looks at a spool and makes the directories that it lacks, with mode 0750.
    ///
    /// Throws ``DurableFiles/FileError`` when one cannot be made.
    package init(
        root: FilePath, files: any FileOperations = DiskFiles()
    ) throws(FileError) {
        self.root = root
        self.files = files
        for kind in DocumentKind.allCases { try files.makeDirectory(incoming(kind)) }
        for directory in [processing, done, failed] { try files.makeDirectory(directory) }
    }

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
    package func scan() throws(FileError) -> SpoolListing {
        var listing = SpoolListing()
        for kind in DocumentKind.allCases {
            let directory = incoming(kind)
            for name in try files.names(in: directory) where !SpoolListing.isIgnored(name) {
                let path = directory.appending(name)
                guard let facts = try files.facts(of: path) else { continue }
                let file = IncomingFile(path: path, kind: kind, name: name, facts: facts)
                switch facts.kind {
                case .regularFile: listing.files.append(file)
                case .directory: listing.directories.append(file)
                case .symbolicLink, .special: listing.unsuitable.append(file)
                }
            }
        }
        listing.files.sort { left, right in
            (left.facts.modifiedNanoseconds, left.name)
                < (right.facts.modifiedNanoseconds, right.name)
        }
        return listing
    }

    /// The bytes that may still be written to the spool's file system.
    package func freeBytes() throws(FileError) -> UInt64 { try files.freeBytes(at: root) }
}
