// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Testing

@testable import DocumentPipeline

@Suite("Records of the watcher")
struct WatchRecordTests {
    @Test("Records are found however the pipe cuts them", arguments: [1, 2, 7, 1000])
    func cut(size: Int) {
        let text = "WATCHING\t/s/a\0CLOSE_WRITE\t/s/a/x\ty\n\0MOVED_TO\t/s/a/日本\n\0Q_OVERFLOW\t\0"
        let bytes = Array(text.utf8)
        var parser = WatchRecordParser()
        var records: [WatchRecord] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            records += parser.records(in: bytes[start..<min(start + size, bytes.count)])
        }
        #expect(
            records == [
                .listAgain, .listAgain, .finished(FilePath("/s/a/日本\n")), .listAgain,
            ])
    }

    @Test("A record without end takes no more memory than its limit and asks for a listing")
    func endless() {
        var parser = WatchRecordParser()
        let flood = [UInt8](repeating: 0x41, count: WatchRecordParser.longestRecord * 3)
        #expect(parser.records(in: flood).isEmpty)
        #expect(parser.records(in: [0]) == [.listAgain])
        #expect(parser.records(in: Array("MOVED_TO\tx\0".utf8)) == [.finished(FilePath("x"))])
    }

    @Test("Pauses double up to the longest and begin again after a success")
    func pauses() {
        var backoff = Backoff(first: .seconds(1), longest: .seconds(6))
        #expect((0..<5).map { _ in backoff.fail() } == [1, 2, 4, 6, 6].map { .seconds($0) })
        backoff.succeed()
        #expect(backoff.fail() == .seconds(1))
    }
}
