// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// A folder that is filled beside its final place and then takes it.
package enum NewFolder {
    /// Lets `fill` write into an empty folder and moves it to `folder`; where anything throws, `folder`
    /// is as it was.
    ///
    /// Throws `FileError` with `EEXIST` where something is there and `replaces` is false. Something that
    /// is replaced is moved aside first: for a moment there is neither.
    package static func write(
        to folder: URL, replaces: Bool, _ fill: (URL) throws -> Void
    ) throws {
        let (disk, target) = (DiskFiles(), FilePath(folder))
        func neighbour(_ suffix: String) -> FilePath {
            let random = String(UInt64.random(in: .min ... .max), radix: 36)
            return target.parent.appending(".\(random).\(suffix)")
        }
        let exists = try disk.facts(of: target) != nil
        guard !exists || replaces else { throw FileError(.makeDirectory, target, errno: EEXIST) }
        let temporary = neighbour("tmp")
        let place = URL(filePath: String(decoding: temporary.bytes, as: UTF8.self))
        defer { try? FileManager.default.removeItem(at: place) }
        try disk.makeDirectory(temporary)
        try fill(place)
        guard exists else { return try disk.move(temporary, to: target) }
        let old = neighbour("old")
        try disk.move(target, to: old)
        do {
            try disk.move(temporary, to: target)
        } catch {
            try? disk.move(old, to: target)
            throw error
        }
        try FileManager.default.removeItem(
            at: URL(filePath: String(decoding: old.bytes, as: UTF8.self)))
    }
}
