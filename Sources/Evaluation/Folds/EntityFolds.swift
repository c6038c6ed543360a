// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
import Corpora
package import Foundation
import HeadTraining
package import JapaneseText

/// Cross-validation of entity recognition.
package struct EntityFolds {
    private let directory: URL
    private let analyzer: TextAnalyzer
    private let trunk: TrunkReader?

    /// Over a data directory; `trunk` gives the heads the states of words.
    package init(directory: URL, analyzer: TextAnalyzer, trunk: TrunkReader?) {
        (self.directory, self.analyzer, self.trunk) = (directory, analyzer, trunk)
    }

    /// Figures of one task or of one tag of it.
    package struct Figures: Encodable, Sendable {
        /// Name of the task, or of the task and a tag.
        package let name: String
        /// Rows that were asked about.
        package let rows: Int
        /// F1 of strings that are equal, with answers forced as the benchmark asks.
        package let exactF1: Double
        /// F1 of strings that share a part.
        package let partialF1: Double
        /// F1 of ranges that are equal.
        package let strictF1: Double
        /// Precision of ranges that are equal.
        package let strictPrecision: Double
        /// Recall of ranges that are equal.
        package let strictRecall: Double
        /// F1 of ranges that overlap.
        package let overlapF1: Double
        /// F1 of equal strings, where a document may have no answer.
        package let exactF1Unforced: Double
        /// F1 of equal ranges, where a document may have no answer.
        package let strictF1Unforced: Double
        /// F1 of overlapping ranges, where a document may have no answer.
        package let overlapF1Unforced: Double
    }

    /// What a cross-validation gives.
    package struct Result: Encodable, Sendable {
        /// The folds that were asked about.
        package let folds: [Int]
        /// A row for each task and each of its tags.
        package let figures: [Figures]
        /// Seconds of training a fold, the mean.
        package let trainingSeconds: Double
        /// Numbers stored, the mean; two bytes each.
        package let storedNumbers: Int
    }

    /// Scores of forced and of free answers.
    private struct Scores {
        var strings = EntityStringScore()
        var spans = EntitySpanScore()
        var freeStrings = EntityStringScore()
        var freeSpans = EntitySpanScore()
    }

    /// Fits and answers one fold after the other; throws what reading and fitting throw.
    package func run(folds: [Int]) throws -> Result {
        let rows = try ["nrner", "mrner_disease", "mrner_medicine"].flatMap {
            try BenchmarkRow.read(directory.appending(path: "jmed-llm/train/\($0).jsonl"))
        }
        let dictionaries = try dictionaries()
        let documents = try EntityDocument.documents(rows, analyze: analyzer.analyze)
        let texts = Dictionary(uniqueKeysWithValues: documents.map { ($0.identifier, $0.text) })
        var scores: [String: Scores] = [:]
        var seconds = 0.0
        var numbers = 0
        for fold in folds {
            let start = Date()
            let fitted = try EntityTraining().fit(
                documents.filter { $0.fold != fold }, dictionaries: dictionaries,
                states: trunk.map { trunk in { try trunk.states(of: $0) } })
            seconds += Date().timeIntervalSince(start)
            let parameters = try fitted.parameters().roundedToHalf()
            numbers += parameters.tensors.values.reduce(0) { $0 + $1.count }
            let recognizer = try EntityRecognizer(parameters: parameters)
            for row in rows where row.fold == fold {
                guard let text = texts[row.documentIdentifier] else { continue }
                try score(row, text: text, recognizer: recognizer, scores: &scores)
            }
        }
        return Result(
            folds: folds, figures: scores.keys.sorted().compactMap { figures($0, scores[$0]) },
            trainingSeconds: seconds / Double(max(folds.count, 1)),
            storedNumbers: numbers / max(folds.count, 1))
    }

    private func dictionaries() throws -> [EntityType: TermTable] {
        let folder = directory.appending(path: "dictionaries")
        return [
            .disease: try EntityTraining.diseaseTerms(
                folder.appending(path: "disease.tsv"), cleaner: analyzer.cleaner),
            .drug: try EntityTraining.drugTerms(
                folder.appending(path: "MedDic-CANCER-DRUG-JA_202306.csv"),
                cleaner: analyzer.cleaner),
        ]
    }

    private func score(
        _ row: BenchmarkRow, text: AnalyzedText, recognizer: EntityRecognizer,
        scores: inout [String: Scores]
    ) throws {
        guard let type = EntityDocument.type(of: row), case .strings(let gold) = row.answer else {
            return
        }
        let reading = DocumentReading(
            document: ClinicalDocument(kind: EntityDocument.kind(of: row), text: row.document),
            text: text, wordStates: try trunk?.states(of: text))
        let forced = recognizer.forcedEntities(in: reading, type: type)
        let free = recognizer.entities(in: reading).filter { $0.type == type }
        let places = row.answerSpans.map { answer in
            answer.offsets.compactMap { pair in
                pair.count == 2 && pair[0] >= 0 && pair[0] <= pair[1]
                    ? SourceRange(start: pair[0], end: pair[1]) : nil
            }
        }
        for name in [row.task, row.task + " " + row.tag] {
            var score = scores[name] ?? Scores()
            score.strings.add(gold: gold, predicted: forced.map(\.span.surface))
            score.spans.add(gold: places, predicted: forced.map(\.span.range))
            score.freeStrings.add(gold: gold, predicted: free.map(\.span.surface))
            score.freeSpans.add(gold: places, predicted: free.map(\.span.range))
            scores[name] = score
        }
    }

    private func figures(_ name: String, _ scores: Scores?) -> Figures? {
        scores.map { scores in
            Figures(
                name: name, rows: scores.strings.rows, exactF1: scores.strings.exactF1,
                partialF1: scores.strings.partialF1, strictF1: scores.spans.strict.f1,
                strictPrecision: scores.spans.strict.precision,
                strictRecall: scores.spans.strict.recall, overlapF1: scores.spans.overlap.f1,
                exactF1Unforced: scores.freeStrings.exactF1,
                strictF1Unforced: scores.freeSpans.strict.f1,
                overlapF1Unforced: scores.freeSpans.overlap.f1)
        }
    }
}
