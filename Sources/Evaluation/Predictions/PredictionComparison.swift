// SPDX-License-Identifier: Apache-2.0
import Corpora

/// Two sets of answers to the same rows, task by task.
package struct PredictionComparison: Codable, Sendable {
    /// A measure of both, and how surely it differs.
    package struct Difference: Codable, Hashable, Sendable {
        /// Its name.
        package let measure: String
        /// Of the first and of the second answers.
        package let first, second: Double
        /// The second less the first.
        package let difference: Double
        /// Where the difference lies in 95 of 100 draws of documents, the same for both; nil with fewer than two.
        package let interval: Bootstrap.Interval?
        /// Twice the share of draws in which the difference is on the other side of zero, or zero; nil likewise.
        package let p: Double?
    }

    /// A row that was answered in two ways.
    package struct Row: Codable, Hashable, Sendable {
        /// Number of the row.
        package let row: Int
        /// What is right.
        package let answer: BenchmarkPrediction.Answer
        /// What was answered; nil where nothing was.
        package let first, second: BenchmarkPrediction.Answer?
    }

    /// One task.
    package struct Task: Codable, Hashable, Sendable {
        /// Its name.
        package let task: String
        /// Rows that both answer.
        package let rows: Int
        /// Rows that only one of the files has, and that are left out.
        package let onlyInFirst, onlyInSecond: Int
        /// The measures.
        package let differences: [Difference]
        /// The test of right and wrong letters; nil for strings.
        package let mcNemar: McNemar?
        /// Rows with two answers, in their order.
        package let differing: [Row]
    }

    /// What answered first and second, as the files say.
    package let first, second: [String: String]
    /// The tasks that both have, in the first's order.
    package let tasks: [Task]

    /// Compares two files' answers; `names` stand for them in errors.
    ///
    /// Throws ``PredictionError`` where a row was another question in one of them, where the right answers are not
    /// there, or where there is no row in both.
    package init(
        _ first: [BenchmarkPrediction], _ second: [BenchmarkPrediction],
        names: (String, String)
    ) throws(PredictionError) {
        self.first = first.first?.setting ?? [:]
        self.second = second.first?.setting ?? [:]
        let others = Dictionary(grouping: second, by: \.task)
        var order: [String] = []
        for prediction in first where !order.contains(prediction.task) {
            order.append(prediction.task)
        }
        let own = Dictionary(grouping: first, by: \.task)
        var tasks: [Task] = []
        for name in order {
            guard let other = others[name] else { continue }
            if let task = try Self.task(name, own[name] ?? [], other, names) { tasks.append(task) }
        }
        guard !tasks.isEmpty else { throw .nothingInCommon(first: names.0, second: names.1) }
        self.tasks = tasks
    }

    private static func task(
        _ name: String, _ first: [BenchmarkPrediction], _ second: [BenchmarkPrediction],
        _ names: (String, String)
    ) throws(PredictionError) -> Task? {
        let others = Dictionary(second.map { ($0.row, $0) }, uniquingKeysWith: { $1 })
        var pairs: [(first: BenchmarkScore.Row, second: BenchmarkScore.Row, number: Int)] = []
        for one in first.sorted(by: { $0.row < $1.row }) {
            guard let other = others[one.row] else { continue }
            guard one.question == other.question else {
                throw .otherQuestion(file: names.1, task: name, row: one.row)
            }
            guard let gold = one.answer else {
                throw .noRightAnswer(file: names.0, task: name, row: one.row)
            }
            let group = one.document ?? String(one.row)
            pairs.append(
                (
                    BenchmarkScore.Row(gold: gold, prediction: one.prediction, group: group),
                    BenchmarkScore.Row(gold: gold, prediction: other.prediction, group: group),
                    one.row
                ))
        }
        guard !pairs.isEmpty else { return nil }
        let isChoice = pairs.allSatisfy { if case .letter = $0.first.gold { true } else { false } }
        let measured =
            isChoice
            ? choices(name, pairs.map { ($0.0, $0.1) }) : strings(pairs.map { ($0.0, $0.1) })
        func isRight(_ row: BenchmarkScore.Row) -> Bool { row.prediction == row.gold }
        return Task(
            task: name, rows: pairs.count, onlyInFirst: first.count - pairs.count,
            onlyInSecond: second.count - pairs.count, differences: measured,
            mcNemar: isChoice
                ? McNemar(
                    onlyFirst: pairs.count { isRight($0.first) && !isRight($0.second) },
                    onlySecond: pairs.count { !isRight($0.first) && isRight($0.second) })
                : nil,
            differing: pairs.filter { !areEqual($0.first.prediction, $0.second.prediction) }.map {
                Row(
                    row: $0.number, answer: $0.first.gold, first: $0.first.prediction,
                    second: $0.second.prediction)
            })
    }

    /// Whether answers are the same; strings in any order.
    private static func areEqual(
        _ one: BenchmarkPrediction.Answer?, _ other: BenchmarkPrediction.Answer?
    ) -> Bool {
        if case .strings(let some)? = one, case .strings(let others)? = other {
            return Set(some) == Set(others)
        }
        return one == other
    }

    // MARK: Measures

    private typealias Pair = (first: BenchmarkScore.Row, second: BenchmarkScore.Row)

    private static func choices(_ name: String, _ pairs: [Pair]) -> [Difference] {
        guard let task = BenchmarkTask(rawValue: name) else {
            // Letters of other questions may be several, and are no scale.
            func right(_ row: BenchmarkScore.Row) -> [Bootstrap.Part] {
                [(0, row.prediction == row.gold ? 1 : 0), (1, 1)]
            }
            return differences(
                width: 2, pairs.map { ($0.first.group, right($0.first), right($0.second)) },
                [("accuracy", { $0[1] > 0 ? $0[0] / $0[1] : 0 })])
        }
        let agreement = ChoiceAgreement(task, [])
        let rows = pairs.map { pair in
            (
                pair.first.group, ChoiceAgreement.parts(of: pair.first, agreement.table),
                ChoiceAgreement.parts(of: pair.second, agreement.table)
            )
        }
        return differences(
            width: agreement.table.cellCount, rows,
            ["kappa", "accuracy"].compactMap { name in
                agreement.measures[name].map { (name, $0) }
            })
    }

    private static func strings(_ pairs: [Pair]) -> [Difference] {
        let agreement = StringAgreement([])
        return differences(
            width: StringAgreement.width,
            pairs.map {
                (
                    $0.first.group, StringAgreement.parts(of: $0.first).parts,
                    StringAgreement.parts(of: $0.second).parts
                )
            },
            ["exactF1", "partialF1"].compactMap { name in
                agreement.measures[name].map { (name, $0) }
            })
    }

    /// Measures of the sums of both, drawn together.
    private static func differences(
        width: Int, _ rows: [(group: String, first: [Bootstrap.Part], second: [Bootstrap.Part])],
        _ measures: [(name: String, value: ([Double]) -> Double)]
    ) -> [Difference] {
        let bootstrap = Bootstrap(
            width: 2 * width,
            rows: rows.map { row in
                (row.group, row.first + row.second.map { ($0.sum + width, $0.value) })
            })
        let total = bootstrap.total
        let drawn = bootstrap.drawn(
            Dictionary(
                uniqueKeysWithValues: measures.map { measure in
                    (
                        measure.name,
                        { sums in
                            measure.value(Array(sums[width...]))
                                - measure.value(Array(sums[..<width]))
                        }
                    )
                }))
        return measures.map { measure in
            let (one, other) = (
                measure.value(Array(total[..<width])), measure.value(Array(total[width...]))
            )
            let values = (drawn[measure.name] ?? []).sorted()
            let interval =
                values.isEmpty
                ? nil
                : Bootstrap.Interval(
                    low: Bootstrap.percentile(0.025, values),
                    high: Bootstrap.percentile(0.975, values))
            let below = values.count { $0 <= 0 }
            let above = values.count { $0 >= 0 }
            return Difference(
                measure: measure.name, first: one, second: other, difference: other - one,
                interval: interval,
                p: values.isEmpty
                    ? nil : min(1, 2 * Double(min(below, above)) / Double(values.count)))
        }
    }
}
