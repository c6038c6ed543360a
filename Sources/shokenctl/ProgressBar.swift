import Foundation
import Synchronization

/// One line on the terminal that is written again and again, with the time that is left; nothing
/// where there is no terminal.
final class ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1
    private let part = Mutex<(name: String, begin: ContinuousClock.Instant)>(("", .now))

    /// Shows how much of a part of the work is done, 0 to 1. The time left is that of this part.
    func show(_ name: String, _ fraction: Double, detail: String = "") {
        guard isShown else { return }
        let begin = part.withLock { part in
            if part.name != name { part = (name, .now) }
            return part.begin
        }
        let width = 30
        let fraction = min(max(fraction, 0), 1)
        let bar = String(repeating: "#", count: Int(Double(width) * fraction))
        let rest = String(repeating: ".", count: width - bar.count)
        let left = Self.left(after: (ContinuousClock.now - begin) / .seconds(1), fraction)
        write("\r\u{1B}[K[\(bar)\(rest)] \(Int(fraction * 100)) % \(name)\(detail)\(left)")
    }

    /// Takes the line away.
    func finish() {
        if isShown { write("\r\u{1B}[K") }
    }

    /// `, 1:05 left`; nothing while it cannot be told.
    static func left(after seconds: Double, _ fraction: Double) -> String {
        guard fraction > 0.02, seconds > 1 else { return "" }
        let left = Int((seconds / fraction * (1 - fraction)).rounded(.up))
        return String(format: ", %d:%02d left", left / 60, left % 60)
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
