// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import TestSupport
import Testing

@Suite("Locks of running programs")
struct InstanceLockTests {
    @Test("one at a time has a file or a directory")
    func excludes() throws {
        let folder = try TemporaryFolder()
        let path = FilePath(folder["lock"])
        let held = try InstanceLock(path)
        let directory = try #require(try InstanceLock(directory: FilePath(folder.url)))
        #expect(throws: FileError.self) { try InstanceLock(path) }
        #expect(throws: FileError.self) { try InstanceLock(directory: FilePath(folder.url)) }
        withExtendedLifetime((held, directory)) {}
    }

    @Test("what is given up is free, even where a forked child still has the open file")
    func isReleased() throws {
        let folder = try TemporaryFolder()
        let path = FilePath(folder["lock"])
        var held: InstanceLock? = try InstanceLock(path)
        // A child between fork and exec has a duplicate of the same open file.
        let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let number = try #require(
            files.compactMap(Int32.init).first { number in
                let target = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/self/fd/\(number)")
                return target == folder["lock"].path
            })
        let copy = dup(number)
        defer { close(copy) }
        try #require(copy >= 0)
        #expect(throws: FileError.self) { try InstanceLock(path) }
        held = nil
        #expect(held == nil)
        let again = try InstanceLock(path)
        #expect(again.path == path)
    }
}
