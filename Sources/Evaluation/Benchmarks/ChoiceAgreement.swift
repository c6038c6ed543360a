// SPDX-License-Identifier: Apache-2.0
import Corpora

/// How letters agree with the right ones, document by document.
struct ChoiceAgreement {
    /// A table of the task's weights, without rows.
    let table: AgreementTable
    /// A sum for each cell of the table.
    let bootstrap: Bootstrap

    init(_ task: BenchmarkTask, _ rows: [BenchmarkScore.Row]) {
        let table = AgreementTable(
            classCount: BenchmarkChoice.letters.count, weighting: task.weighting,
            farthest: task.classCount - 1)
        self.table = table
        bootstrap = Bootstrap(
            width: table.cellCount, rows: rows.map { ($0.group, Self.parts(of: $0, table)) })
    }

    /// What a row adds to the sums.
    static func parts(
        of row: BenchmarkScore.Row, _ table: AgreementTable
    ) -> [Bootstrap.Part] {
        let cell = table.cell(
            gold: index(row.gold) ?? 0, predicted: row.prediction.flatMap { index($0) })
        return [(cell, 1)]
    }

    /// Measures of the sums, by their names in reports.
    var measures: [String: ([Double]) -> Double] {
        [
            "kappa": { [table] in table.with($0).kappa },
            "accuracy": { [table] in table.with($0).accuracy },
            "balancedKappa": { [table] in table.with($0).balanced.kappa },
        ]
    }

    private static func index(_ answer: BenchmarkPrediction.Answer) -> Int? {
        guard case .letter(let letter) = answer else { return nil }
        return BenchmarkChoice.index(of: letter)
    }
}
