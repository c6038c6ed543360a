// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import JapaneseText
import LanguageModel
import LinearHeads
import Tensors
import Testing

@Suite("Calibrated scores")
struct ScoreCalibrationTests {
    private static let source = "発熱あり。咳嗽なし。めまいあり。"

    /// A tagger's reading that finds 発熱 and 咳嗽, surer of the first.
    private static func reading() throws -> (DocumentReading, EntityTagger)? {
        guard let morphology = try? MorphologicalAnalyzer() else { return nil }
        let text = TextAnalyzer(
            cleaner: TextCleaner(profile: .documents), analyzer: morphology
        ).analyze(source)
        let tokens = source.unicodeScalars.indices.enumerated().map { place, _ in
            PlacedToken(
                id: 0, range: CleanedRange(start: place, end: place + 1),
                sentence: text.sentences.firstIndex { $0.range.end > place } ?? 0,
                continuesWord: false)
        }
        var values = tokens.flatMap { _ in [4, 0, 0] as [Float] }
        for (first, size) in [(0, 2.2), (5, 1.6)] as [(Int, Float)] {
            values.replaceSubrange(first * 3..<first * 3 + 6, with: [0, size, 0, 0, 0, size])
        }
        let map = try LabelMap(
            modelNames: ["O", "B-disease", "I-disease"], names: nil, pieces: .each, given: [:])
        let tagger = try EntityTagger(
            settings: JSONEncoder().encode(map), labelCount: 3, transitions: nil)
        let reading = DocumentReading(
            document: ClinicalDocument(kind: .nursing, text: source), text: text,
            labelled: LabelledTokens(
                tokens: tokens, logits: Tensor(shape: [tokens.count, 3], values: values)))
        return (reading, tagger)
    }

    private static func mentions(
        _ calibration: ScoreCalibration?, site: ReviewThresholds = [:]
    ) throws -> [Entity]? {
        guard let (reading, tagger) = try reading() else { return nil }
        var tasks = TaskSet()
        tasks.tagger = tagger
        tasks.calibration = calibration
        tasks.reviewBelow = site
        return tasks.findings(in: reading, asked: [.entities]).entities
    }

    private static let map = ScoreMap.beta(a: 0.5, b: 0.5, c: -1)

    @Test("the same mentions in the same order, what the model found with a probability")
    func probabilities() throws {
        guard let plain = try Self.mentions(nil) else { return }
        #expect(plain.map(\.span.surface) == ["発熱", "咳嗽", "めまい"])
        #expect(plain.map(\.foundBy) == [.model, .model, .dictionary])
        let mapped = try #require(
            try Self.mentions(ScoreCalibration(mentions: [.disease: .init(map: Self.map)])))
        #expect(mapped.map(\.span) == plain.map(\.span))
        #expect(mapped.map(\.status) == plain.map(\.status))
        #expect(mapped.map(\.needsReview) == plain.map(\.needsReview))
        for (before, after) in zip(plain, mapped).prefix(2) {
            #expect(after.score == Self.map.probability(of: before.score))
            #expect(after.score != before.score)
        }
        // Lists give no probability, so there is none to map.
        #expect(mapped[2].score == plain[2].score)
        let others = ScoreCalibration(mentions: [.drug: .init(map: Self.map)])
        let untouched = try #require(try Self.mentions(others))
        #expect(untouched == plain)
    }

    @Test(
        "what the model takes for the patient's is for review below the threshold, the site's before the bundle's"
    )
    func review() throws {
        let calibration = ScoreCalibration(mentions: [
            .disease: .init(map: Self.map, reviewBelow: 0.99, precision: 0.9)
        ])
        guard let mentions = try Self.mentions(calibration) else { return }
        // 咳嗽 is denied by rules, めまい found by a list.
        #expect(mentions[0].needsReview && !mentions[1].needsReview)
        let plain = try #require(try Self.mentions(nil))
        #expect(mentions[2].needsReview == plain[2].needsReview)
        let lower = try #require(try Self.mentions(calibration, site: [.disease: 0]))
        #expect(!lower[0].needsReview)
        let bare = try #require(try Self.mentions(nil, site: [.disease: 0.99]))
        #expect(bare[0].needsReview && bare[0].score == plain[0].score)
    }

    @Test("comes back from a bundle, or names the field that is wrong")
    func stored() throws {
        let calibration = ScoreCalibration(
            mentions: [.dose: .init(map: Self.map, reviewBelow: 0.5, precision: 0.9)],
            similarity: Array(repeating: Self.map, count: 6))
        let back = try ScoreCalibration(stored: JSONEncoder().encode(calibration))
        #expect(back == calibration && back[.dose]?.reviewBelow == 0.5 && back[.drug] == nil)
        for (text, field) in [
            ("{}", "version"), (#"{"version": 2, "mentions": {}}"#, "version"),
            (#"{"version": 1}"#, "mentions"),
            (#"{"version": 1, "mentions": {}, "adverseEvents": []}"#, "adverseEvents"),
            (
                #"{"version": 1, "mentions": {"organ": {"map": {"kind": "beta", "values": [1, 1, 0]}}}}"#,
                "mentions.organ"
            ),
            (
                #"{"version": 1, "mentions": {"drug": {"map": {"kind": "beta", "values": [0, 1, 0]}}}}"#,
                "mentions.drug.map.values"
            ),
            (
                #"{"version": 1, "mentions": {"drug": {"reviewBelow": 3, "map": {"kind": "beta", "values": [1, 1, 0]}}}}"#,
                "mentions.drug"
            ),
        ] {
            #expect(throws: TaskParameterError.settings(task: "calibration", field: field)) {
                try ScoreCalibration(stored: Data(text.utf8))
            }
        }
    }
}
