// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import DurableFiles
package import Spool

/// What the daemon tells its log: kinds, counts and codes, never text of a document.
///
/// Names of files are carried, since they help to find a file, and printed only where the
/// configuration allows it: they often hold patients' numbers.
package enum DaemonEvent: Sendable {
    /// The severity of an event, with the numbers of syslog(3).
    package enum Severity: Int, Comparable, Sendable {
        case error = 3
        case warning = 4
        case information = 6
        case debug = 7

        /// A more severe event is less.
        package static func < (left: Severity, right: Severity) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// The daemon takes documents from now on.
    case started(spool: FilePath, watching: Bool, isOnce: Bool)
    /// What an earlier run had left in `processing/`.
    case recovered(finished: Int, setAside: Int, waiting: Int)
    /// A group of files has been taken through.
    case concluded(
        recorded: Int, documents: Int, duplicates: Int, rejected: Int, postponed: Int,
        elapsed: Duration)
    /// A file was set aside.
    case rejected(code: String, kind: DocumentKind, name: FileName)
    /// Records of a file gave no document; those that did are recorded.
    case recordsAtFault(count: Int, kind: DocumentKind, name: FileName)
    /// NUL bytes around the text of a file and its lines were left out.
    case paddingDropped(bytes: Int, kind: DocumentKind, name: FileName)
    /// So many records of a file hold no narrative, such as laboratory results, and are passed over.
    case recordsPassedOver(count: Int, kind: DocumentKind, name: FileName)
    /// A file could not be processed now and will be tried again.
    case postponed(reason: String, retryAfter: Duration)
    /// Somebody made a directory in a folder of `incoming/`; it is left alone.
    case directoryIgnored(kind: DocumentKind, name: FileName)
    /// Documents state a time of writing that is none; they are recorded without it.
    case timesUnread(count: Int, kind: DocumentKind, name: FileName)
    /// Files wait in a folder that nobody looks into.
    case misplaced(MisplacedFiles)
    /// Files that are passed over because of their names, or in places of the daemon's, have long been there.
    case unread(UnreadFiles)
    /// Files with the same name and bytes as recorded ones were dropped; no documents came of them.
    case repeated(count: Int, kind: DocumentKind, name: FileName)
    /// A file changed while it was in hand; it was put back and is read anew.
    case changed(afterRecording: Bool, kind: DocumentKind, name: FileName)
    /// A file was written after it had been moved to `done/`; it was put back and is read anew.
    case writtenLate(kind: DocumentKind, name: FileName)
    /// A file's writer has had it open for so long that an operator should know.
    case heldOpen(kind: DocumentKind, name: FileName)
    /// A folder of `incoming/` cannot be read; the others are.
    case folderRefused(kind: DocumentKind, FileError)
    /// A folder that could not be read is read again.
    case folderRegained(kind: DocumentKind)
    /// The spool's file system is too full to take documents.
    case spaceLow(freeBytes: UInt64, minimumBytes: Int)
    /// There is space again.
    case spaceRegained
    /// A file operation of the spool was refused; it is tried again.
    case fileRefused(FileError, retryAfter: Duration)
    /// The database is not there or did not answer; nothing is taken, and it is asked again.
    case lookupFailed(detail: String, retryAfter: Duration)
    /// The watcher ended or did not start; until it is back, files are found by listing.
    case watcherLost(detail: String, retryAfter: Duration)
    /// Records of an SS-MIX2 storage were copied into the spool; others cannot be.
    case storageCollected(taken: Int, refused: Int, unreadable: Int)
    /// A storage cannot be looked through; it is tried again.
    case storageFailed(root: FilePath, FileError)
    /// Documents have new results, since somebody wanted to have them read once more.
    case reread(documents: Int, elapsed: Duration)
    /// All documents of a request were read once more.
    case requestEnded(Int64)
    /// The audit trail does not tell of a model that was taken out of use.
    case auditRefused(detail: String)
    /// The watcher is running.
    case watcherStarted
    /// The configuration is to be read anew: the program begins again, in the same process.
    case reloading
    /// A new configuration cannot be read; the present one stays.
    case reloadRefused(detail: String)
    /// A stop was asked for; what is in hand is finished.
    case stopping
    /// The daemon takes no more documents.
    case stopped

    /// How severe it is.
    package var severity: Severity {
        switch self {
        case .fileRefused, .lookupFailed, .auditRefused, .reloadRefused, .storageFailed: .error
        case .storageCollected(_, let refused, let unreadable):
            refused + unreadable > 0 ? .warning : .information
        case .rejected, .timesUnread, .misplaced, .unread, .recordsAtFault, .paddingDropped,
            .postponed,
            .directoryIgnored,
            .spaceLow,
            .watcherLost,
            .changed, .heldOpen,
            .writtenLate,
            .folderRefused:
            .warning
        case .concluded, .watcherStarted, .reread: .debug
        default: .information
        }
    }

    /// The event on one line, without full stop.
    package func line(showingNames: Bool) -> String {
        switch self {
        case .started(let spool, let watching, let isOnce):
            "taking documents from \(spool)"
                + (isOnce
                    ? ", once" : watching ? "" : " by listing only: no shoken-watch was found")
        case .recovered(let finished, let setAside, let waiting):
            "recovered: \(finished) already recorded, \(waiting) to process again, "
                + "\(setAside) set aside"
        case .concluded(
            let recorded, let documents, let duplicates, let rejected, let postponed, let elapsed):
            "recorded \(recorded) files (\(documents) documents), \(duplicates) duplicates, "
                + "\(rejected) rejected, \(postponed) postponed in \(elapsed.inSeconds) s"
        case .rejected(let code, let kind, let name):
            "set aside a \(kind.rawValue) file: \(code)"
                + (showingNames ? " (\(name.escaped))" : "")
        case .recordsAtFault(let count, let kind, let name):
            "\(count) record\(count == 1 ? "" : "s") of a \(kind.rawValue) file gave no document; the others "
                + "are recorded, a copy and a report are in failed/"
                + (showingNames ? " (\(name.escaped))" : "")
        case .paddingDropped(let bytes, let kind, let name):
            "a \(kind.rawValue) file is padded with \(bytes) NUL byte\(bytes == 1 ? "" : "s"), left out; see "
                + "whether its text is whole" + (showingNames ? " (\(name.escaped))" : "")
        case .storageCollected(let taken, let refused, let unreadable):
            "copied \(taken) records of the storage into the spool"
                + (refused > 0 ? "; \(refused) are too large or have names that are too long" : "")
                + (unreadable > 0 ? "; \(unreadable) cannot be read now and are tried again" : "")
        case .storageFailed(let root, let error):
            "the storage \(root) cannot be looked through: \(error.explanationWithoutPath)"
        case .recordsPassedOver(let count, let kind, let name):
            "\(count) record\(count == 1 ? "" : "s") of a \(kind.rawValue) file without narrative passed over"
                + (showingNames ? " (\(name.escaped))" : "")
        case .postponed(let reason, let retryAfter):
            "postponed: \(reason); next try in \(retryAfter.inSeconds) s"
        case .directoryIgnored(let kind, let name):
            "ignoring a directory in incoming/\(kind.rawValue)"
                + (showingNames ? " (\(name.escaped))" : "")
        case .timesUnread(let count, let kind, let name):
            "\(count) document\(count == 1 ? "" : "s") of a \(kind.rawValue) file state\(count == 1 ? "s" : "") "
                + "a time of writing (authored_at) that is none; recorded without it"
                + (showingNames ? " (\(name.escaped))" : "")
        case .misplaced(let found): Self.line(found, showingNames: showingNames)
        case .unread(let found):
            found.sentence(
                in: Self.place(
                    found.folder, isShown: showingNames || found.isOwnFolder),
                showingNames: showingNames)
        case .repeated(let count, let kind, let name):
            "\(count) duplicate\(count == 1 ? "" : "s"): a file with the name and the bytes of a recorded "
                + "\(kind.rawValue) file became no document of its own; see the table events"
                + (showingNames ? " (\(name.escaped))" : "")
        case .changed(let afterRecording, let kind, let name):
            "a \(kind.rawValue) file changed while it was in hand"
                + (afterRecording ? ", after what it held was recorded" : "")
                + "; it is put back and read anew" + (showingNames ? " (\(name.escaped))" : "")
        case .writtenLate(let kind, let name):
            "a \(kind.rawValue) file was written after it had been recorded and moved to done/; it is put "
                + "back and read anew" + (showingNames ? " (\(name.escaped))" : "")
        case .heldOpen(let kind, let name):
            "a \(kind.rawValue) file is complete only when its writer closes it, which has had it open for "
                + "more than a minute" + (showingNames ? " (\(name.escaped))" : "")
        case .folderRefused(let kind, let error):
            "taking nothing from incoming/\(kind.rawValue): "
                + (showingNames ? error.explanation : error.explanationWithoutPath)
                + "; the other folders go on"
        case .folderRegained(let kind): "incoming/\(kind.rawValue) is read again"
        case .spaceLow(let free, let minimum):
            "taking no documents: \(free) bytes free, wanted are \(minimum)"
        case .spaceRegained: "taking documents again: enough space is free"
        case .fileRefused(let error, let retryAfter):
            (showingNames ? error.explanation : error.explanationWithoutPath)
                + "; next try in \(retryAfter.inSeconds) s"
        case .lookupFailed(let detail, let retryAfter):
            "\(detail); next try in \(retryAfter.inSeconds) s"
        case .watcherLost(let detail, let retryAfter):
            "shoken-watch \(detail); listing until it is back, next start in "
                + "\(retryAfter.inSeconds) s"
        case .reread(let documents, let elapsed):
            "read \(documents) recorded documents again in \(elapsed.inSeconds) s"
        case .requestEnded(let request):
            "request \(request) to read documents again is done (shokenctl reprocess status)"
        case .auditRefused(let detail):
            "the audit trail does not tell that the model before is in use again: \(detail)"
        case .watcherStarted: "shoken-watch is running"
        case .reloading: "reading the configuration and the model anew"
        case .reloadRefused(let detail): "keeping the configuration: \(detail)"
        case .stopping: "stopping: finishing what is in hand"
        case .stopped: "stopped"
        }
    }

    /// A folder as it may be told.
    private static func place(_ folder: String, isShown: Bool) -> String {
        isShown
            ? (folder.isEmpty ? "the spool itself" : folder)
            : "a folder of the spool that is of no kind"
    }

    private static func line(_ found: MisplacedFiles, showingNames: Bool) -> String {
        let place = place(found.folder, isShown: showingNames || found.isOwnFolder)
        let names =
            found.names.joined(separator: ", ") + (found.files > found.names.count ? " …" : "")
        return "\(found.files) file\(found.files == 1 ? "" : "s") in \(place) will never be read: "
            + found.advice + (showingNames ? " (\(names))" : "")
    }
}

extension Duration {
    /// Seconds with one digit after the point.
    fileprivate var inSeconds: String {
        let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
