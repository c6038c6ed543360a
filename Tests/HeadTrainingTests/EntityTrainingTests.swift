// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Corpora
import Foundation
import HeadTraining
import JapaneseText
import LinearHeads
import Tensors
import TestSupport
import Testing
import WeightFiles

/// Fictional records, written for these tests.
private let lessons = [
    "右上葉に⟦disease:腫瘤⟧を認める。胸水は認めない。",
    "左下葉に⟦disease:結節⟧を認める。肺炎の既往はない。",
    "朝から⟦disease:発熱⟧あり、⟦drug:カロナール⟧⟦dose:２００ｍｇ⟧内服。咳嗽なし。",
    "夜間に⟦disease:頭痛⟧あり、⟦drug:ロキソニン⟧⟦dose:６０ｍｇ⟧内服する。嘔気なし。",
    "⟦disease:嘔気⟧あり、⟦drug:プリンペラン⟧⟦dose:１０ｍｇ⟧を静注した。腹痛なし。",
    "⟦disease:腹痛⟧を訴える。⟦drug:ブスコパン⟧⟦dose:２０ｍｇ⟧を筋注した。",
    "昨夜より⟦disease:咳嗽⟧あり。発熱なし。\n歩行は安定している。",
    "転倒の危険があるため見守りとする。体温３６度。",
    "食事は全量摂取。排便あり。",
    "⟦disease:胸水⟧を認める。腫瘤は認めない。",
]

@Suite("Training the entity recognizer")
struct EntityTrainingTests {
    private static func documents(_ analyzer: TextAnalyzer) -> [EntityDocument] {
        (lessons + lessons).enumerated().map { index, lesson in
            let marked = MarkedText(lesson)
            var entities: [EntityType: [SourceRange]] = [.disease: [], .drug: [], .dose: []]
            for mark in marked.marks {
                EntityType(rawValue: mark.label).map {
                    entities[$0, default: []].append(mark.span.range)
                }
            }
            return EntityDocument(
                identifier: "\(index)", fold: index % 5, kind: .nursing,
                text: analyzer.analyze(marked.text), entities: entities)
        }
    }

    private static func analyzer() throws -> TextAnalyzer {
        TextAnalyzer(analyzer: try MorphologicalAnalyzer())
    }

    private static func recognizer(_ analyzer: TextAnalyzer) throws -> EntityRecognizer {
        let terms = [
            TermTable.Term("腫瘤", code: "R229"), TermTable.Term("発熱", code: "R509"),
            TermTable.Term("骨折"),
        ]
        return try EntityTraining().fit(
            documents(analyzer), dictionaries: [.disease: TermTable(terms)])
    }

    private static func reading(_ text: String, _ analyzer: TextAnalyzer) -> DocumentReading {
        DocumentReading(
            document: ClinicalDocument(kind: .nursing, text: text), text: analyzer.analyze(text))
    }

    @Test(
        "finds what the lessons teach, at its exact place",
        arguments: [
            "左上葉に⟦disease:腫瘤⟧を認める。結節は認めない。",
            "夜間より⟦disease:発熱⟧あり、⟦drug:ロキソニン⟧⟦dose:２０ｍｇ⟧内服。頭痛なし。",
            "　昨夜より⟦disease:咳嗽⟧あり。\r\n⟦drug:カロナール⟧⟦dose:６０ｍｇ⟧内服。\n",
        ])
    func places(lesson: String) throws {
        let analyzer = try Self.analyzer()
        let marked = MarkedText(lesson)
        let found = try Self.recognizer(analyzer).entities(
            in: Self.reading(marked.text, analyzer))
        #expect(found.map(\.span) == marked.marks.map(\.span))
        #expect(found.map(\.type.rawValue) == marked.marks.map(\.label))
        #expect(found.allSatisfy { $0.certainty == .positive && $0.score > 0.3 && $0.score <= 1 })
    }

    @Test(
        "every span is the text's own characters, without white space at its ends or lines within")
    func spans() throws {
        let analyzer = try Self.analyzer()
        let recognizer = try Self.recognizer(analyzer)
        let texts =
            lessons.map { MarkedText($0).text } + [
                "ﾊﾂﾈﾂあり　腫瘤\u{3099}を\r\n認める㎎ 𠮷野 発 熱あり、", "", "\n\n", "あ", "腫瘤　　\n　頭痛あり　",
                String(repeating: "発熱あり頭痛", count: 200),
            ]
        for text in texts {
            let scalars = Array(text.unicodeScalars)
            let reading = Self.reading(text, analyzer)
            for type in EntityType.allCases {
                let entities =
                    recognizer.forcedEntities(in: reading, type: type)
                    + recognizer.entities(in: reading)
                for entity in entities {
                    let range = entity.span.range
                    let slice = String(scalars: scalars[range.start..<range.end])
                    #expect(slice == entity.span.surface)
                    #expect(slice == slice.trimmingCharacters(in: .whitespacesAndNewlines))
                    #expect(slice.split(whereSeparator: \.isNewline).count == 1)
                }
            }
        }
    }

    @Test("answers at least once where the benchmark forces it, and only for texts with words")
    func forced() throws {
        let analyzer = try Self.analyzer()
        let recognizer = try Self.recognizer(analyzer)
        let quiet = Self.reading("食事は全量摂取。", analyzer)
        #expect(recognizer.entities(in: quiet).isEmpty)
        for type in EntityType.allCases {
            let forced = recognizer.forcedEntities(in: quiet, type: type)
            #expect(forced.count == 1)
            #expect(forced.first?.type == type)
        }
        let empty = Self.reading("", analyzer)
        #expect(recognizer.forcedEntities(in: empty, type: .drug).isEmpty)
    }

    @Test("gives the dictionary's code to an exact term")
    func codes() throws {
        let analyzer = try Self.analyzer()
        let found = try Self.recognizer(analyzer).entities(
            in: Self.reading("右上葉に腫瘤を認める。", analyzer))
        #expect(found.map(\.icd10) == ["R229"])
    }

    @Test("answers the same after a safetensors file in half precision")
    func storage() throws {
        let analyzer = try Self.analyzer()
        let recognizer = try Self.recognizer(analyzer)
        let parameters = try recognizer.parameters()
        let data = try SafetensorsWriter.encode(
            parameters.tensors, storage: .float16, metadata: [:])
        let folder = try TemporaryFolder()
        let file = try folder.write(data, to: "entities.safetensors")
        let stored = try SafetensorsFile(file)
        var tensors: [String: Tensor] = [:]
        for name in stored.names { tensors[name] = try stored.tensor(name) }
        let read = try EntityRecognizer(
            parameters: TaskParameters(settings: parameters.settings, tensors: tensors))
        for lesson in lessons {
            let reading = Self.reading(MarkedText(lesson).text, analyzer)
            let before = recognizer.entities(in: reading)
            let after = read.entities(in: reading)
            #expect(before.map(\.span) == after.map(\.span))
            #expect(before.map(\.icd10) == after.map(\.icd10))
            for (left, right) in zip(before, after) {
                #expect(abs(left.score - right.score) < 0.02)
            }
        }
        #expect(read.features.tables == recognizer.features.tables)
    }

    @Test("trunk states enter the chains, whose width is remembered")
    func trunkStates() throws {
        let analyzer = try Self.analyzer()
        // Features of one trait that hashed words do not have: the length of the word.
        func states(_ text: AnalyzedText) -> [Tensor] {
            text.sentences.map { sentence in
                Tensor(
                    shape: [sentence.morphemes.count, 2],
                    values: sentence.morphemes.flatMap { [Float($0.range.count), 1] })
            }
        }
        let documents = Self.documents(analyzer)
        let fitted = try EntityTraining().fit(documents, dictionaries: [:], states: states)
        #expect(fitted.stateWidth == 2)
        let read = try EntityRecognizer(parameters: fitted.parameters())
        #expect(read.stateWidth == 2)
        let plain = try EntityTraining().fit(documents, dictionaries: [:])
        #expect(plain.stateWidth == 0)
        let text = MarkedText(lessons[0])
        let reading = DocumentReading(
            document: ClinicalDocument(kind: .nursing, text: text.text),
            text: documents[0].text, wordStates: states(documents[0].text))
        #expect(read.entities(in: reading) == fitted.entities(in: reading))
        #expect(read.entities(in: reading).map(\.span) == text.marks.map(\.span))
        #expect(read.entities(in: reading).map(\.score) != plain.entities(in: reading).map(\.score))
        #expect(throws: EntityTrainingError.states(document: "0")) {
            try EntityTraining().fit(documents, dictionaries: [:], states: { _ in [] })
        }
    }

    @Test("lower thresholds give more entities, which never overlap within a chain")
    func thresholds() throws {
        let analyzer = try Self.analyzer()
        var recognizer = try Self.recognizer(analyzer)
        let reading = Self.reading(
            "発熱と悪寒あり、腫瘤疑い、頭痛軽度、カロナール錠２００ｍｇ２錠とロキソニン内服", analyzer)
        var counts: [Int] = []
        for threshold in [0.9, 0.5, 0.1, 0.001] {
            recognizer.thresholds = [.disease: threshold, .drug: threshold, .dose: threshold]
            let entities = recognizer.entities(in: reading)
            counts.append(entities.count)
            #expect(entities.allSatisfy { $0.score >= threshold })
            for types in [[EntityType.disease], [.drug, .dose]] {
                let ranges = entities.filter { types.contains($0.type) }.map(\.span.range)
                for (left, right) in zip(ranges, ranges.dropFirst()) {
                    #expect(!left.overlaps(right))
                }
            }
        }
        #expect(counts == counts.sorted() && counts[0] < counts[3])
    }

    @Test("fitting twice gives the same numbers")
    func repeatable() throws {
        let analyzer = try Self.analyzer()
        let first = try Self.recognizer(analyzer).parameters()
        #expect(try Self.recognizer(analyzer).parameters().tensors == first.tensors)
    }
}

@Suite("Documents of the entity tasks")
struct EntityDocumentTests {
    private static func row(
        _ task: String, _ tag: String, corpus: String = "NursingRecord", document: String,
        answers: [(String, [[Int]])], inTest: Bool = false
    ) throws -> BenchmarkRow {
        let spans = answers.map { ["text": $0.0, "offsets": $0.1] as [String: Any] }
        let fields: [String: Any] = [
            "id": "\(task)-0", "task": task, "tag": tag, "question": "", "doc": document,
            "answer": answers.map(\.0), "doc_id": document, "corpus": corpus,
            "doc_in_test": inTest, "fold": 2, "spans": spans,
        ]
        return try JSONDecoder().decode(
            BenchmarkRow.self, from: JSONSerialization.data(withJSONObject: fields))
    }

    private static func analyzer() throws -> TextAnalyzer {
        TextAnalyzer(analyzer: try MorphologicalAnalyzer())
    }

    @Test(
        "a missing row means none in a nursing record of no test, and nothing elsewhere",
        arguments: [
            ("NursingRecord", "nrner", false, Set([EntityType.disease, .drug, .dose])),
            ("NursingRecord", "nrner", true, [.disease]),
            ("MedTxt-CR", "mrner_disease", false, [.disease]),
            ("MedTxt-RR", "mrner_disease", false, [.disease]),
        ] as [(String, String, Bool, Set<EntityType>)])
    func missingRows(corpus: String, task: String, inTest: Bool, known: Set<EntityType>) throws {
        let row = try Self.row(
            task, "d", corpus: corpus, document: "発熱あり。", answers: [("発熱", [[0, 2]])],
            inTest: inTest)
        let documents = try EntityDocument.documents([row], analyze: Self.analyzer().analyze)
        #expect(documents.count == 1)
        #expect(Set(documents[0].entities.keys) == known)
        #expect(documents[0].entities[.disease] == [SourceRange(start: 0, end: 2)])
        #expect(documents[0].fold == 2)
    }

    @Test("of overlapping places the longest stays, and rows of one document are joined")
    func overlaps() throws {
        let document = "右腕打撲、打撲"
        let rows = [
            try Self.row(
                "nrner", "d", document: document,
                answers: [("打撲", [[2, 4], [5, 7]]), ("右腕打撲", [[0, 4]])]),
            try Self.row("nrner", "m-key", document: document, answers: []),
        ]
        let documents = try EntityDocument.documents(rows, analyze: Self.analyzer().analyze)
        #expect(documents.count == 1)
        #expect(
            documents[0].entities[.disease]
                == [SourceRange(start: 0, end: 4), SourceRange(start: 5, end: 7)])
    }

    @Test(
        "a place outside its text is refused with the row's name",
        arguments: [[3, 9], [2, 1], [1]])
    func wrongPlaces(offsets: [Int]) throws {
        let row = try Self.row("nrner", "d", document: "発熱", answers: [("発熱", [offsets])])
        let analyzer = try Self.analyzer()
        #expect(throws: EntityTrainingError.placeOutsideText(task: "nrner", row: "nrner-0")) {
            try EntityDocument.documents([row], analyze: analyzer.analyze)
        }
    }

    @Test("words carry the labels of their entity, and all possible ones where a type is not known")
    func labels() throws {
        let text = try Self.analyzer().analyze("カロナール内服")
        let document = EntityDocument(
            identifier: "", fold: 0, kind: .caseReport, text: text,
            entities: [.drug: [SourceRange(start: 0, end: 5)]])
        let labelled = EntityRecognizer.medicationLabels.label(text.sentences[0], in: document)
        // O, B-drug, I-drug, B-dose, I-dose
        #expect(labelled.allowed.first == 0b00010)
        #expect(labelled.allowed.last == 0b11001)
        #expect(labelled.entities[.dose] == nil)
        #expect(labelled.entities[.drug]?.count == 1)
    }
}
