// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import JapaneseText
import LanguageModel
import Tensors
import TestSupport
import Testing

@Suite("Scores of a tagger's entities")
struct EntityTaggerTests {
    private static let labels = ["O", "B-disease", "I-disease"]

    /// Random numbers from −2 to below 2.
    private static func numbers(_ shape: [Int], seed: UInt64) -> Tensor {
        var numbers = SeededNumbers(seed: seed)
        return Tensor(
            shape: shape, values: (0..<shape.reduce(1, *)).map { _ in 2 * numbers.signed() })
    }

    /// Weights of all ways to label tokens that the scheme allows.
    private static func ways(
        _ logits: Tensor, _ transitions: LabelTransitions
    ) -> [(labels: [Int], weight: Double)] {
        var ways: [(labels: [Int], weight: Double)] = [([], 0)]
        for token in 0..<logits.rows {
            ways = ways.flatMap { way in
                (0..<3).compactMap { label in
                    let before = way.labels.last
                    guard label != 2 || (before ?? 0) != 0 else { return nil }
                    let step =
                        before.map { transitions.pairs.values[$0 * 3 + label] }
                        ?? transitions.start.values[label]
                    return (
                        way.labels + [label],
                        way.weight + Double(step + logits.values[token * 3 + label])
                    )
                }
            }
        }
        return ways.map {
            ($0.labels, exp($0.weight + Double(transitions.end.values[$0.labels.last ?? 0])))
        }
    }

    @Test("are their labels' share of all ways to label the sentence", arguments: 1...40)
    func scores(seed: UInt64) throws {
        let characters = Array("発熱咳嗽あり")
        let source = String(characters)
        guard let morphology = try? MorphologicalAnalyzer() else { return }
        let text = TextAnalyzer(
            cleaner: TextCleaner(profile: .documents), analyzer: morphology
        ).analyze(source)
        let tokens = characters.indices.map {
            PlacedToken(
                id: 0, range: CleanedRange(start: $0, end: $0 + 1), sentence: 0,
                continuesWord: false)
        }
        let logits = Self.numbers([tokens.count, 3], seed: seed)
        let transitions = LabelTransitions(
            pairs: Self.numbers([3, 3], seed: seed + 100),
            start: Self.numbers([3], seed: seed + 200), end: Self.numbers([3], seed: seed + 300))
        let map = try LabelMap(modelNames: Self.labels, names: nil, pieces: .each, given: [:])
        let tagger = try EntityTagger(
            settings: JSONEncoder().encode(map), labelCount: 3, transitions: transitions)
        let found = tagger.entities(
            in: DocumentReading(
                document: ClinicalDocument(kind: .nursing, text: source), text: text,
                labelled: LabelledTokens(tokens: tokens, logits: logits)))
        let ways = Self.ways(logits, transitions)
        let best = try #require(ways.max { $0.weight < $1.weight })
        let all = ways.reduce(0) { $0 + $1.weight }
        #expect(found.count == best.labels.count { $0 == 1 })
        for entity in found {
            let range = entity.span.range.start..<entity.span.range.end
            let share = ways.reduce(0) {
                $0 + ($1.labels[range] == best.labels[range] ? $1.weight : 0)
            }
            #expect(abs(entity.score - share / all) < 1e-4)
        }
    }
}
