// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation

/// Prints what was generated or compared.
struct GenerationOutput {
    /// Whether the only text is shown as it comes.
    let isStreamed: Bool
    private let bar = ProgressBar()

    init(isStreamed: Bool) { self.isStreamed = isStreamed }

    /// Shows a piece of the text.
    func show(_ text: String) {
        if !text.isEmpty { FileHandle.standardOutput.write(Data(text.utf8)) }
    }

    /// Shows how much is done.
    func progress(finished: Int, of count: Int, share: Double) {
        bar.show(
            "generating", max(share, Double(finished) / Double(max(1, count))),
            detail: ", \(finished) of \(count) prompts")
    }

    /// Ends what is on the terminal.
    func finish() {
        bar.finish()
        if isStreamed { show("\n") }
    }

    // MARK: Texts

    private struct Finish: Encodable {
        let reason: String
        let complete: Bool
        var token: Int32?
        var string: String?
    }

    private struct Substring: Encodable {
        let text: String
        let places: [TextPlace]
    }

    private struct Report: Encodable {
        var generations: [[Int32]]
        var texts: [String]?
        var finish: [Finish]?
        var substrings: [[Substring]]?
    }

    /// Prints texts, or token ids where there is no tokenizer; on standard error why each ended, if
    /// that is worth knowing.
    func print(
        _ results: [GenerationResult], json: Bool, bound: BoundText?, stops: [String]
    ) throws {
        let hasTexts = results.contains { $0.text != nil }
        if json {
            var report = Report(generations: results.map(\.tokens))
            if hasTexts {
                report.texts = results.map { $0.text ?? "" }
                report.finish = results.map { Self.finish($0, stops) }
            }
            if let bound, let document = bound.document {
                report.substrings = results.map { result in
                    bound.grammar.documentStrings(in: result.tokens).map {
                        Substring(text: $0, places: document.places(of: $0))
                    }
                }
            }
            try printJSON(report)
            return
        }
        for (index, result) in results.enumerated() {
            if !isStreamed {
                if hasTexts, results.count > 1 { Swift.print("==> \(index) <==") }
                Swift.print(result.text ?? result.tokens.map(String.init).joined(separator: " "))
            }
            if !result.isComplete {
                let reason = Self.finish(result, stops).reason
                FileHandle.standardError.write(
                    Data(
                        ("shokenctl: prompt \(index): the text is cut (\(reason)); "
                            + "give more tokens with --max-new\n").utf8))
            }
        }
    }

    private static func finish(_ result: GenerationResult, _ stops: [String]) -> Finish {
        func finish(_ reason: String) -> Finish {
            Finish(reason: reason, complete: result.isComplete)
        }
        switch result.reason {
        case .stopToken(let token):
            var ended = finish("stop-token")
            ended.token = token
            return ended
        case .stopString(let index):
            var ended = finish("stop-string")
            ended.string = stops.indices.contains(index) ? stops[index] : nil
            return ended
        case .limit: return finish("limit")
        case .complete: return finish("complete")
        case .noFittingToken: return finish("no-fitting-token")
        }
    }

    // MARK: Choices

    private struct Choice: Encodable {
        let labels: [String]
        let logProbabilities: [Double]
        let meanLogProbabilities: [Double]
        let distribution: [Double]
        let meanDistribution: [Double]
        /// The most likely label by whole probability; of equal ones the first.
        let best: String
    }

    /// Prints how likely labels are.
    func print(_ results: [ChoiceResult], labels: [String], json: Bool) throws {
        if json {
            let choices = results.map { result in
                let best = result.logProbabilities.indices.max {
                    let (one, other) = (result.logProbabilities[$0], result.logProbabilities[$1])
                    return one < other || (one == other && $0 > $1)
                }
                return Choice(
                    labels: labels, logProbabilities: result.logProbabilities,
                    meanLogProbabilities: result.meanLogProbabilities,
                    distribution: result.distribution,
                    meanDistribution: result.meanDistribution, best: labels[best ?? 0])
            }
            try printJSON(["choices": choices])
            return
        }
        for (index, result) in results.enumerated() {
            if results.count > 1 { Swift.print("==> \(index) <==") }
            TextTable(
                columns: ["LABEL", "PROBABILITY", "LOG", "LOG PER TOKEN", "BY LENGTH"],
                rows: labels.indices.map {
                    [
                        labels[$0], String(format: "%.4f", result.distribution[$0]),
                        String(format: "%.4f", result.logProbabilities[$0]),
                        String(format: "%.4f", result.meanLogProbabilities[$0]),
                        String(format: "%.4f", result.meanDistribution[$0]),
                    ]
                }
            ).print()
        }
    }
}
