// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import ResultStore

@Suite("Readers who may not write")
struct ReadingConnectionTests {
    private static let mayWriteAnywhere = getuid() == 0

    let folder: TemporaryFolder
    let file: URL

    /// A database that nobody has open any more, in a folder in which nobody may make files.
    init() throws {
        folder = try TemporaryFolder()
        file = folder["d/shoken.db"]
        try FileManager.default.createDirectory(
            at: folder["d"], withIntermediateDirectories: true)
        _ = try ResultDatabase(file: file)
        try allowsFiles(false)
    }

    private func allowsFiles(_ isAllowed: Bool) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: isAllowed ? 0o700 : 0o500], ofItemAtPath: folder["d"].path)
    }

    @Test("read a database that no program has open", .disabled(if: mayWriteAnywhere))
    func stopped() throws {
        defer { try? allowsFiles(true) }
        let reader = try ResultReader(file: file)
        #expect(try reader.select("SELECT count(*) FROM documents").rows == [[.integer(0)]])
        #expect(try DatabaseCheck(of: FilePath(file)).ok)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder["d"].path).count == 1)
    }

    @Test("get no answer once somebody has opened it to write", .disabled(if: mayWriteAnywhere))
    func opened() throws {
        defer { try? allowsFiles(true) }
        let reader = try ResultReader(file: file)
        try allowsFiles(true)
        let database = try ResultDatabase(file: file)
        #expect(throws: StoreError.busy) { try reader.select("SELECT count(*) FROM documents") }
        // With its log beside it SQLite lets them read.
        try allowsFiles(false)
        let beside = try ResultReader(file: file)
        #expect(try beside.select("SELECT count(*) FROM documents").rows == [[.integer(0)]])
        withExtendedLifetime(database) {}
    }
}
