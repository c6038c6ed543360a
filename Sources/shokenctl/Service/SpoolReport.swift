// SPDX-License-Identifier: Apache-2.0
import Foundation
import ResultStore
import Spool

/// What lies in the spool and what was recorded of late, for people, programs and monitoring.
struct SpoolReport: Encodable {
    /// A file in `failed/`.
    private struct Failed: Encodable {
        let name: String
        let code: String
        let reason: String
        let attempts: Int
        let at: String
    }

    private struct Duplicates: Encodable {
        let files: Int
        let last: String?
    }

    private let states: [SpoolStateCount]
    private let failed: [Failed]
    /// How many files lie in `failed/`, by code.
    private let failures: [String: Int]
    private let duplicates: Duplicates?
    private let misplaced: [MisplacedFiles]
    private let unread: [UnreadFiles]
    private let recorded: RecordingRates?
    /// The age of what has waited longest for being recorded, in seconds.
    private let oldestWaiting: Int?

    private enum CodingKeys: String, CodingKey {
        case states, failed, failures, duplicates, misplaced, recorded, unread
        case oldestWaiting = "oldest_waiting_seconds"
    }

    /// Looks at the spool; `rates` is what the database says, nil where it says nothing.
    init(of spool: SpoolDirectory, rates: RecordingRates?) throws {
        states = spool.status()
        failed = try spool.failedNames().map { name in
            let reason = spool.reason(of: name)
            return Failed(
                name: name.escaped, code: reason?.code ?? "unknown",
                reason: reason?.reason ?? "its reason is gone",
                attempts: reason?.attempts ?? 0, at: reason?.at ?? "")
        }
        failures = Dictionary(failed.map { ($0.code, 1) }, uniquingKeysWith: +)
        misplaced = spool.misplacedFiles()
        unread = spool.unreadFiles()
        recorded = rates
        duplicates = rates.map { Duplicates(files: $0.duplicates, last: $0.lastDuplicateAt) }
        oldestWaiting =
            states.filter { $0.state != "done" && $0.state != "failed" }
            .compactMap(\.oldestSeconds).max()
    }

    /// Prints aligned text.
    func printTables() {
        TextTable(
            columns: ["STATE", "FILES", "BYTES", "OLDEST (s)"],
            rows: states.map {
                [
                    $0.state, "\($0.files)", "\($0.bytes)",
                    $0.oldestSeconds.map(String.init) ?? "-",
                ]
            }
        ).print()
        for state in states {
            if let fault = state.fault { print("\(state.state): \(fault)") }
        }
        if let oldestWaiting { print("waiting: the oldest for \(oldestWaiting) s") }
        if let recorded { printRates(recorded) }
        if let duplicates, let last = duplicates.last {
            print("duplicates: \(duplicates.files), the last at \(last)")
        }
        for files in misplaced { print("misplaced: \(files.sentence)") }
        for files in unread { print("unread: \(files.sentence)") }
        guard !failed.isEmpty else { return }
        let codes = failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        print("failed: " + codes.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        print("")
        TextTable(
            columns: ["FAILED", "CODE", "REASON", "AT"],
            rows: failed.map { [$0.name, $0.code, $0.reason, $0.at] }
        ).print()
    }

    private func printRates(_ rates: RecordingRates) {
        let spans = [("minute", rates.minute), ("hour", rates.hour), ("day", rates.day)]
        let amounts = spans.map { name, amount in
            "\(amount.files) file\(amount.files == 1 ? "" : "s") (\(amount.documents) "
                + "document\(amount.documents == 1 ? "" : "s")) in the last \(name)"
        }
        let last = rates.secondsSinceLast.map { "; the last \($0) s ago" } ?? "; none so far"
        print("recorded: " + amounts.joined(separator: ", ") + last)
    }

    /// The same for monitoring, without any name of a file.
    func metrics(at now: Date) -> PrometheusText {
        var text = PrometheusText()
        func byState(_ value: (SpoolStateCount) -> Int?) -> [PrometheusText.Sample] {
            states.compactMap { state in
                value(state).map { ([("state", state.state)], Double($0)) }
            }
        }
        text.add(
            "shoken_spool_files", "Files in a state of the spool.",
            byState { $0.fault == nil ? $0.files : nil })
        text.add(
            "shoken_spool_bytes", "Bytes in a state of the spool.",
            byState { $0.fault == nil ? $0.bytes : nil })
        text.add(
            "shoken_spool_oldest_seconds", "Age of the oldest file in a state of the spool.",
            byState { $0.fault == nil ? $0.oldestSeconds ?? 0 : nil })
        text.add(
            "shoken_spool_readable", "Whether a state of the spool could be counted.",
            byState { $0.fault == nil ? 1 : 0 })
        text.add(
            "shoken_spool_oldest_waiting_seconds",
            "Age of the oldest file that waits or is in hand; 0 where none does.",
            Double(oldestWaiting ?? 0))
        text.add(
            "shoken_spool_misplaced_files", "Files that lie where the daemon does not look.",
            Double(misplaced.reduce(0) { $0 + $1.files }))
        text.add(
            "shoken_failed_files", "Files in failed/ by the code of their reason.",
            codesForMetrics.map { ([("code", $0.key)], Double($0.value)) })
        text.add(
            "shoken_database_up", "Whether the database could be read.", recorded == nil ? 0 : 1)
        if let recorded { add(recorded, to: &text) }
        text.add(
            "shoken_status_timestamp_seconds", "When these metrics were taken.",
            now.timeIntervalSince1970.rounded())
        return text
    }

    private func add(_ rates: RecordingRates, to text: inout PrometheusText) {
        let spans = [("minute", rates.minute), ("hour", rates.hour), ("day", rates.day)]
        text.add(
            "shoken_recorded_files", "Files recorded within the last minute, hour or day.",
            spans.map { ([("within", $0.0)], Double($0.1.files)) })
        text.add(
            "shoken_recorded_documents", "Documents recorded within the last minute, hour or day.",
            spans.map { ([("within", $0.0)], Double($0.1.documents)) })
        if let seconds = rates.secondsSinceLast {
            text.add(
                "shoken_seconds_since_last_recorded", "Seconds since a file was last recorded.",
                Double(seconds))
        }
        text.add(
            "shoken_duplicate_files_total",
            "Files that were dropped again with the name and bytes of a recorded one.",
            Double(rates.duplicates), as: .counter)
    }

    /// The codes as they may be told to monitoring.
    private var codesForMetrics: [(key: String, value: Int)] {
        let told = failures.map { (FailureReport.word(for: $0.key), $0.value) }
        return Dictionary(told, uniquingKeysWith: +).sorted { $0.key < $1.key }
    }
}
