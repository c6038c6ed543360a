// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Spool
import TestSupport

/// A spool in a directory that goes with the test.
final class TemporarySpool {
    let root: FilePath
    let spool: SpoolDirectory
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        root = FilePath(folder.url)
        spool = try SpoolDirectory(root: root)
    }

    /// Drops a file as a producer does, by rename.
    @discardableResult
    func drop(
        _ content: String, _ name: FileName, kind: DocumentKind = .nursing
    ) throws -> IncomingFile {
        let path = spool.incoming(kind).appending(name)
        try DiskFiles().write(Data(content.utf8), to: path)
        let found = spool.scan().files.first { $0.path == path }
        guard let found else { throw CocoaError(.fileNoSuchFile) }
        return found
    }

    /// Every file below the spool but reasons, as `directory/name`, with `done/*` for every day.
    func files() throws -> [String] {
        let disk = DiskFiles()
        var found: [String] = []
        var open: [(FilePath, String)] = [(root, "")]
        while let (directory, shown) = open.popLast() {
            for name in try disk.names(in: directory) {
                let path = directory.appending(name)
                if try disk.facts(of: path)?.kind == .directory {
                    let isDay = shown == "done/"
                    open.append((path, shown + (isDay ? "*" : name.escaped) + "/"))
                } else if !name.escaped.hasSuffix(SpoolDirectory.reasonEnding) {
                    found.append(shown + name.escaped)
                }
            }
        }
        return found.sorted()
    }
}

/// A name that the test knows to be one.
func named(_ text: String) throws -> FileName {
    guard let name = FileName(text) else { throw CocoaError(.fileReadInvalidFileName) }
    return name
}
