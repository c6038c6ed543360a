// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// One line on the terminal that is written again and again, with the time that is left.
///
/// Where there is no terminal it is nothing, or with `lines` a plain line now and then, for logs.
final class ProgressBar: Sendable {
    private struct State {
        var name = ""
        var begin = ContinuousClock.now
        var lastShown: ContinuousClock.Instant?
        var isOpen = false
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let lines: Duration?
    private let state = Mutex(State())

    /// A bar; `lines` is the time from one plain line to the next where there is no terminal.
    init(lines: Duration? = nil) { self.lines = lines }

    /// Shows how much of a part of the work is done, 0 to 1.
    ///
    /// The time left is that of this part, worked out from the time it took so far, unless `left`
    /// says how many seconds it is. What is shown last of a part is shown in any case with `isLast`.
    func show(
        _ name: String, _ fraction: Double, detail: String = "", left: Double? = nil,
        isLast: Bool = false
    ) {
        let now = ContinuousClock.now
        let interval = isTerminal ? .milliseconds(100) : lines
        guard let interval else { return }
        let begin: ContinuousClock.Instant? = state.withLock { state in
            if state.name != name { state = State(name: name, begin: now) }
            if let last = state.lastShown, now - last < interval, !isLast { return nil }
            state.lastShown = now
            state.isOpen = isTerminal
            return state.begin
        }
        guard let begin else { return }
        let share = min(max(fraction, 0), 1)
        let rest =
            left.map { ", \(Self.duration($0)) left" }
            ?? Self.left(after: (now - begin) / .seconds(1), share)
        let text = "\(Int(share * 100)) % \(name)\(detail)\(rest)"
        write(isTerminal ? "\r\u{1B}[K\(Self.drawn(share)) \(text)" : "\(text)\n")
    }

    /// Writes a line that stays, above the bar.
    func say(_ line: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + line + "\n")
    }

    /// Takes the line away.
    func finish() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    /// Leaves the line as it stands and goes on below it.
    func keep() {
        let wasOpen = state.withLock { state in
            defer { state = State() }
            return state.isOpen
        }
        if wasOpen { write("\n") }
    }

    private static func drawn(_ share: Double) -> String {
        let width = 30
        let bar = String(repeating: "#", count: Int(Double(width) * share))
        return "[\(bar)\(String(repeating: ".", count: width - bar.count))]"
    }

    /// `, 1:05 left`; nothing while it cannot be told.
    static func left(after seconds: Double, _ fraction: Double) -> String {
        guard fraction > 0.02, seconds > 1 else { return "" }
        return ", \(duration(seconds / fraction * (1 - fraction))) left"
    }

    /// Seconds as `1:05`, or `2 h 05 min` for longer times.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded(.up))
        if whole < 3600 { return String(format: "%d:%02d", whole / 60, whole % 60) }
        return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
