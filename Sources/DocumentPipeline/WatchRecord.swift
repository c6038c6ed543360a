// SPDX-License-Identifier: Apache-2.0
import DurableFiles

/// One event that `shoken-watch` printed.
enum WatchRecord: Hashable {
    /// A file was renamed in.
    case finished(FilePath)
    /// Anything else that calls for a listing: a file was closed after writing and may settle now, a trigger
    /// came, the watch stands, the queue overflowed, a folder is gone.
    case listAgain
}

/// Cuts the output of `shoken-watch` into records: `EVENT TAB PATH NUL`.
///
/// What is no record is taken as a reason to list again. A record of more than 64 KiB is dropped
/// up to its end, so that a runaway watcher fills no memory.
struct WatchRecordParser {
    static let longestRecord = 1 << 16
    private var pending: [UInt8] = []
    private var isTooLong = false

    mutating func records(in bytes: some Sequence<UInt8>) -> [WatchRecord] {
        var records: [WatchRecord] = []
        for byte in bytes {
            if byte == 0 {
                records.append(isTooLong ? .listAgain : Self.record(pending))
                pending = []
                isTooLong = false
            } else if pending.count < Self.longestRecord {
                pending.append(byte)
            } else {
                isTooLong = true
            }
        }
        return records
    }

    private static func record(_ bytes: [UInt8]) -> WatchRecord {
        guard let tab = bytes.firstIndex(of: UInt8(ascii: "\t")) else { return .listAgain }
        let event = String(decoding: bytes[..<tab], as: UTF8.self)
        guard event == "MOVED_TO" else { return .listAgain }
        return .finished(FilePath(bytes: Array(bytes[(tab + 1)...])))
    }
}
