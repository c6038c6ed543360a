// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DocumentPipeline
import DurableFiles
import Foundation
import ResultStore
import Spool
import Synchronization
import TestSupport

/// Stands for the rooms between spool and database: remembers digests, and does as the text says.
///
/// `reject…` is rejected, `busy…` is postponed at the first try, `never…` always; of `partly…` one of two
/// records is at fault.
final class ProcessorDouble: DocumentProcessor {
    private struct State {
        var recorded: [String] = []
        var partly: Set<String> = []
        var tries: [String: Int] = [:]
        var batches: [Int] = []
        var hasDatabase = true
        var rereadsLeft = 0
        var steps = ""
    }
    private let state = Mutex(State())
    private let duringWork: @Sendable ([ClaimedFile]) -> Void
    private let afterWork: @Sendable ([ClaimedFile]) -> Void

    init(
        recorded: [String] = [], afterWork: @escaping @Sendable ([ClaimedFile]) -> Void = { _ in },
        duringWork: @escaping @Sendable ([ClaimedFile]) -> Void = { _ in }
    ) {
        self.duringWork = duringWork
        self.afterWork = afterWork
        let digests = recorded.map { ContentDigest(of: Data($0.utf8)).hexadecimal }
        state.withLock { $0.recorded = digests }
    }

    var recorded: [String] { state.withLock { $0.recorded } }
    /// `f` for each batch of files and `r` for each document that was read again, in their order.
    var steps: String { state.withLock { $0.steps } }

    /// Lets somebody wish that so many recorded documents be read again.
    func wishRereads(_ count: Int) { state.withLock { $0.rereadsLeft = count } }

    func readAgain(isStopping: () -> Bool) -> RereadOutcome {
        usleep(2000)
        return state.withLock { state in
            guard state.rereadsLeft > 0 else { return .nothing }
            state.rereadsLeft -= 1
            state.steps += "r"
            return state.rereadsLeft == 0 ? .ended(request: 1) : .reread(documents: 1)
        }
    }

    var batches: [Int] { state.withLock { $0.batches } }

    /// Takes the database away, or puts it back.
    func setDatabase(_ isThere: Bool) { state.withLock { $0.hasDatabase = isThere } }

    func requireDatabase() throws {
        guard state.withLock({ $0.hasDatabase }) else { throw StoreError.gone(file: "f.db") }
    }

    func process(_ claims: [ClaimedFile]) -> [ProcessingOutcome] {
        state.withLock {
            $0.batches.append(claims.count)
            $0.steps += "f"
        }
        duringWork(claims)
        defer { afterWork(claims) }
        return claims.map { claim in
            guard let data = try? DiskFiles().read(claim.path, maximumBytes: 1 << 20) else {
                return .rejected(code: "unreadable", reason: "it cannot be read")
            }
            let text = String(decoding: data, as: UTF8.self)
            let digest = ContentDigest(of: data).hexadecimal
            return state.withLock { state in
                state.tries[digest, default: 0] += 1
                if text.hasPrefix("reject") { return .rejected(code: "bad", reason: "test") }
                if text.hasPrefix("never") || text.hasPrefix("busy") && state.tries[digest] == 1 {
                    return .postponed(reason: "database busy")
                }
                let isPartly = text.hasPrefix("partly")
                if state.recorded.contains(digest) {
                    return isPartly ? .recordedInPart(documents: 0, Self.faults) : .duplicate
                }
                state.recorded.append(digest)
                if isPartly {
                    state.partly.insert(digest)
                    return .recordedInPart(documents: 1, Self.faults)
                }
                return .recorded(documents: 1)
            }
        }
    }

    func isRecorded(_ claim: ClaimedFile, sha256: String) throws -> Bool {
        recorded.contains(sha256)
    }

    func isSettled(_ claim: ClaimedFile, sha256: String) throws -> Bool {
        state.withLock { $0.recorded.contains(sha256) && !$0.partly.contains(sha256) }
    }

    /// One record that gave no document, beside one that did.
    static var faults: RecordFaults {
        var faults = RecordFaults()
        faults.append(RecordFault(line: 2, code: "bad", reason: "test"))
        faults.documents = ["mark"]
        return faults
    }
}

/// Events in the order in which they were logged.
final class EventLog: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func callAsFunction(_ event: DaemonEvent) {
        lines.withLock { $0.append(event.line(showingNames: false)) }
    }
}

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

    func drop(_ text: String, as name: String, kind: DocumentKind = .nursing) throws {
        try DiskFiles().write(Data(text.utf8), to: spool.incoming(kind).appending(name))
    }

    /// Files by state.
    func counts() throws -> [String: Int] {
        spool.status().reduce(into: [:]) { result, state in
            result[String(state.state.prefix { $0 != "/" }), default: 0] += state.files
        }.filter { $0.value > 0 }
    }
}
