// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Spool

/// What the run loop remembers from one turn to the next; losing it loses no document.
struct RunState {
    /// The spool as it was first opened.
    var spool: SpoolDirectory?
    var tracker: ReadinessTracker
    var backoff: Backoff
    /// Whether `processing/` may hold something that nobody has in hand.
    var needsRecovery = true
    /// When recovery is tried again after something could not be set aside; the rest goes on meanwhile.
    var recoveryDue: Int64 = 0
    private var recoveryBackoff: Backoff
    /// Since when a folder of `incoming/` is lacking.
    private var lackingSince: Int64?
    /// How long a lacking folder is left to whoever removed it.
    static let remakingDelay: Duration = .seconds(1)
    /// What was wrong with a folder of `incoming/`.
    private struct FolderTrouble {
        var backoff: Backoff
        var heldUntil: Int64 = .min
    }
    private var folderTroubles: [DocumentKind: FolderTrouble] = [:]
    /// Files in `done/` that are looked at for a while, since nothing could tell whether they had a writer.
    var lateFiles = LateFiles()
    /// Claims of large files that an earlier end has left, and that wait for their lane.
    var largeClaims: [ClaimedFile] = []
    /// When files in wrong places are looked for again, and how many were told of by folder.
    var misplacedDue: Int64 = 0
    private var misplacedTold: [String: Int] = [:]
    /// Which files that are passed over have been told.
    var unreadNews = UnreadNews()
    /// Whether the recovery of the start has been done.
    var hasStarted = false
    /// Whether the last listing showed no file at all.
    var isSpoolEmpty = false
    var isSpaceLow = false
    /// When a database that is not there is said to be away once more, in nanoseconds as ``now``.
    var databaseDue: Int64 = 0
    /// Whether documents were read once more in this turn, so that others may be left to read.
    var isRereading = false
    /// The time that may be taken for that while files come in.
    var timeForRereading: Duration = .zero
    /// The most of it that is saved up.
    private static let mostTimeForRereading: Duration = .seconds(10)
    /// The pause that something in this turn asked for.
    var pause: Duration?
    private let origin = ContinuousClock.now
    private let firstPause: Duration

    init(settings: DaemonLoop.Settings) {
        let nanoseconds = (settings.settleSeconds * 1e9).rounded()
        tracker = ReadinessTracker(
            settleNanoseconds: Int64(exactly: nanoseconds) ?? 0,
            triggeredKinds: settings.triggeredKinds)
        backoff = Backoff(first: settings.firstPause)
        recoveryBackoff = Backoff(first: settings.firstPause)
        firstPause = settings.firstPause
    }

    /// Nanoseconds of a steady clock.
    var now: Int64 {
        (ContinuousClock.now - origin).nanoseconds
    }

    /// Puts recovery off, alone: nothing else waits for what could not be set aside.
    mutating func putOffRecovery() -> Duration {
        needsRecovery = true
        let pause = recoveryBackoff.fail()
        recoveryDue = now + pause.nanoseconds
        return pause
    }

    /// Notes that all of `processing/` has found its way.
    mutating func recoverySucceeded() {
        recoveryBackoff.succeed()
        recoveryDue = 0
    }

    /// Those of the misplaced files that are news: in a folder that had none, or twice as many as were told.
    mutating func news(of found: [MisplacedFiles]) -> [MisplacedFiles] {
        let news = found.filter { $0.files >= 2 * (misplacedTold[$0.folder] ?? 0) }
        let present = Set(found.map(\.folder))
        misplacedTold = misplacedTold.filter { present.contains($0.key) }
        for files in news { misplacedTold[files.folder] = files.files }
        return news
    }

    /// Notes what a listing could not list.
    mutating func note(_ refused: [DocumentKind: FileError]) {
        let isLacking = refused.values.contains { $0.symbol == "ENOENT" }
        lackingSince = isLacking ? lackingSince ?? now : nil
    }

    /// How long until a lacking folder is made again; nil when none lacks.
    var timeToRemaking: Duration? {
        lackingSince.map { Self.remakingDelay - .nanoseconds(now - $0) }
    }

    /// Notes that something is wrong with a folder; true when that is news.
    mutating func folderFailed(_ kind: DocumentKind) -> Bool {
        let isNews = folderTroubles[kind] == nil
        var trouble = folderTroubles[kind] ?? FolderTrouble(backoff: Backoff(first: firstPause))
        _ = trouble.backoff.fail()
        folderTroubles[kind] = trouble
        return isNews
    }

    /// Until when a file is left alone whose folder, just noted as failing, does not let it go.
    mutating func holdFolder(_ kind: DocumentKind) -> Int64 {
        let until = now + (folderTroubles[kind]?.backoff.pause ?? firstPause).nanoseconds
        folderTroubles[kind]?.heldUntil = until
        return until
    }

    /// Notes that all is well with the folders that are not among these; gives those of which that is news.
    ///
    /// While files of a folder are left alone nothing tells whether it would let them go.
    mutating func foldersSucceeded(except failing: Set<DocumentKind>) -> [DocumentKind] {
        let mended = folderTroubles.filter {
            !failing.contains($0.key) && now >= $0.value.heldUntil
        }
        for kind in mended.keys { folderTroubles[kind] = nil }
        return mended.keys.sorted { $0.rawValue < $1.rawValue }
    }

    /// Adds what a share of the whole time is, when so much went into new files.
    mutating func earnRereading(_ elapsed: Duration, share: Double) {
        guard share > 0, share < 1 else { return }
        timeForRereading = min(
            timeForRereading + elapsed * (share / (1 - share)), Self.mostTimeForRereading)
    }

    /// Asks for a pause; several failures of one turn count once.
    mutating func fail() -> Duration {
        let wanted = pause ?? backoff.fail()
        pause = wanted
        return wanted
    }
}

/// Files that were finished, with the time until which a late writer is looked for.
struct LateFiles {
    /// How long that is, in nanoseconds.
    static let time: Int64 = 120_000_000_000
    /// The most files that are looked after; beyond it the oldest are let go.
    static let most = 10_000
    private var files: [(file: FinishedFile, until: Int64)] = []
    private var lookedAt: Int64 = .min

    mutating func append(_ file: FinishedFile, at now: Int64) {
        if files.count >= Self.most { files.removeFirst(files.count - Self.most + 1) }
        files.append((file, now + Self.time))
    }

    /// Removes and gives the files that were written; looks once a second at most.
    mutating func written(at now: Int64, _ isWritten: (FinishedFile) -> Bool) -> [FinishedFile] {
        guard !files.isEmpty, lookedAt == .min || now - lookedAt >= 1_000_000_000 else { return [] }
        lookedAt = now
        let written = files.map(\.file).filter(isWritten)
        let gone = Set(written)
        files.removeAll { gone.contains($0.file) || now >= $0.until }
        return written
    }
}

extension Duration {
    /// Whole nanoseconds.
    package var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

/// The outcomes of one group of files, counted.
struct OutcomeTally {
    private var recorded = 0
    private var documents = 0
    private var duplicates = 0
    private var rejected = 0
    private var postponed = 0
    /// Why the first postponed file was postponed.
    private(set) var postponedReason: String?

    mutating func count(_ outcome: ProcessingOutcome) {
        switch outcome {
        case .recorded(let documents), .recordedInPart(let documents, _):
            recorded += 1
            self.documents += documents
        case .duplicate: duplicates += 1
        case .rejected: rejected += 1
        // It comes again, and is counted then.
        case .changed: break
        case .postponed(let reason):
            postponed += 1
            postponedReason = postponedReason ?? reason
        }
    }

    func event(elapsed: Duration) -> DaemonEvent {
        .concluded(
            recorded: recorded, documents: documents, duplicates: duplicates, rejected: rejected,
            postponed: postponed, elapsed: elapsed)
    }
}
