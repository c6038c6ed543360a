// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import JapaneseText
import LinearHeads
import Tensors
import Testing

@Suite("A recognizer of entities")
struct EntityRecognizerTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }

    /// A chain that begins an entity at one word, by the features that no other word of the tests has.
    private static func chain(
        _ labels: EntityLabels, word: String, dense: Int = 0
    ) throws -> LinearChainHead {
        let K = labels.count
        let features = EntityFeatures(tables: EntityTables())
        func hashes(_ text: String) throws -> [[UInt32]] {
            let text = try analyzer.get().analyze(text)
            return text.sentences.flatMap { features.hashes(of: $0, in: text, kind: .nursing) }
        }
        let others = try ["アスピリン。", "発熱。"].flatMap { text in
            try hashes(text).enumerated().filter { text != word + "。" || $0.offset > 0 }.map(
                \.element)
        }
        let own = Set(try hashes(word + "。")[0]).subtracting(others.joined())
        let index = HashIndex(own.sorted())
        var weights = Tensor(zeros: [index.count, K])
        for row in 0..<index.count { weights.values[row * K + 1] = 10 / Float(index.count) }
        var start = Tensor(zeros: [K])
        start.values[0] = 8
        var transitions = Tensor(zeros: [K, K])
        for label in 0..<K { transitions.values[label * K] = 8 }
        return LinearChainHead(
            labels: labels.names, features: index, weights: weights,
            denseWeights: Tensor(zeros: [dense, K]), transitions: transitions, start: start,
            end: Tensor(zeros: [K]))
    }

    private static func recognizer(
        thresholds: [EntityType: Double] = EntityRecognizer.usualThresholds,
        dense: (Int, Int) = (0, 0)
    ) throws -> EntityRecognizer {
        var tables = EntityTables()
        tables.terms[.disease] = TermTable([TermTable.Term("発熱", code: "R509")])
        return EntityRecognizer(
            features: EntityFeatures(tables: tables),
            disease: try chain(EntityRecognizer.diseaseLabels, word: "発熱", dense: dense.0),
            medication: try chain(
                EntityRecognizer.medicationLabels, word: "アスピリン", dense: dense.1),
            thresholds: thresholds)
    }

    private func entities(_ recognizer: EntityRecognizer, in text: String) throws -> [Entity] {
        recognizer.entities(
            in: DocumentReading(
                document: ClinicalDocument(kind: .nursing, text: text),
                text: try Self.analyzer.get().analyze(text)))
    }

    @Test("gives entities in their order, with the place in the source and the code of the term")
    func order() throws {
        let found = try entities(Self.recognizer(), in: "アスピリン。\n発熱。")
        #expect(found.map(\.type) == [.drug, .disease])
        #expect(found.map(\.span.surface) == ["アスピリン", "発熱"])
        #expect(found.map(\.span.range.start) == [0, 7])
        #expect(found.map(\.icd10) == [nil, "R509"])
        #expect(found.allSatisfy { (0...1).contains($0.score) })
    }

    @Test("a threshold above the probability leaves an entity out, of its type alone")
    func thresholds() throws {
        let plain = try entities(Self.recognizer(), in: "アスピリン。\n発熱。")
        let score = try #require(plain.first { $0.type == .disease }).score
        #expect((0.8...0.95).contains(score))
        let strict: [EntityType: Double] = [.disease: score + 1e-6, .drug: 0.35, .dose: 0.35]
        let found = try entities(Self.recognizer(thresholds: strict), in: "アスピリン。\n発熱。")
        #expect(found.map(\.type) == [.drug])
    }

    @Test("is what it was when it is read back")
    func stored() throws {
        let thresholds: [EntityType: Double] = [.disease: 0.2, .drug: 0.3, .dose: 0.4]
        let recognizer = try Self.recognizer(thresholds: thresholds)
        let back = try EntityRecognizer(parameters: recognizer.parameters())
        #expect(back.thresholds == thresholds)
        #expect(back.stateWidth == 0)
        let text = "発熱とアスピリン。発熱。"
        #expect(try entities(back, in: text) == entities(recognizer, in: text))
    }

    @Test(
        "that does not fit this program is refused by the name of what is wrong",
        arguments: [
            ("featureVersion", #""featureVersion":99"#),
            ("diseaseLabels", #""diseaseLabels":["O"]"#),
            ("medicationLabels", #""medicationLabels":["O"]"#),
            ("thresholds", #""thresholds":{"disease":1.5,"drug":0.3,"dose":0.3}"#),
            ("thresholds", #""thresholds":{"disease":0.5}"#), ("settings", #""stateScale":"x""#),
        ])
    func refused(field: String, change: String) throws {
        var parameters = try Self.recognizer().parameters()
        var settings = try #require(
            JSONSerialization.jsonObject(with: parameters.settings) as? [String: Any])
        let changed = try #require(
            JSONSerialization.jsonObject(with: Data("{\(change)}".utf8)) as? [String: Any])
        settings.merge(changed) { _, new in new }
        parameters.settings = try JSONSerialization.data(withJSONObject: settings)
        #expect(throws: TaskParameterError.settings(task: "entities", field: field)) {
            try EntityRecognizer(parameters: parameters)
        }
    }

    @Test("a tensor that is missing, and chains of different states, are refused")
    func tensors() throws {
        let parameters = try Self.recognizer().parameters()
        // Bundles before version 4 have no second halves of hashes.
        for name in parameters.tensors.keys where !name.hasSuffix("checks") {
            var lacking = parameters
            lacking.tensors[name] = nil
            #expect(throws: TaskParameterError.self, "\(name)") {
                try EntityRecognizer(parameters: lacking)
            }
        }
        let uneven = try Self.recognizer(dense: (4, 2)).parameters()
        #expect(throws: TaskParameterError.settings(task: "entities", field: "stateWidth")) {
            try EntityRecognizer(parameters: uneven)
        }
    }
}
