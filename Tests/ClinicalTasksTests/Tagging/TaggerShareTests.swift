// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import JapaneseText
import LanguageModel
import LinearHeads
import Tensors
import Testing

@Suite("Heads and a tagger that find entities together")
struct TaggerShareTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }
    private static let names = [
        "O", "B-disease", "I-disease", "B-drug", "I-drug", "B-dose", "I-dose",
    ]

    /// A chain that begins an entity of its first type at each word with this probability.
    private static func chain(_ labels: EntityLabels, _ probability: Float) -> LinearChainHead {
        let K = labels.count
        func scores(_ count: Int) -> [Float] {
            (0..<count).map {
                switch $0 % K {
                case 0: log(1 - probability)
                case 1: log(probability)
                default: -30
                }
            }
        }
        return LinearChainHead(
            labels: labels.names, features: HashIndex([]), weights: Tensor(zeros: [0, K]),
            denseWeights: Tensor(zeros: [0, K]),
            transitions: Tensor(shape: [K, K], values: scores(K * K)),
            start: Tensor(shape: [K], values: scores(K)), end: Tensor(zeros: [K]))
    }

    private static func share(
        _ weight: Double, names: [String] = names, given: [String: LabelMeaning] = [:]
    ) throws -> TaggerShare {
        try TaggerShare(
            weight: weight,
            labels: LabelMap(modelNames: names, names: nil, pieces: .each, given: given))
    }

    private static func recognizer(_ probability: Float, weight: Double?) throws -> EntityRecognizer
    {
        var recognizer = EntityRecognizer(
            features: EntityFeatures(tables: EntityTables()),
            disease: chain(EntityRecognizer.diseaseLabels, probability),
            medication: chain(EntityRecognizer.medicationLabels, 0.01))
        recognizer.tagger = try weight.map { try share($0) }
        return recognizer
    }

    /// A text with, for each of its characters, the probability that it begins or goes on with a disease.
    private static func reading(
        _ source: String, _ begins: [Float], inside: [Float]
    ) throws -> DocumentReading {
        let text = try analyzer.get().analyze(source)
        var logits = Tensor(zeros: [begins.count, names.count])
        for row in begins.indices {
            let rest = max(1e-9, 1 - begins[row] - inside[row])
            for (label, value) in [rest, begins[row], inside[row], 1e-9, 1e-9, 1e-9, 1e-9]
                .enumerated()
            {
                logits.values[row * names.count + label] = log(max(value, 1e-9))
            }
        }
        return DocumentReading(
            document: ClinicalDocument(kind: .nursing, text: source), text: text,
            labelled: LabelledTokens(
                tokens: begins.indices.map {
                    PlacedToken(
                        id: 0, range: CleanedRange(start: $0, end: $0 + 1), sentence: 0,
                        continuesWord: false)
                }, logits: logits))
    }

    @Test("A run's probability is the weighted mean, and the rows say who finds it")
    func mean() throws {
        // 発熱 | あり; the tagger sees characters.
        let reading = try Self.reading("発熱あり", [0.9, 0, 0.1, 0], inside: [0, 0.9, 0, 0.05])
        #expect(reading.text.sentences[0].morphemes.map(\.surface) == ["発熱", "あり"])
        func found(_ probability: Float, _ weight: Double?) throws -> [String: Entity] {
            Dictionary(
                try Self.recognizer(probability, weight: weight).entities(in: reading)
                    .map { ($0.span.surface, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let heads = try found(0.5, nil)
        let tagger = try found(0.01, 1)
        #expect(Set(heads.keys) == ["発熱", "あり"] && Set(tagger.keys) == ["発熱"])
        #expect(heads.values.allSatisfy { $0.part == nil })
        for weight in [0.3, 0.5, 0.7] {
            let both = try found(0.5, weight)
            let entity = try #require(both["発熱"])
            let mean =
                (1 - weight) * (heads["発熱"]?.score ?? 0) + weight * (tagger["発熱"]?.score ?? 0)
            #expect(abs(entity.score - mean) < 1e-3 && entity.part == .both)
        }
        #expect(try found(0.5, 0.2)["あり"]?.part == .heads)
        #expect(try found(0.5, 0.7)["あり"] == nil)
        #expect(try found(0.01, 0.5)["発熱"]?.part == .tagger)
        #expect(try found(0.01, 0.2).isEmpty)
    }

    @Test("An answer by force is the likeliest run of both")
    func forced() throws {
        let reading = try Self.reading("発熱あり", [0.2, 0, 0.1, 0], inside: [0, 0.2, 0, 0.05])
        let recognizer = try Self.recognizer(0.02, weight: 0.5)
        #expect(recognizer.entities(in: reading).isEmpty)
        let forced = recognizer.forcedEntities(in: reading, type: .disease)
        #expect(forced.map(\.span.surface) == ["発熱"])
    }

    @Test("A recognizer keeps its tagger's share, without how its labels follow each other")
    func stored() throws {
        let recognizer = try Self.recognizer(0.5, weight: 0.4)
        let back = try EntityRecognizer(parameters: recognizer.parameters())
        #expect(back.tagger?.weight == 0.4)
        #expect(back.tagger?.labels == recognizer.tagger?.labels)
        #expect(
            try EntityRecognizer(parameters: Self.recognizer(0.5, weight: nil).parameters())
                .tagger == nil)
        let reading = try Self.reading("発熱あり", [0.9, 0, 0.1, 0], inside: [0, 0.9, 0, 0.05])
        #expect(back.entities(in: reading) == recognizer.entities(in: reading))
    }

    @Test("A share that cannot be meant is refused")
    func refused() {
        #expect(throws: TaskParameterError.self) { try Self.share(0) }
        #expect(throws: TaskParameterError.self) { try Self.share(1.5) }
        // Labels of entities that end by a letter of their own are none of these pairs.
        #expect(throws: TaskParameterError.self) {
            try Self.share(0.5, names: ["O", "B-disease", "I-disease", "E-disease", "S-disease"])
        }
        #expect(throws: TaskParameterError.self) {
            try Self.share(
                0.5, names: ["O", "B-disease", "I-disease"],
                given: ["disease": .entity(.disease, .negative)])
        }
    }
}
