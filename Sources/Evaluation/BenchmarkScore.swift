// SPDX-License-Identifier: Apache-2.0
package import Corpora

/// An answer to one row of the benchmark, as a line of the predictions file.
package struct BenchmarkPrediction: Encodable, Sendable {
    /// A letter, or the strings of an entity task.
    package enum Answer: Hashable, Sendable {
        case letter(String)
        case strings([String])
    }

    /// Name of the task.
    package let task: String
    /// Number of the row in the task's file, from 0.
    package let row: Int
    /// The answer.
    package let prediction: Answer

    /// An answer to row `row` of `task`.
    package init(task: BenchmarkTask, row: Int, prediction: Answer) {
        self.task = task.rawValue
        self.row = row
        self.prediction = prediction
    }
}

extension BenchmarkPrediction.Answer: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .letter(let letter): try container.encode(letter)
        case .strings(let strings): try container.encode(strings)
        }
    }
}

/// The official figures of one task.
package struct BenchmarkScore: Encodable, Hashable, Sendable {
    /// Name of the task.
    package let task: String
    /// Number of rows.
    package let rows: Int
    /// Cohen's kappa, linear for CRADE and JCSTS; nil for entity tasks.
    package var kappa: Double?
    /// Share of right letters; nil for entity tasks.
    package var accuracy: Double?
    /// Kappa if all right answers that occur were equally frequent; nil for entity tasks.
    package var balancedKappa: Double?
    /// Mean F1 of the sets of strings; nil for choices.
    package var exactF1: Double?
    /// The official partial F1, which can exceed one; nil for choices.
    package var partialF1: Double?

    /// The figures of letters.
    package init(
        _ task: BenchmarkTask, gold: [BenchmarkRow.Answer],
        predictions: [BenchmarkPrediction.Answer]
    ) {
        precondition(gold.count == predictions.count, "one prediction for each row")
        self.task = task.rawValue
        rows = gold.count
        if task.isChoice {
            let classes = zip(gold, predictions).map { (Self.index($0), Self.index($1)) }
            let metrics = ClassificationMetrics(
                gold: classes.map(\.0), predicted: classes.map(\.1),
                classCount: BenchmarkChoice.letters.count, weighting: task.weighting)
            kappa = metrics.kappa
            accuracy = metrics.accuracy
            balancedKappa = metrics.balancedKappa
        } else {
            var score = EntityStringScore()
            for (gold, prediction) in zip(gold, predictions) {
                score.add(gold: Self.strings(gold), predicted: Self.strings(prediction))
            }
            exactF1 = score.exactF1
            partialF1 = score.partialF1
        }
    }

    private static func index(_ answer: BenchmarkRow.Answer) -> Int {
        guard case .letter(let letter) = answer else { return 0 }
        return BenchmarkChoice.index(of: letter) ?? 0
    }

    private static func index(_ answer: BenchmarkPrediction.Answer) -> Int {
        guard case .letter(let letter) = answer else { return 0 }
        return BenchmarkChoice.index(of: letter) ?? 0
    }

    private static func strings(_ answer: BenchmarkRow.Answer) -> [String] {
        guard case .strings(let strings) = answer else { return [] }
        return strings
    }

    private static func strings(_ answer: BenchmarkPrediction.Answer) -> [String] {
        guard case .strings(let strings) = answer else { return [] }
        return strings
    }
}
