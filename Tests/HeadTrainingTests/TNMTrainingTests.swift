// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Corpora
import Foundation
import HeadTraining
import JapaneseText
import Testing

@Suite("Training of the TNM head")
struct TNMTrainingTests {
    private func analyze(_ text: String) -> AnalyzedText {
        AnalyzedText(cleaned: TextCleaner(profile: .documents).clean(text), sentences: [])
    }

    @Test("Equal seeds write equal reports, and every category comes up about equally often")
    func generator() {
        var first = TNMReportGenerator(seed: 7)
        var second = TNMReportGenerator(seed: 7)
        var counts: [Int: Int] = [:]
        for _ in 0..<1000 {
            let report = first.next()
            #expect(report == second.next())
            counts[report.t, default: 0] += 1
        }
        #expect(counts.keys.sorted() == [0, 1, 2, 3, 4])
        #expect(counts.values.allSatisfy { $0 > 140 })
    }

    @Test("A head fitted on generated reports only answers fresh ones, rare categories too")
    func learned() throws {
        let classifier = try TNMTraining.fit(rows: [], analyze: analyze, excludingFold: nil)
        var generator = TNMReportGenerator(seed: 1234)
        var right: [TNMAxis: Int] = [:]
        var noTumour = (right: 0, all: 0)
        for _ in 0..<200 {
            let report = generator.next()
            let text = analyze(report.text)
            for (axis, label) in [(TNMAxis.t, report.t), (.n, report.n), (.m, report.m)] {
                let isRight =
                    classifier.learnedLetter(for: axis, text: text)
                    == ["A", "B", "C", "D", "E"][label]
                right[axis, default: 0] += isRight ? 1 : 0
                if axis == .t, label == 0 {
                    noTumour.all += 1
                    noTumour.right += isRight ? 1 : 0
                }
            }
        }
        for axis in TNMAxis.allCases { #expect(right[axis] ?? 0 >= 180, "\(axis)") }
        #expect(noTumour.right * 10 >= noTumour.all * 9)
    }

    private static let rows = URL(fileURLWithPath: #filePath)
        .appending(path: "../../../../shared/data/jmed-llm/train/rrtnm.jsonl").standardizedFileURL

    @Test(
        "Real reports of unseen folds agree with their labels (needs ../shared)",
        .enabled(
            if: FileManager.default.fileExists(atPath: rows.path),
            "the training rows are not beside the package"))
    func folds() throws {
        let rows = try BenchmarkRow.read(Self.rows)
        var rules = 0
        var learned = 0
        for fold in 0..<5 {
            let classifier = try TNMTraining.fit(
                rows: rows, analyze: analyze, excludingFold: fold)
            for row in rows where row.fold == fold {
                let axis = try #require(TNMAxis(rawValue: row.tag))
                let text = analyze(row.document)
                let letter = BenchmarkRow.Answer.letter
                if letter(classifier.letter(for: axis, text: text)) == row.answer { rules += 1 }
                if letter(classifier.learnedLetter(for: axis, text: text)) == row.answer {
                    learned += 1
                }
            }
        }
        #expect(Double(rules) >= 0.95 * Double(rows.count))
        #expect(Double(learned) >= 0.90 * Double(rows.count))
    }
}
