// SPDX-License-Identifier: Apache-2.0
@testable import ClinicalTasks
import ClinicalTypes
import Foundation
import JapaneseText
import LinearHeads
import Tensors
import Testing

/// One analyzer for all tests here: loading the dictionary takes longer than a test.
private let analyzer: TextAnalyzer? = (try? MorphologicalAnalyzer()).map {
    TextAnalyzer(analyzer: $0)
}

private func analyze(_ text: String) throws -> AnalyzedText {
    try #require(analyzer).analyze(text)
}

@Suite("Similarity judge")
struct SimilarityJudgeTests {
    /// A judge that gives level 5 to texts with the same bigrams and 0 to others.
    static func judge() throws -> SimilarityJudge {
        var settings = SimilarityJudge.Settings()
        settings.buckets = 256
        settings.rarityBuckets = 256
        let rarity = RarityTable(documents: [], buckets: 256)
        var weights = Tensor(zeros: [6, settings.featureCount])
        // The first measure is the Dice coefficient of single characters.
        weights.values[5 * settings.featureCount + 256] = 20
        let bias = Tensor(shape: [6], values: [10, 0, 0, 0, 0, 0])
        return SimilarityJudge(
            settings: settings, rarity: rarity,
            head: LinearHead(weights: weights, bias: bias, link: .exclusive))
    }

    static let pairs = [
        ("右肺に腫瘤を認めた。", "左肺に腫瘤を認めた。"),
        ("発熱は3日後に消失した。", "その後、咳嗽が出現し、入院となった。"),
        ("異常なし", "異常を認めない"),
        ("", "頭痛"),
    ]

    @Test("The verdict is the same whichever text comes first.", arguments: pairs)
    func symmetric(first: String, second: String) throws {
        let judge = try Self.judge()
        let (a, b) = (try analyze(first), try analyze(second))
        let forth = judge.judge(a, b)
        let back = judge.judge(b, a)
        #expect(forth.level == back.level)
        #expect(forth.score == back.score)
        #expect(forth.evidence == back.evidence)
    }

    @Test("A text is the same as itself, and evidence names opposites and numbers.")
    func evidence() throws {
        let judge = try Self.judge()
        let text = try analyze("右肺に2cmの腫瘤を認めた。")
        #expect(judge.judge(text, text).level == 5)
        #expect(judge.judge(text, text).evidence["same"] == 1)
        let other = judge.judge(text, try analyze("左肺に3cmの腫瘤を認めた。")).evidence
        #expect((other["opposites"] ?? 0) > 0)
        #expect(other["numbers.differ"] == 1)
        #expect(other["same"] == 0)
        #expect(judge.judge(text, try analyze("腹痛なし")).level == 0)
    }

    @Test("A denied finding differs from a stated one.")
    func negation() throws {
        let verdict = try Self.judge().judge(
            try analyze("転移を認めた。"), try analyze("転移を認めなかった。"))
        #expect(verdict.evidence["negation.differs"] == 1)
    }

    @Test("Parameters come back the same, and wrong ones are refused by name.")
    func storage() throws {
        let judge = try Self.judge()
        let parameters = try judge.parameters()
        let back = try SimilarityJudge(parameters: parameters)
        let (a, b) = (try analyze("咳が続く"), try analyze("咳が止まった"))
        #expect(back.judge(a, b).score == judge.judge(a, b).score)
        var damaged = parameters
        damaged.tensors["rarity"] = nil
        #expect(throws: TaskParameterError.missingTensor(task: "similarity", tensor: "rarity")) {
            _ = try SimilarityJudge(parameters: damaged)
        }
        damaged = parameters
        damaged.settings = Data(
            String(decoding: parameters.settings, as: UTF8.self)
                .replacingOccurrences(of: "\"buckets\":256", with: "\"buckets\":-1").utf8)
        #expect(throws: TaskParameterError.settings(task: "similarity", field: "buckets")) {
            _ = try SimilarityJudge(parameters: damaged)
        }
        damaged.settings = Data("{}".utf8)
        #expect(throws: TaskParameterError.self) {
            _ = try SimilarityJudge(parameters: damaged)
        }
    }
}

extension SimilarityJudgeTests {
    @Test("A head that was fitted with the trunk's states is refused: it is never given them.")
    func states() throws {
        var parameters = try Self.judge().parameters()
        let settings = String(decoding: parameters.settings, as: UTF8.self)
        #expect(settings.contains("\"stateWidth\":0"))
        parameters.settings = Data(
            settings.replacingOccurrences(of: "\"stateWidth\":0", with: "\"stateWidth\":4").utf8)
        #expect(throws: TaskParameterError.statesNotServed(task: "similarity", width: 4)) {
            _ = try TaskSet(parameters: [SimilarityJudge.taskName: parameters])
        }
    }
}

@Suite("Similarity signature")
struct SimilaritySignatureTests {
    let report = "右上葉に長径25mmの腫瘤を認めます。縦隔リンパ節の腫大はありません。胸水は認めません。肝に転移を疑う所見なし。"

    @Test("A text that differs in a few words is a candidate, another one is not.")
    func candidates() throws {
        let signature = SimilaritySignature(of: try analyze(report))
        let near = SimilaritySignature(
            of: try analyze(report.replacingOccurrences(of: "25mm", with: "31mm")))
        let far = SimilaritySignature(
            of: try analyze("夜間の睡眠は良好。朝食を全量摂取された。清拭を実施し、褥瘡の処置を継続する。家族の面会あり。"))
        #expect(!Set(signature.bands()).isDisjoint(with: near.bands()))
        #expect(Set(signature.bands()).isDisjoint(with: far.bands()))
        #expect(signature.bands().count == 16)
    }

    @Test("White space and line breaks do not change a signature.")
    func whiteSpace() throws {
        let broken = report.replacingOccurrences(of: "。", with: "。\n　")
        #expect(
            SimilaritySignature(of: try analyze(broken))
                == SimilaritySignature(of: try analyze(report)))
    }

    @Test("The hash functions stay as they are, because signatures are stored.")
    func fixed() throws {
        let bands = SimilaritySignature(of: try analyze("発熱なし")).bands()
        #expect(bands.first == 2_209_309_935_235_003_513)
    }

    @Test("A text of less than three characters has no signature.")
    func short() throws {
        let signature = SimilaritySignature(of: try analyze("なし"))
        #expect(signature.bands().isEmpty)
    }
}

@Suite("Adverse-event grader")
struct AdverseEventGraderTests {
    static let text = "症例は70歳男性．薬剤Ａを投与後に発熱を認めた．薬剤Ａを中止し、発熱は軽快した．"

    /// A grader whose level 3 follows from a word of cause or a dose before the first occurrence.
    static func grader(stateWidth: Int = 0) -> AdverseEventGrader {
        var settings = AdverseEventGrader.Settings()
        settings.buckets = 1024
        settings.stateWidth = stateWidth
        let weights = Tensor(
            shape: [4, settings.featureCount],
            values: (0..<(4 * settings.featureCount)).map { Float($0 % 11) * 0.02 - 0.1 })
        return AdverseEventGrader(
            settings: settings,
            head: LinearHead(
                weights: weights, bias: Tensor(zeros: [4]), link: .exclusive))
    }

    static func reading(stateWidth: Int = 0) throws -> DocumentReading {
        let analyzed = try analyze(text)
        let states = analyzed.sentences.map { sentence in
            Tensor(
                shape: [sentence.morphemes.count, stateWidth],
                values: (0..<(sentence.morphemes.count * stateWidth)).map { Float($0 % 5) - 2 })
        }
        return DocumentReading(
            document: ClinicalDocument(kind: .caseReport, text: text), text: analyzed,
            wordStates: stateWidth > 0 ? states : nil)
    }

    static func entity(_ type: EntityType, _ surface: String, at start: Int) -> Entity {
        Entity(
            type: type,
            span: TextSpan(
                range: SourceRange(start: start, end: start + surface.unicodeScalars.count),
                surface: surface), score: 1)
    }

    @Test("Every disease and drug is graded once each, doses are not, and equal names agree.")
    func grades() throws {
        let entities = [
            Self.entity(.drug, "薬剤Ａ", at: 10), Self.entity(.disease, "発熱", at: 18),
            Self.entity(.dose, "70", at: 3), Self.entity(.disease, "発熱", at: 34),
        ]
        let grades = Self.grader().grades(in: try Self.reading(), entities: entities)
        #expect(grades.map(\.entityIndex) == [0, 1, 3])
        #expect(grades.map(\.role) == [.drug, .disease, .disease])
        #expect(grades[1].level == grades[2].level && grades[1].score == grades[2].score)
        #expect(grades.allSatisfy { (0...1).contains($0.score) })
    }

    @Test(
        "A drug that is named as the cause is at least probable, and so is what it caused; a remedy is not.",
        arguments: [
            ("甲薬による発熱を認めた。", true), ("発熱は甲薬が原因と考えた。", true), ("甲薬による発熱の治療を行った。", false),
            ("甲薬を内服。発熱あり。", false), ("甲薬に起因する重篤な発熱", true),
        ])
    func named(text: String, isNamed: Bool) throws {
        let (reading, entities) = try Self.report(text)
        let pairs = DrugReactions.pairs(of: entities, in: reading.text)
        let grades = Self.grader().grades(in: reading, entities: entities, pairs: pairs)
        #expect(pairs.isEmpty == !isNamed)
        if isNamed { #expect(grades.count == 2 && grades.allSatisfy { $0.level >= .probable }) }
    }

    @Test(
        "What comes behind a drug in its own sentence, or when it is stopped, is at least probable; in a later one it is not.",
        arguments: [
            ("甲薬を使用し、発熱を生じた。", AdverseEventLevel.probable),
            ("発熱あり、甲薬を中止した。", .probable),
            ("甲薬を開始した。その後、発熱を認めた。", .unrelated),
        ])
    func nearness(text: String, level: AdverseEventLevel) throws {
        let (reading, entities) = try Self.report(text)
        let pairs = DrugReactions.pairs(of: entities, in: reading.text)
        #expect(pairs.count == 1 && pairs.allSatisfy { $0.level == .probable && $0.needsReview })
        // A classifier that takes nothing for an event.
        let settings = AdverseEventGrader.Settings()
        let grader = AdverseEventGrader(
            settings: settings,
            head: LinearHead(
                weights: Tensor(zeros: [4, settings.featureCount]),
                bias: Tensor(shape: [4], values: [9, 0, 0, 0]), link: .exclusive))
        let grades = grader.grades(in: reading, entities: entities, pairs: pairs)
        #expect(grades.map(\.level) == [level, level])
    }

    @Test(
        "Where a pair is told, what is only given later and what the patient has had for years is no part of it."
    )
    func bystanders() throws {
        let text = "胃癌で甲薬開始5日後に発熱を生じた。同薬を中止し、乙薬へ移行した。"
        let scalars = Array(text.unicodeScalars)
        func entity(_ type: EntityType, _ name: String) throws -> Entity {
            let place = try #require(
                scalars.indices.first { scalars[$0...].starts(with: name.unicodeScalars) })
            return Self.entity(type, name, at: place)
        }
        let entities = [
            try entity(.disease, "胃癌"), try entity(.drug, "甲薬"), try entity(.disease, "発熱"),
            try entity(.drug, "乙薬"),
        ]
        let reading = DocumentReading(
            document: ClinicalDocument(kind: .caseReport, text: text), text: try analyze(text))
        let pairs = DrugReactions.pairs(of: entities, in: reading.text)
        // A classifier that takes everything for a likely event.
        let settings = AdverseEventGrader.Settings()
        let grader = AdverseEventGrader(
            settings: settings,
            head: LinearHead(
                weights: Tensor(zeros: [4, settings.featureCount]),
                bias: Tensor(shape: [4], values: [0, 0, 9, 0]), link: .exclusive))
        let grades = grader.grades(in: reading, entities: entities, pairs: pairs)
        #expect(grades.map(\.level) == [.unrelated, .probable, .probable, .unrelated])
    }

    /// A report that names 甲薬 and 発熱 once each.
    private static func report(_ text: String) throws -> (DocumentReading, [Entity]) {
        let scalars = Array(text.unicodeScalars)
        func place(of name: String) throws -> Int {
            try #require(
                scalars.indices.first { scalars[$0...].starts(with: name.unicodeScalars) })
        }
        let reading = DocumentReading(
            document: ClinicalDocument(kind: .caseReport, text: text), text: try analyze(text))
        return (
            reading,
            [
                entity(.drug, "甲薬", at: try place(of: "甲薬")),
                entity(.disease, "発熱", at: try place(of: "発熱")),
            ]
        )
    }

    @Test("What is denied, a relative's, or not given is not graded.")
    func concerned() throws {
        var denied = Self.entity(.disease, "発熱", at: 18)
        denied.status = AssertionStatus(certainty: .negative)
        var relative = Self.entity(.disease, "発熱", at: 34)
        relative.status = AssertionStatus(certainty: .general, subject: .family)
        var withheld = Self.entity(.drug, "薬剤Ａ", at: 10)
        withheld.status = AssertionStatus(certainty: .negative, state: .notGiven)
        let entities = [denied, relative, withheld]
        #expect(Self.grader().grades(in: try Self.reading(), entities: entities).isEmpty)
    }

    @Test("All occurrences of a name are found in the document's own characters.")
    func occurrences() throws {
        let report = AdverseEventFeatures.Report(try analyze(Self.text))
        #expect(report.occurrences(of: "薬剤Ａ").count == 2)
        #expect(report.occurrences(of: "薬剤A").isEmpty)
        #expect(report.occurrences(of: "発　熱").count == 2)
        #expect(report.occurrences(of: "").isEmpty)
    }

    @Test("Text around a name changes its features, and so does the role.")
    func context() throws {
        let settings = Self.grader().settings
        func features(_ text: String, _ role: AdverseEventRole) throws -> SparseVector {
            let report = AdverseEventFeatures.Report(try analyze(text))
            return AdverseEventFeatures(
                surface: "発熱", occurrences: report.occurrences(of: "発熱"), report: report,
                role: role, settings: settings
            ).vector
        }
        let plain = try features("発熱を主訴に受診した。", .disease)
        #expect(try features("ワクチン接種後に発熱を認めた。", .disease) != plain)
        #expect(try features("発熱を主訴に受診した。", .drug) != plain)
        #expect(try features("発熱を主訴に受診した。", .disease) == plain)
    }

    @Test("A name that stands nowhere and an empty report are graded, not refused.")
    func nowhere() throws {
        for text in ["", "発熱なし"] {
            let report = AdverseEventFeatures.Report(try analyze(text))
            let grade = Self.grader().grade(
                surface: "薬疹", occurrences: report.occurrences(of: "薬疹"), report: report,
                role: .disease)
            #expect(grade.probabilities[grade.level.rawValue] > 0)
        }
    }

    @Test("Parameters come back the same, with and without the trunk's states.", arguments: [0, 4])
    func storage(stateWidth: Int) throws {
        let grader = Self.grader(stateWidth: stateWidth)
        let back = try AdverseEventGrader(parameters: try grader.parameters())
        #expect(back.settings == grader.settings)
        let entities = [Self.entity(.disease, "発熱", at: 18)]
        let reading = try Self.reading(stateWidth: stateWidth)
        #expect(
            back.grades(in: reading, entities: entities)
                == grader.grades(in: reading, entities: entities))
    }
}

@Suite("Symptom detector")
struct SymptomDetectorTests {
    static func detector() throws -> SymptomDetector {
        var settings = SymptomDetector.Settings()
        settings.buckets = 1 << 12
        settings.symptoms = [.fever, .cough]
        let features = SymptomDetector.features(
            of: try analyze("熱が出た"), states: [], settings: settings)
        var weights = Tensor(zeros: [2, settings.featureCount])
        for index in features.indices { weights.values[Int(index)] = 5 }
        return SymptomDetector(
            settings: settings,
            head: LinearHead(
                weights: weights, bias: Tensor(shape: [2], values: [-4, -4]), link: .independent))
    }

    @Test("Each symptom gets its own probability, by its name.")
    func symptoms() throws {
        let detector = try Self.detector()
        let found = detector.symptoms(in: try analyze("熱が出た"))
        #expect(Set(found.keys) == ["fever", "cough"])
        #expect(detector.isPresent(found["fever"] ?? 0))
        #expect(!detector.isPresent(found["cough"] ?? 1))
        #expect(found["fever"] ?? 0 > (detector.symptoms(in: try analyze("今日は晴れ"))["fever"] ?? 1))
    }

    @Test("Parameters come back the same; two heads of one symptom are refused.")
    func storage() throws {
        let detector = try Self.detector()
        let parameters = try detector.parameters()
        let back = try SymptomDetector(parameters: parameters)
        let text = try analyze("熱っぽい")
        #expect(back.symptoms(in: text) == detector.symptoms(in: text))
        var damaged = parameters
        damaged.settings = Data(
            String(decoding: parameters.settings, as: UTF8.self)
                .replacingOccurrences(of: "\"cough\"", with: "\"fever\"").utf8)
        #expect(throws: TaskParameterError.settings(task: "symptoms", field: "symptoms")) {
            _ = try SymptomDetector(parameters: damaged)
        }
    }
}
