// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Faults
import Foundation
import Glibc
package import ModelBundle
import ResultStore
import Synchronization

/// A model that reads along: a share of new documents once more, after they are recorded, on a thread that stands back
/// behind the others.
///
/// It has a short list of documents; while that is full new ones are dropped and counted, so that it never keeps
/// the active model, or memory, waiting. What it has on its list at the end is forgotten.
package final class ShadowLane: Sendable {
    /// What is wanted to read along.
    package struct Wish: Sendable {
        let bundle: BundleDirectory
        let share: Double

        /// A bundle that reads a share of new documents, above 0 and up to 1.
        package init(bundle: BundleDirectory, share: Double) {
            (self.bundle, self.share) = (bundle, share)
        }
    }

    /// A recorded document with what the active model found.
    struct Entry: Sendable {
        let row: Int64
        let document: ClinicalDocument
        let active: KeptResults
        let activeSeconds: Double
        let run: ResultRun
    }

    private struct State {
        var waiting: [Entry] = []
        var isWorking = false
        var isStopping = false
        var model: (sha256: String, model: LoadedModel)?
        var refused: String?
        var counts = ShadowState()
    }

    /// The most documents on the list, and the characters of one: longer ones take too long to stop for.
    private static let mostWaiting = 32
    static let mostCharacters = 6000
    private static let niceness: Int32 = 15
    private static let stackBytes = 8 << 20

    private let state = Mutex(State())
    private let wanted: @Sendable () -> Wish?
    private let load: @Sendable (BundleDirectory) throws -> LoadedModel
    private let report: @Sendable (String) -> Void

    /// A lane; `report` hears once of a model or a result that cannot be used.
    package init(
        wanted: @escaping @Sendable () -> Wish?,
        load: @escaping @Sendable (BundleDirectory) throws -> LoadedModel,
        report: @escaping @Sendable (String) -> Void
    ) {
        (self.wanted, self.load, self.report) = (wanted, load, report)
    }

    /// Takes those of the documents that are to be read along; returns at once.
    func offer(
        _ documents: () -> [Entry], to database: ResultDatabase,
        plan: @escaping @Sendable (DocumentKind) -> Set<ClinicalTask>
    ) {
        guard let wish = wanted() else {
            // What nobody wants any more gives its memory back.
            state.withLock { if !$0.isWorking { $0.model = nil } }
            return
        }
        let chosen = documents().filter { Self.isChosen($0.row, share: wish.share) }
        guard !chosen.isEmpty else { return }
        let begins = state.withLock { state in
            guard state.refused != wish.bundle.sha256, !state.isStopping else { return false }
            let taken = chosen.prefix(max(0, Self.mostWaiting - state.waiting.count))
            state.waiting += taken
            state.counts.dropped += chosen.count - taken.count
            defer { state.isWorking = true }
            return !state.isWorking
        }
        guard begins else { return }
        let thread = Thread { [self] in
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            work(on: wish.bundle, database, plan)
        }
        thread.stackSize = Self.stackBytes
        thread.name = "shoken.shadow"
        thread.start()
    }

    /// Lets it read what is on its list, or only what is in hand, and waits for that; gives its run.
    func stop(finishing: Bool) -> ResultRun? {
        state.withLock { state in
            if !finishing { state.isStopping = true }
        }
        while state.withLock({ $0.isWorking }) { usleep(10_000) }
        return state.withLock { $0.model?.model.maker.run }
    }

    /// Whether a document is of the share: by its row, so that it does not depend on what came when.
    private static func isChosen(_ row: Int64, share: Double) -> Bool {
        var bits = 0x9E37_79B9_7F4A_7C15 &* UInt64(bitPattern: row)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) * 0x1p-53 < share
    }

    private func work(
        on bundle: BundleDirectory, _ database: ResultDatabase,
        _ plan: (DocumentKind) -> Set<ClinicalTask>
    ) {
        guard let model = model(of: bundle) else { return }
        while let entry = next() {
            do {
                let started = ContinuousClock.now
                let found = try model.annotator.findings(in: [entry.document], plan: plan)
                let elapsed = (ContinuousClock.now - started) / .seconds(1)
                guard let findings = found.first else { continue }
                try database.record(
                    ShadowReading(
                        document: entry.row, active: entry.active,
                        shadow: KeptResults(findings, by: model.maker),
                        activeSeconds: entry.activeSeconds, shadowSeconds: elapsed),
                    state: state.withLock { $0.counts }, maker: model.maker, active: entry.run,
                    at: Date())
            } catch {
                let isFirst = state.withLock { state in
                    state.counts.failed += 1
                    return state.counts.failed == 1
                }
                if isFirst { report(explained(error).explanation) }
            }
        }
    }

    /// The next document; nil, and the thread is at its end, where there is none.
    private func next() -> Entry? {
        state.withLock { state in
            guard !state.isStopping, !state.waiting.isEmpty else {
                state.waiting = []
                state.isWorking = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private func model(of bundle: BundleDirectory) -> LoadedModel? {
        if let kept = state.withLock({ $0.model }), kept.sha256 == bundle.sha256 {
            return kept.model
        }
        do {
            // Of another model, or of the time before it was stopped.
            state.withLock { $0.counts = ShadowState() }
            let before = Self.residentBytes
            let loaded = try load(bundle)
            let model = LoadedModel(
                annotator: loaded.annotator, maker: loaded.maker.running(ResultRun(.shadow)))
            let grown = max(0, Self.residentBytes - before)
            state.withLock { state in
                state.model = (bundle.sha256, model)
                state.counts.memoryBytes = grown
            }
            return model
        } catch {
            state.withLock { state in
                state.refused = bundle.sha256
                state.waiting = []
                state.isWorking = false
            }
            report("\(bundle.manifest.name) cannot read along: \(explained(error).explanation)")
            return nil
        }
    }

    /// The memory of this process that is in use, in bytes; 0 where that cannot be told.
    private static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
