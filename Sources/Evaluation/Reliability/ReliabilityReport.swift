// SPDX-License-Identifier: Apache-2.0
import HTMLReports
package import HeadTraining

/// The reliability of every kind of answer in some files.
package struct ReliabilityReport: Hashable, Sendable, Encodable {
    /// One kind of answer.
    package struct Row: Hashable, Sendable, Encodable {
        /// The task that was asked.
        package let task: String
        /// What the answers say; `all` for all answers of the task.
        package let type: String
        /// How far their scores are probabilities.
        package let reliability: Reliability
    }

    /// The rows, all answers of a task before its types.
    package let rows: [Row]

    /// A report on answers, the tasks in the order of their names.
    package init(_ answers: [HeldOutAnswer], bins: Int = Reliability.usualBins) {
        rows = Dictionary(grouping: answers, by: \.task).sorted { $0.key < $1.key }.flatMap {
            task, answers in
            let types = Dictionary(grouping: answers, by: \.type).sorted { $0.key < $1.key }
            let all = types.count > 1 ? [("all", answers)] : []
            return (all + types.map { ($0.key, $0.value) }).map { type, answers in
                Row(task: task, type: type, reliability: Reliability(answers, bins: bins))
            }
        }
    }

    /// The report as a page that needs no other file: a diagram of each row.
    package var html: String {
        let table = HTML.table(
            [
                "task", "answer", "answers", "mean score", "right", "ECE, equal count",
                "equal width", "by chance alone",
            ],
            rows.map { row in
                [
                    row.task, row.type, "\(row.reliability.count)",
                    HTML.short(row.reliability.meanScore), HTML.short(row.reliability.rightShare),
                    HTML.short(row.reliability.errorByCount),
                    HTML.short(row.reliability.errorByWidth),
                    HTML.short(row.reliability.errorByChance),
                ]
            })
        return HTML.page(
            "How far scores are probabilities",
            [
                table,
                """
                <p>Each point is a group of as many answers of similar scores: across, the mean of their scores; \
                up, the part of them that is right. On the line, a score is the probability that it says. \
                ECE is the mean distance from it; <em>by chance alone</em> is what it would be if every score were \
                the very probability.</p>
                """,
            ] + rows.map(Self.diagram))
    }

    private static func diagram(_ row: Row) -> String {
        LineChart(
            title: "\(row.task), \(row.type) (\(row.reliability.count))", xName: "score",
            series: [
                .init(name: "a probability", colour: 3, points: [(0, 0), (1, 1)]),
                .init(
                    name: "right", colour: 1,
                    points: row.reliability.bins.map { ($0.meanScore, $0.rightShare) },
                    marks: true),
            ], mayGrowByFactors: false
        ).svg
    }
}
