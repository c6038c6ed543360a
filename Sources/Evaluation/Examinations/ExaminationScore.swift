// SPDX-License-Identifier: Apache-2.0
package import Corpora
import DurableFiles
import Foundation

/// The figures of an examination: right answers and points, as the examination counts them.
package struct ExaminationScore: Codable, Hashable, Sendable {
    /// Some questions' figures.
    package struct Part: Codable, Hashable, Sendable {
        /// What they are gathered under; `all` for all questions.
        package let group: String
        /// Questions, and those that are answered rightly.
        package let questions, right: Int
        /// Right answers as a share of the questions.
        package let accuracy: Double
        /// Points, of how many, and in percent.
        package let points, of: Int
        /// Points in percent; 0 where there are none.
        package let percent: Double
        /// Questions for which a picture is needed, and the percent of points without them.
        package let withImage: Int
        /// Percent of the points of questions without a picture.
        package let textOnlyPercent: Double
        /// Answers that are none, questions that do not fit the context, and texts that were cut.
        package let unparsed, tooLong, cut: Int
        /// Where the percentage of points lies in 95 of 100 draws of the questions; nil with fewer than two.
        package let interval: Bootstrap.Interval?
    }

    /// The model's name.
    package let model: String
    /// The name of the examination: `qa` or `igakuqa`.
    package let task: String
    /// How the model was asked.
    package let answers: AnswerMode
    /// What answered, and how it was asked; nil where it was not worked out.
    package var setting: [String: String]?
    /// All questions, then each group in their order.
    package let parts: [Part]

    /// The figures of answers, one for each question.
    package init(
        model: String, task: String, answers: AnswerMode, questions: [ExaminationQuestion],
        predictions: [BenchmarkPrediction]
    ) {
        precondition(questions.count == predictions.count, "one answer for each question")
        (self.model, self.task, self.answers) = (model, task, answers)
        let rows = Array(zip(questions, predictions))
        var groups: [String] = []
        for question in questions where !groups.contains(question.group) {
            groups.append(question.group)
        }
        var parts = [Self.part("all", rows)]
        if groups.count > 1 || groups.first?.isEmpty == false {
            parts += groups.sorted().map { group in
                Self.part(group, rows.filter { $0.0.group == group })
            }
        }
        self.parts = parts
    }

    private static func part(
        _ name: String, _ rows: [(ExaminationQuestion, BenchmarkPrediction)]
    ) -> Part {
        func points(_ rows: [(ExaminationQuestion, BenchmarkPrediction)]) -> (Int, of: Int) {
            rows.reduce((0, 0)) { sums, row in
                (sums.0 + (row.0.isRight(row.1) ? row.0.points : 0), sums.1 + row.0.points)
            }
        }
        func percent(_ points: (Int, of: Int)) -> Double {
            points.of > 0 ? 100 * Double(points.0) / Double(points.of) : 0
        }
        let all = points(rows)
        let right = rows.count { $0.0.isRight($0.1) }
        let bootstrap = Bootstrap(
            width: 2,
            rows: rows.enumerated().map { index, row in
                (
                    String(index),
                    [
                        (0, row.0.isRight(row.1) ? Double(row.0.points) : 0),
                        (1, Double(row.0.points)),
                    ]
                )
            })
        return Part(
            group: name, questions: rows.count, right: right,
            accuracy: rows.isEmpty ? 0 : Double(right) / Double(rows.count), points: all.0,
            of: all.of, percent: percent(all), withImage: rows.count(where: \.0.needsImage),
            textOnlyPercent: percent(points(rows.filter { !$0.0.needsImage })),
            unparsed: rows.count { $0.1.fault == .unparsed },
            tooLong: rows.count { $0.1.fault == .tooLong },
            cut: rows.count { $0.1.isCut == true },
            interval: bootstrap.intervals(of: [
                "percent": { $0[1] > 0 ? 100 * $0[0] / $0[1] : 0 }
            ])["percent"])
    }
}

extension ExaminationQuestion {
    /// How a question is worded.
    package enum Wording: Sendable {
        /// As rows of instructions are learnt from.
        case instruction
        /// As the IgakuQA benchmark words it.
        case igakuQA
    }

    private func letters(_ wording: Wording) -> [String] {
        BenchmarkPrompt.letters.prefix(choices.count).map {
            wording == .igakuQA ? $0.lowercased() : $0
        }
    }

    /// The question as it is put to a model in writing.
    package func written(_ wording: Wording) -> WrittenQuestion {
        let letters = letters(wording)
        var text: String
        switch wording {
        case .instruction:
            text = BenchmarkPrompt.text(question: question, options: choices)
            if chosen > 1 {
                text += isJapanese ? "\n\(chosen)つ選んでください。" : "\nChoose exactly \(chosen)."
            }
        case .igakuQA:
            text = zip(letters, choices).reduce("問題: " + question) { $0 + "\n\($1.0): \($1.1)" }
            if !choices.isEmpty {
                text += "\n必ず\(letters.joined(separator: ","))の中からちょうど\(chosen)個選んでください。"
            }
            text += "\n答え:"
        }
        return choices.isEmpty
            ? WrittenQuestion(text: text, document: nil)
            : WrittenQuestion(text: text, letters: letters, options: choices, chosen: chosen)
    }

    private var isJapanese: Bool {
        question.unicodeScalars.contains { (0x3040...0x30FF).contains($0.value) }
    }

    /// An answer as a line of a file of predictions.
    package func prediction(
        _ answer: WrittenAnswer, task: String, row: Int, _ wording: Wording
    ) -> BenchmarkPrediction {
        let letters = letters(wording)
        func words(_ numbers: [Int]) -> BenchmarkPrediction.Answer {
            .letter(numbers.map { letters[$0] }.joined(separator: ","))
        }
        var prediction: BenchmarkPrediction
        switch answer.content {
        case .options(let numbers):
            prediction = BenchmarkPrediction(task: task, row: row, prediction: words(numbers))
        case .strings(let strings):
            prediction = BenchmarkPrediction(
                task: task, row: row, prediction: .letter(strings.joined(separator: "\n")))
        case .none(let fault):
            prediction = BenchmarkPrediction(task: task, row: row, prediction: nil)
            prediction.fault = fault
        }
        prediction.text = answer.text
        prediction.isCut = answer.isCut ? true : nil
        // What either of two answers is right for is told by the answer that was given.
        let fits = right.first { .some(words($0)) == prediction.prediction } ?? right.first
        prediction.answer = fits.map(words) ?? rightTexts.first.map { .letter($0) }
        prediction.question = digest
        prediction.document = ContentDigest.short(of: id + "\u{0}" + question)
        prediction.tag = group
        return prediction
    }

    /// A digest of the question, its choices and answers.
    package var digest: String {
        ContentDigest.short(
            of: ([question] + choices + right.map { "\($0)" } + rightTexts)
                .joined(separator: "\u{0}"))
    }

    /// Whether an answer is right: all of the right choices and no other, or the number that is to be found.
    package func isRight(_ prediction: BenchmarkPrediction) -> Bool {
        if isGivenAway { return true }
        guard case .letter(let said)? = prediction.prediction else { return false }
        guard choices.isEmpty else {
            let numbers = said.split(separator: ",").map {
                BenchmarkPrompt.letters.firstIndex(of: $0.uppercased())
            }
            return right.contains { $0.map(Optional.some) == numbers }
        }
        guard let number = Self.number(in: said) else { return false }
        return rightTexts.contains { Self.number(in: $0) == number }
    }

    /// The first number of a text.
    private static func number(in text: String) -> Double? {
        let folded = text.precomposedStringWithCompatibilityMapping
            .replacingOccurrences(of: ",", with: "")
        return folded.firstMatch(of: /-?[0-9]+(\.[0-9]+)?/).flatMap { Double($0.output.0) }
    }
}
