// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
package import Spool

/// Looks through SS-MIX2 storages again and again, on a thread of its own.
package struct StorageWatch: Sendable {
    private let roots: [FilePath]
    private let spool: SpoolDirectory
    private let maximumBytes: Int
    private let settleSeconds: Double
    private let interval: Duration

    /// A watch of storages, `interval` from the end of one look to the next.
    package init(
        roots: [FilePath], spool: SpoolDirectory, maximumBytes: Int, settleSeconds: Double,
        interval: Duration
    ) {
        self.roots = roots
        self.spool = spool
        self.maximumBytes = maximumBytes
        self.settleSeconds = settleSeconds
        self.interval = interval
    }

    private var collectors: [StorageCollector] {
        roots.map {
            StorageCollector(
                root: $0, spool: spool, maximumBytes: maximumBytes, settleSeconds: settleSeconds)
        }
    }

    /// Looks once, before the spool is listed.
    package func lookOnce(signals: RunSignals, log: @Sendable (DaemonEvent) -> Void) {
        for var collector in collectors { Self.look(&collector, signals, log) }
    }

    /// Looks until the task is cancelled.
    package func run(
        signals: RunSignals, log: @escaping @Sendable (DaemonEvent) -> Void
    ) async {
        var collectors = collectors
        while !Task.isCancelled {
            collectors = await withCheckedContinuation { continuation in
                let now = collectors
                Thread.detachNewThread {
                    var looking = now
                    for place in looking.indices { Self.look(&looking[place], signals, log) }
                    continuation.resume(returning: looking)
                }
            }
            try? await Task.sleep(for: interval)
        }
    }

    private static func look(
        _ collector: inout StorageCollector, _ signals: RunSignals,
        _ log: @Sendable (DaemonEvent) -> Void
    ) {
        do throws(FileError) {
            let collected = try collector.collect { signals.stopRequested }
            guard collected != StorageCollector.Collected() else { return }
            log(.storageCollected(taken: collected.taken, refused: collected.refused))
            signals.requestScan()
        } catch {
            log(.storageFailed(root: collector.root, error))
        }
    }
}
