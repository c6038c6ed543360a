import Foundation
import Training

/// Progress of a training run on standard error: a bar on a terminal, plain lines elsewhere.
final class TrainingDisplay {
    /// Seconds from one plain line to the next.
    private static let lineInterval = 10.0
    private static let barWidth = 24

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var lastShown = Date.distantPast
    private var barIsOpen = false

    /// Shows an event.
    func show(_ event: RecipeRun.Event) {
        switch event {
        case .stage(let stage, let skipped):
            closeBar()
            write("\(stage.rawValue)\(skipped ? ": already done" : "")\n")
            lastShown = .distantPast
        case .progress(_, let detail, let share):
            showBar(share, detail, isLast: false)
        case .step(let step):
            let text = String(
                format: "%@ %d/%d  loss %.3f  rate %.1e  norm %.2f  %.0f tokens/s  %@ left",
                step.phase, step.step, step.steps, step.loss, step.learningRate,
                step.gradientNorm, step.tokensPerSecond, Self.duration(step.secondsLeft))
            showBar(Double(step.step) / Double(step.steps), text, isLast: step.step == step.steps)
            if step.step == step.steps { closeBar() }
        }
    }

    private func showBar(_ share: Double, _ text: String, isLast: Bool) {
        let now = Date()
        let interval = isTerminal ? 0.1 : Self.lineInterval
        guard isLast || now.timeIntervalSince(lastShown) >= interval else { return }
        lastShown = now
        guard isTerminal else { return write("\(text)\n") }
        let filled = Int((share * Double(Self.barWidth)).rounded(.down))
        let bar =
            String(repeating: "█", count: min(filled, Self.barWidth))
            + String(repeating: "░", count: max(0, Self.barWidth - filled))
        write("\r\u{1B}[K\(bar) \(text)")
        barIsOpen = true
    }

    private func closeBar() {
        if barIsOpen { write("\n") }
        barIsOpen = false
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e8))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min" }
        return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
    }
}
