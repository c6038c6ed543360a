// SPDX-License-Identifier: Apache-2.0
package import Corpora

/// The figures of one task: the official ones, and what stands beside them.
package struct BenchmarkScore: Codable, Hashable, Sendable {
    /// A row with its answer.
    package struct Row: Sendable {
        /// The right answer.
        package let gold: BenchmarkPrediction.Answer
        /// The answer; nil where there is none.
        package let prediction: BenchmarkPrediction.Answer?
        /// Why there is none.
        package var fault: BenchmarkPrediction.Fault?
        /// Whether the answer was cut by the most new tokens.
        package var isCut = false
        /// The document, in which the strings of entity tasks stand; nil where it is not known.
        package var document: String?
        /// What stands for the document; rows of one are drawn together.
        package var group: String
        /// The subtask.
        package var tag = ""

        /// A row; without a group it stands for itself.
        package init(
            gold: BenchmarkPrediction.Answer, prediction: BenchmarkPrediction.Answer?,
            group: String
        ) {
            (self.gold, self.prediction, self.group) = (gold, prediction, group)
        }
    }

    /// How one class was found.
    package struct Class: Codable, Hashable, Sendable {
        /// Its letter.
        package let name: String
        /// Rows of which it is right.
        package let gold: Int
        /// Rows that were answered so.
        package let predicted: Int
        /// Part of these that are right; nil where there are none.
        package let precision: Double?
        /// Part of the rows of which it is right that were answered so; nil where there are none.
        package let recall: Double?
        /// Harmonic mean of both; nil where it is neither right nor answered.
        package let f1: Double?
    }

    /// Right classes by answered ones.
    package struct Confusion: Codable, Hashable, Sendable {
        /// Letters of rows and columns.
        package let classes: [String]
        /// Rows of the task by right class, and by answered class.
        package let rows: [[Int]]
        /// Rows of each right class without an answer.
        package let unanswered: [Int]

        /// A table.
        package init(classes: [String], rows: [[Int]], unanswered: [Int]) {
            (self.classes, self.rows, self.unanswered) = (classes, rows, unanswered)
        }
    }

    /// A subtask.
    package struct Tag: Codable, Hashable, Sendable {
        /// Its name.
        package let tag: String
        /// Its rows.
        package let rows: Int
        /// As those of the task.
        package let kappa, accuracy, exactF1, partialF1: Double?
    }

    /// Name of the task.
    package let task: String
    /// Number of rows.
    package let rows: Int
    /// Number of documents that the rows are about.
    package let documents: Int
    /// How the model was asked; nil for a model with heads.
    package var answers: AnswerMode?
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
    /// F1 of all strings together by their places; nil where documents are not known.
    package var strictF1: Double?
    /// The same where it is enough that places overlap.
    package var overlapF1: Double?
    /// Answers that are none, and count as wrong.
    package let unparsed: Int
    /// Rows that did not fit the model's context, and count as wrong.
    package let tooLong: Int
    /// Texts that were cut by the most new tokens.
    package let cut: Int
    /// Strings that stand nowhere in their documents; nil for choices.
    package var notInDocument: Int?
    /// Choices: the classes that are right or answered anywhere.
    package var classes: [Class]?
    /// Choices: which class was taken for which.
    package var confusion: Confusion?
    /// The subtasks, where there are several.
    package var tags: [Tag]?
    /// Where figures lie in 95 of 100 draws of documents.
    package var intervals: [String: Bootstrap.Interval]

    /// The figures of answers to a file's rows, each row standing for itself.
    package init(
        _ task: BenchmarkTask, gold: [BenchmarkRow.Answer],
        predictions: [BenchmarkPrediction.Answer]
    ) {
        precondition(gold.count == predictions.count, "one prediction for each row")
        self.init(
            task,
            rows: zip(gold, predictions).enumerated().map { index, pair in
                Row(gold: .init(pair.0), prediction: pair.1, group: String(index))
            })
    }

    /// The figures of a task's rows.
    package init(_ task: BenchmarkTask, rows: [Row]) {
        self.task = task.rawValue
        self.rows = rows.count
        unparsed = rows.count { $0.fault == .unparsed }
        tooLong = rows.count { $0.fault == .tooLong }
        cut = rows.count(where: \.isCut)
        if task.isChoice {
            let agreement = ChoiceAgreement(task, rows)
            let bootstrap = agreement.bootstrap
            documents = bootstrap.groupCount
            let table = agreement.table.with(bootstrap.total)
            (kappa, accuracy) = (table.kappa, table.accuracy)
            balancedKappa = table.balanced.kappa
            intervals = bootstrap.intervals(of: agreement.measures)
            (classes, confusion) = Self.classes(of: table, names: BenchmarkChoice.letters)
        } else {
            let agreement = StringAgreement(rows)
            let bootstrap = agreement.bootstrap
            documents = bootstrap.groupCount
            let total = bootstrap.total
            let values = agreement.measures.mapValues { $0(total) }
            (exactF1, partialF1) = (values["exactF1"], values["partialF1"])
            (strictF1, overlapF1) = (values["strictF1"], values["overlapF1"])
            notInDocument = agreement.notInDocument
            intervals = bootstrap.intervals(of: agreement.measures)
        }
        tags = Self.tags(task, rows)
    }

    private static func tags(_ task: BenchmarkTask, _ rows: [Row]) -> [Tag]? {
        let parts = Dictionary(grouping: rows, by: \.tag)
        guard parts.count > 1 else { return nil }
        return parts.sorted { $0.key < $1.key }.map { tag, rows in
            if task.isChoice {
                let agreement = ChoiceAgreement(task, rows)
                let table = agreement.table.with(agreement.bootstrap.total)
                return Tag(
                    tag: tag, rows: rows.count, kappa: table.kappa, accuracy: table.accuracy,
                    exactF1: nil, partialF1: nil)
            }
            let agreement = StringAgreement(rows)
            let total = agreement.bootstrap.total
            return Tag(
                tag: tag, rows: rows.count, kappa: nil, accuracy: nil,
                exactF1: agreement.measures["exactF1"]?(total),
                partialF1: agreement.measures["partialF1"]?(total))
        }
    }

    /// How each named class was found, of those that are right or answered anywhere.
    static func classes(of table: AgreementTable, names: [String]) -> ([Class], Confusion) {
        let counts = table.counts.map { $0.map { Int($0) } }
        let gold = counts.map { $0.reduce(0, +) }
        let predicted = counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
        let used = counts.indices.filter { gold[$0] + predicted[$0] > 0 }
        let classes = used.map { place in
            let right = Double(counts[place][place])
            return Class(
                name: names[place], gold: gold[place],
                predicted: predicted[place],
                precision: predicted[place] > 0 ? right / Double(predicted[place]) : nil,
                recall: gold[place] > 0 ? right / Double(gold[place]) : nil,
                f1: 2 * right / Double(gold[place] + predicted[place]))
        }
        return (
            classes,
            Confusion(
                classes: used.map { names[$0] },
                rows: used.map { row in used.map { counts[row][$0] } },
                unanswered: used.map { counts[$0][table.classCount] })
        )
    }
}
