// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import ResultStore

@Suite("An earlier database that several programs open at once")
struct ConcurrentOpeningTests {
    @Test("is brought up to date once, and all of them have it", arguments: 0..<3)
    func opening(_ round: Int) throws {
        let folder = try TemporaryFolder()
        let file = folder["shoken.db"]
        do {
            let queue = try DatabaseQueue(path: file.path)
            try Schema.migrator.migrate(queue, upTo: "1 documents and results")
            try queue.close()
        }
        let faults = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            do {
                _ = try ResultDatabase(file: file)
            } catch {
                faults.withLock { $0.append("\(error)") }
            }
        }
        #expect(faults.withLock { $0 } == [])
        let last = try ResultReader(file: file).select(
            "SELECT count(*) FROM grdb_migrations WHERE identifier = '1 documents and results'")
        #expect(last.rows == [[.integer(1)]])
    }
}
