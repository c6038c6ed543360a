// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import JapaneseText
import LinearHeads
import Tensors
import Testing

@Suite("Entities and personal information")
struct PlaceholderEntityTests {
    /// A chain that takes every word for the beginning of an entity.
    private static func eager(_ labels: EntityLabels) -> LinearChainHead {
        let K = labels.count
        var transitions = Tensor(zeros: [K, K])
        var start = Tensor(zeros: [K])
        start.values[1] = 20
        for label in 0..<K { transitions.values[label * K + 1] = 20 }
        return LinearChainHead(
            labels: labels.names, features: HashIndex([]), weights: Tensor(zeros: [0, K]),
            denseWeights: Tensor(zeros: [0, K]), transitions: transitions, start: start,
            end: Tensor(zeros: [K]))
    }

    @Test("no entity is reported where personal information was taken out, others are")
    func placeholders() throws {
        let recognizer = EntityRecognizer(
            features: EntityFeatures(tables: EntityTables()),
            disease: Self.eager(EntityRecognizer.diseaseLabels),
            medication: Self.eager(EntityRecognizer.medicationLabels))
        let text = "患者名：山田 太郎 様、肺癌。電話03-0000-1234"
        let document = ClinicalDocument(kind: .nursing, text: text, encoding: "UTF-8")
        func surfaces(_ kinds: Set<PersonalInformationKind>) throws -> [String] {
            let analyzer = TextAnalyzer(
                cleaner: TextCleaner(profile: .documents, personalInformation: kinds),
                analyzer: try MorphologicalAnalyzer())
            let reading = DocumentReading(document: document, text: analyzer.analyze(text))
            return recognizer.entities(in: reading).map(\.span.surface)
        }
        let hidden = try surfaces([.name, .telephone])
        #expect(hidden.contains { $0.contains("肺癌") })
        #expect(!hidden.contains { $0.contains("山田") || $0.contains("1234") })
        #expect(try surfaces([]).contains { $0.contains("山田") })
    }
}
