// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import Foundation
package import Spool
import Synchronization

/// Looks through SS-MIX2 storages again and again, on a thread of its own.
package struct StorageWatch: Sendable {
    private let roots: [FilePath]
    private let spool: SpoolDirectory
    private let maximumBytes: Int
    private let minimumFreeBytes: Int
    private let settleSeconds: Double
    private let interval: Duration

    /// Until the next look where the last one left something.
    private static let shortInterval = Duration.seconds(10)

    /// A watch of storages, `interval` from the end of one look to the next.
    package init(
        roots: [FilePath], spool: SpoolDirectory, maximumBytes: Int, minimumFreeBytes: Int,
        settleSeconds: Double, interval: Duration
    ) {
        self.minimumFreeBytes = minimumFreeBytes
        self.roots = roots
        self.spool = spool
        self.maximumBytes = maximumBytes
        self.settleSeconds = settleSeconds
        self.interval = interval
    }

    private var collectors: [StorageCollector] {
        roots.map {
            StorageCollector(
                root: $0, spool: spool, maximumBytes: maximumBytes,
                minimumFreeBytes: minimumFreeBytes, settleSeconds: settleSeconds)
        }
    }

    /// Looks once, before the spool is listed.
    package func lookOnce(signals: RunSignals, log: @Sendable (DaemonEvent) -> Void) {
        for var collector in collectors {
            while Self.look(&collector, log, { signals.stopRequested })?.taken
                == StorageCollector.mostAtOnce
            {}
        }
    }

    /// Looks until the task is cancelled.
    package func run(
        signals: RunSignals, log: @escaping @Sendable (DaemonEvent) -> Void
    ) async {
        var collectors = collectors
        let isCancelled = Mutex(false)
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                var hasMore = false
                (collectors, hasMore) = await withCheckedContinuation { continuation in
                    let now = collectors
                    Thread.detachNewThread {
                        var (looking, hasMore) = (now, false)
                        for place in looking.indices {
                            let collected = Self.look(&looking[place], log) {
                                signals.stopRequested || isCancelled.withLock { $0 }
                            }
                            if collected?.hasMore == true { hasMore = true }
                        }
                        signals.requestScan()
                        continuation.resume(returning: (looking, hasMore))
                    }
                }
                await signals.sleep(for: hasMore ? min(interval, Self.shortInterval) : interval)
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }

    /// Looks through one storage and tells what came of it; nil where it could not be looked through.
    private static func look(
        _ collector: inout StorageCollector, _ log: @Sendable (DaemonEvent) -> Void,
        _ isStopping: () -> Bool
    ) -> StorageCollector.Collected? {
        do throws(FileError) {
            let collected = try collector.collect(isStopping: isStopping)
            if collected.taken + collected.refused + collected.unreadable > 0 {
                log(
                    .storageCollected(
                        taken: collected.taken, refused: collected.refused,
                        unreadable: collected.unreadable))
            }
            return collected
        } catch {
            log(.storageFailed(root: collector.root, error))
            return nil
        }
    }
}
