// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
import Corpora
package import Foundation
package import HeadTraining
package import JapaneseText
package import LanguageModel

/// Cross-validation of entity recognition.
package struct EntityFolds {
    private let directory: URL
    private let analyzer: TextAnalyzer
    private let trunk: TrunkReader?
    private let taggers: Taggers?

    /// Over a data directory; `trunk` gives the heads the states of words, `taggers` have a share in what is
    /// found.
    package init(
        directory: URL, analyzer: TextAnalyzer, trunk: TrunkReader?, taggers: Taggers? = nil
    ) {
        (self.directory, self.analyzer, self.trunk) = (directory, analyzer, trunk)
        self.taggers = taggers
    }

    /// Taggers, one for each fold, which have not seen that fold.
    package struct Taggers {
        /// What the tagger's probabilities count, 0 to 1; the figures of each are given.
        package let weights: [Double]
        /// The reader of a fold's tagger, with the meanings of its labels and how well these follow each
        /// other.
        package let tagger: (Int) throws -> (TrunkReader, LabelMap, LabelTransitions?)

        /// Taggers that are opened fold by fold.
        package init(
            weights: [Double],
            tagger: @escaping (Int) throws -> (TrunkReader, LabelMap, LabelTransitions?)
        ) {
            precondition(!weights.isEmpty && weights.allSatisfy { (0...1).contains($0) })
            (self.weights, self.tagger) = (weights, tagger)
        }
    }

    /// Figures of one task or of one tag of it.
    package struct Figures: Encodable, Sendable {
        /// Name of the task, or of the task and a tag.
        package let name: String
        /// What a tagger counts; nil without one.
        package let taggerWeight: Double?
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

    /// What is scored by itself: a task or a tag of it, under a weight of the tagger.
    private struct Question: Hashable, Comparable {
        let weight: Double?
        let name: String

        static func < (left: Question, right: Question) -> Bool {
            (left.weight ?? 0, left.name) < (right.weight ?? 0, right.name)
        }
    }

    /// Scores of forced and of free answers.
    private struct Scores {
        var strings = EntityStringScore()
        var spans = EntitySpanScore()
        var freeStrings = EntityStringScore()
        var freeSpans = EntitySpanScore()
    }

    /// Fits and answers one fold after the other; throws what reading and fitting throw.
    ///
    /// `record` is given every mention that the model finds of a type that the document's rows know, as it is
    /// written after lists and rules have seen it.
    package func run(
        folds: [Int], recording record: ((HeldOutAnswer) -> Void)? = nil
    ) throws -> Result {
        let rows = try ["nrner", "mrner_disease", "mrner_medicine"].flatMap {
            try BenchmarkRow.read(directory.appending(path: "jmed-llm/train/\($0).jsonl"))
        }
        let dictionaries = try dictionaries()
        let documents = try EntityDocument.documents(rows, analyze: analyzer.analyze)
        let texts = Dictionary(uniqueKeysWithValues: documents.map { ($0.identifier, $0.text) })
        let lexicon = record == nil ? nil : try self.lexicon()
        var scores: [Question: Scores] = [:]
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
            let tagger = try taggers.map { try $0.tagger(fold) }
            let weighed = try recognizers(recognizer, tagger)
            var readings: [String: DocumentReading] = [:]
            for row in rows where row.fold == fold {
                let document = row.documentIdentifier
                guard let text = texts[document] else { continue }
                let reading =
                    try readings[document] ?? reading(of: row, text: text, tagger: tagger?.0)
                readings[document] = reading
                for (weight, recognizer) in weighed {
                    try score(row, reading, recognizer, weight: weight, scores: &scores)
                }
            }
            guard let record else { continue }
            for document in documents where document.fold == fold {
                guard let reading = readings[document.identifier] else { continue }
                for (_, recognizer) in weighed {
                    TaskSet(entities: recognizer, mentions: lexicon)
                        .answers(about: document, reading).forEach(record)
                }
            }
        }
        return Result(
            folds: folds, figures: scores.keys.sorted().compactMap { figures($0, scores[$0]) },
            trainingSeconds: seconds / Double(max(folds.count, 1)),
            storedNumbers: numbers / max(folds.count, 1))
    }

    /// The recognizer under each weight of the tagger; alone without one.
    private func recognizers(
        _ recognizer: EntityRecognizer, _ tagger: (TrunkReader, LabelMap, LabelTransitions?)?
    ) throws -> [(weight: Double?, EntityRecognizer)] {
        guard let tagger, let taggers else { return [(nil, recognizer)] }
        return try taggers.weights.map { weight in
            var recognizer = recognizer
            if weight > 0 {
                recognizer.tagger = try TaggerShare(
                    weight: weight, labels: tagger.1, transitions: tagger.2)
            }
            return (weight, recognizer)
        }
    }

    private func reading(
        of row: BenchmarkRow, text: AnalyzedText, tagger: TrunkReader?
    ) throws -> DocumentReading {
        DocumentReading(
            document: ClinicalDocument(kind: EntityDocument.kind(of: row), text: row.document),
            text: text, wordStates: try trunk?.states(of: text),
            labelled: try tagger?.readings(of: [text], wordStates: false).first?.labelled)
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

    /// The price list's names of drugs, which make mentions of their own beside the model's; nil without the list.
    private func lexicon() throws -> MentionLexicon? {
        let folder = directory.appending(path: "dictionaries")
        let lists = try FileManager.default.contentsOfDirectory(
            atPath: folder.path(percentEncoded: false))
        guard let list = lists.sorted().last(where: { $0.hasPrefix("drugs-nhi-") }) else {
            return nil
        }
        return MentionLexicon(
            drugs: try DrugPriceList.terms(
                folder.appending(path: list), cleaner: analyzer.cleaner))
    }

    private func score(
        _ row: BenchmarkRow, _ reading: DocumentReading, _ recognizer: EntityRecognizer,
        weight: Double?, scores: inout [Question: Scores]
    ) throws {
        guard let type = EntityDocument.type(of: row), case .strings(let gold) = row.answer else {
            return
        }
        let forced = recognizer.forcedEntities(in: reading, type: type)
        let free = recognizer.entities(in: reading).filter { $0.type == type }
        let places = row.answerSpans.map { answer in
            answer.offsets.compactMap { pair in
                pair.count == 2 && pair[0] >= 0 && pair[0] <= pair[1]
                    ? SourceRange(start: pair[0], end: pair[1]) : nil
            }
        }
        for name in [row.task, row.task + " " + row.tag] {
            let question = Question(weight: weight, name: name)
            var score = scores[question] ?? Scores()
            score.strings.add(gold: gold, predicted: forced.map(\.span.surface))
            score.spans.add(gold: places, predicted: forced.map(\.span.range))
            score.freeStrings.add(gold: gold, predicted: free.map(\.span.surface))
            score.freeSpans.add(gold: places, predicted: free.map(\.span.range))
            scores[question] = score
        }
    }

    private func figures(_ question: Question, _ scores: Scores?) -> Figures? {
        scores.map { scores in
            Figures(
                name: question.name, taggerWeight: question.weight, rows: scores.strings.rows,
                exactF1: scores.strings.exactF1,
                partialF1: scores.strings.partialF1, strictF1: scores.spans.strict.f1,
                strictPrecision: scores.spans.strict.precision,
                strictRecall: scores.spans.strict.recall, overlapF1: scores.spans.overlap.f1,
                exactF1Unforced: scores.freeStrings.exactF1,
                strictF1Unforced: scores.freeSpans.strict.f1,
                overlapF1Unforced: scores.freeSpans.overlap.f1)
        }
    }
}

extension TaskSet {
    /// What of the model's own a document gets written down that its rows can tell to be right or wrong.
    ///
    /// What rules take for denied, suspected or not given is left out: the rows hold what the patient has.
    fileprivate func answers(
        about document: EntityDocument, _ reading: DocumentReading
    ) -> [HeldOutAnswer] {
        findings(in: reading, asked: [.entities]).entities.compactMap { mention in
            guard mention.claimsWhatModelScores, let known = document.entities[mention.type] else {
                return nil
            }
            return HeldOutAnswer(
                task: "entities", type: mention.type.rawValue, fold: document.fold,
                document: document.identifier, score: mention.score,
                isRight: known.contains(mention.span.range))
        }
    }
}
