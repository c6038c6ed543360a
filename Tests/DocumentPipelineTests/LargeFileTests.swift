// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Dispatch
import DocumentPipeline
import DurableFiles
import Foundation
import Spool
import Synchronization
import Testing

@Suite("Large files among short ones", .timeLimit(.minutes(15)))
struct LargeFileTests {
    let temporary: TemporarySpool
    let signals = RunSignals()

    init() throws { temporary = try TemporarySpool() }

    /// A processor that holds large files until it is told to go on.
    private final class Gate: Sendable {
        let semaphore = DispatchSemaphore(value: 0)
        let mostAtOnce = Mutex((now: 0, most: 0))
        let bytesTogether = Mutex(0)

        func processor(over limit: Int) -> ProcessorDouble {
            ProcessorDouble(duringWork: { [self] claims in
                guard claims.contains(where: { $0.size > limit }) else {
                    bytesTogether.withLock { $0 = max($0, claims.reduce(0) { $0 + $1.size }) }
                    return
                }
                mostAtOnce.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                semaphore.wait()
                mostAtOnce.withLock { $0.now -= 1 }
            })
        }
    }

    private func loop(
        _ processor: ProcessorDouble, isOnce: Bool = true, signals: RunSignals? = nil
    ) -> DaemonLoop {
        var settings = DaemonLoop.Settings()
        settings.isOnce = isOnce
        settings.settleSeconds = 0
        settings.scanIntervalSeconds = 0.05
        settings.firstPause = .milliseconds(5)
        settings.largeFileBytes = 100
        return DaemonLoop(
            root: temporary.root, processor: processor, settings: settings,
            signals: signals ?? self.signals
        ) { _ in }
    }

    private func dropLarge(_ name: String) throws {
        try temporary.drop(name + String(repeating: "x", count: 200), as: name)
    }

    private func wait(for condition: () throws -> Bool) async throws {
        for _ in 0..<1000 where try !condition() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try condition())
    }

    @Test("the others go on while one is in hand, and large ones come one after another")
    func othersGoOn() async throws {
        let gate = Gate()
        let processor = gate.processor(over: 100)
        for name in ["l1", "l2", "l3"] { try dropLarge(name) }
        let running = loop(processor)
        let end = Task { await running.run() }
        for number in 0..<20 { try temporary.drop("text \(number)", as: "s\(number)") }
        try await wait { try temporary.counts() == ["done": 20, "processing": 1, "incoming": 2] }
        for _ in 0..<3 { gate.semaphore.signal() }
        #expect(await end.value == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 23])
        #expect(gate.mostAtOnce.withLock { $0.most } == 1)
    }

    @Test("a stop does not wait for one, and the next run takes it up again")
    func stop() async throws {
        let gate = Gate()
        try dropLarge("l1")
        let running = loop(gate.processor(over: 100), isOnce: false)
        let end = Task { await running.run() }
        try await wait { running.hasLargeFileInHand }
        signals.requestStop()
        #expect(await end.value == .stopped)
        #expect(running.hasLargeFileInHand)
        #expect(try temporary.counts() == ["processing": 1])
        gate.semaphore.signal()

        #expect(await loop(ProcessorDouble(), signals: RunSignals()).run() == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 1])
    }

    @Test("short files are taken together only as far as they are soon answered")
    func batches() async throws {
        let gate = Gate()
        let processor = gate.processor(over: 100)
        for number in 0..<10 {
            try temporary.drop(String(repeating: "\(number)", count: 45), as: "s\(number)")
        }
        #expect(await loop(processor).run() == .spoolEmpty)
        #expect(processor.batches == [2, 2, 2, 2, 2])
        #expect(gate.bytesTogether.withLock { $0 } == 90)
    }

    @Test("one that was postponed is tried again")
    func postponed() async throws {
        try temporary.drop("busy " + String(repeating: "x", count: 200), as: "l1")
        #expect(await loop(ProcessorDouble()).run() == .spoolEmpty)
        #expect(try temporary.counts() == ["done": 1])
    }
}
