// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import TestSupport
import Testing

@testable import ClinicalTasks

/// What is said of each mention, where the mentions themselves are given.
@Suite("Assertions: what a sentence says of a finding or a drug")
struct AssertionTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }

    /// Labels of the corpus whose mentions are drugs.
    private static let drugs: [String: DrugState] = [
        "given": .given, "planned": .planned, "stopped": .stopped, "notgiven": .notGiven,
        "allergy": .allergy,
    ]

    /// The mentions of a marked text, read as if a model had found each of them.
    private func read(_ marked: String) throws -> [(label: String, entity: Entity)] {
        let text = MarkedText(marked)
        let found = text.marks.map {
            Entity(type: Self.drugs[$0.label] == nil ? .disease : .drug, span: $0.span, score: 0.9)
        }
        let analyzed = try Self.analyzer.get().analyze(text.text)
        let read = MentionReader(terms: [:]).mentions(in: analyzed, found: found)
        return try text.marks.map { mark in
            let entity = read.first { $0.span.range.overlaps(mark.span.range) && $0.type != .dose }
            return (mark.label, try #require(entity, "\(mark.span.surface) in \(marked)"))
        }
    }

    /// Whether an entity has the status that a label of the corpus means.
    private func fits(_ entity: Entity, _ label: String) -> Bool {
        let status = entity.status
        if let state = Self.drugs[label] { return status.state == state }
        let own = status.subject == .patient
        switch label {
        case "pos": return own && status.certainty == .positive && status.temporality == .current
        case "past": return own && status.certainty == .positive && status.temporality == .past
        case "sus": return own && status.certainty == .suspicious
        case "neg": return own && status.certainty == .negative
        case "gen", "cond": return own && status.certainty == .general
        case "fam": return status.subject == .family && status.certainty == .general
        case "oth": return status.subject == .other && status.certainty == .general
        default: return false
        }
    }

    private func wrong(
        in corpus: [(style: String, texts: [String])]
    ) throws -> (wrong: [String], count: Int, deniedAsPresent: Int) {
        var wrong: [String] = []
        var (count, denied) = (0, 0)
        for text in corpus.flatMap(\.texts) {
            for (label, entity) in try read(text) {
                count += 1
                guard !fits(entity, label) else { continue }
                wrong.append("\(label) \(entity.span.surface): \(text)")
                if label == "neg", entity.certainty == .positive { denied += 1 }
            }
        }
        return (wrong, count, denied)
    }

    @Test("of the sentences written with the rules, at most one of a hundred mentions is wrong")
    func written() throws {
        let result = try wrong(in: AssertionCorpus.written + AssertionCorpus.later)
        let mended = try wrong(in: AssertionCorpus.mended + AssertionCorpus.records).wrong
        #expect(mended.isEmpty, "\(mended.joined(separator: "\n"))")
        #expect(result.count > 400)
        #expect(result.wrong.count * 100 <= result.count, "\(result.wrong.joined(separator: "\n"))")
        #expect(result.deniedAsPresent == 0)
    }

    @Test(
        "of sentences by another hand at least 96 of 100 are right, and no denial is taken for presence"
    )
    func otherHand() throws {
        let result = try wrong(in: AssertionCorpus.otherHand)
        #expect(result.count > 280)
        #expect(
            result.wrong.count * 100 <= result.count * 4, "\(result.wrong.joined(separator: "\n"))")
        #expect(result.deniedAsPresent == 0)
    }

    @Test("a status has the words that say so, at their place in the text as it was sent")
    func cues() throws {
        let text = "心雑音（－）、発熱は認めない。肺炎の疑い。"
        let marked = "⟦neg:心雑音⟧（－）、⟦neg:発熱⟧は認めない。⟦sus:肺炎⟧の疑い。"
        let scalars = Array(text.unicodeScalars)
        let cues = try read(marked).map { try #require($0.entity.status.cue) }
        #expect(cues.map(\.surface) == ["（－）", "認めない", "疑い"])
        for cue in cues {
            #expect(
                String(scalars: scalars[cue.range.start..<cue.range.end]) == cue.surface)
        }
    }

    @Test("a heading holds for the lines below it, to the next heading or an empty line")
    func headings() throws {
        let read = try read(
            "【家族歴】\n父：⟦fam:胃癌⟧\n母：⟦fam:糖尿病⟧\n【既往歴】\n⟦past:虫垂炎⟧\n【現病歴】\n⟦pos:発熱⟧あり。")
        for (label, entity) in read { #expect(fits(entity, label), "\(label) \(entity)") }
    }

    @Test(
        "a heading that says its own on one line says nothing of the next, nor of what is stated later",
        arguments: [
            "既往歴：⟦past:高血圧⟧\n⟦pos:発熱⟧あり。", "既往に⟦past:高血圧⟧あり\n⟦pos:発熱⟧あり",
            "家族歴：父 ⟦fam:胃癌⟧\n母 ⟦fam:糖尿病⟧\n⟦pos:発熱⟧あり。",
            "既往歴：⟦past:糖尿病⟧。昨日から⟦pos:発熱⟧あり。", "既往歴\n⟦past:糖尿病⟧\n⟦past:胃潰瘍⟧\n\n⟦pos:発熱⟧",
        ])
    func headingOfOneLine(marked: String) throws {
        for (label, entity) in try read(marked) {
            #expect(fits(entity, label), "\(label) \(entity.span.surface) \(entity.status)")
        }
    }

    @Test(
        "what an order asks for is not found",
        arguments: [
            "【依頼目的】\n⟦gen:肺癌⟧\n【所見】\n⟦pos:胸水⟧あり。", "依頼目的：⟦gen:肺炎⟧の精査\n所見：⟦neg:肺炎⟧なし。",
            "【臨床情報】\n⟦sus:胃癌⟧、⟦sus:肝転移⟧疑い\n【読影所見】\n⟦pos:肝嚢胞⟧",
        ])
    func asked(marked: String) throws {
        for (label, entity) in try read(marked) {
            #expect(fits(entity, label), "\(label) \(entity.span.surface) \(entity.status)")
        }
    }

    @Test("a line that was only wrapped is no end of a sentence, nor of a word")
    func wrapped() throws {
        for marked in [
            "昨日から⟦neg:呼吸困難⟧や⟦neg:胸痛⟧を認\nめない。", "右下葉に⟦neg:胸水⟧の貯留は\nみられない。",
            "朝の時点では⟦neg:腹部膨\n満⟧はみられず、経過を観察した。",
        ] {
            for (label, entity) in try read(marked) {
                #expect(fits(entity, label), "\(marked) \(entity.status)")
            }
        }
        // Lines of a list stay apart.
        for (label, entity) in try read("⟦pos:頭痛⟧あり\n⟦neg:発熱⟧なし\n⟦pos:咳嗽⟧") {
            #expect(fits(entity, label), "\(entity)")
        }
    }

    @Test("what can be read in two ways is up for review")
    func ambiguous() throws {
        let list = try read("⟦neg:発熱⟧、⟦neg:咳嗽⟧なし。")
        #expect(list.map(\.entity.needsReview) == [true, false])
        let other = try read("⟦pos:胸痛⟧を我慢できない。")
        #expect(other[0].entity.needsReview)
    }

    @Test(
        "no text makes it fail",
        arguments: ["", "\n\n", "（", "(-)", "なし", "ない", "：", "▁", "疑い", "r/o", "父", "】【"])
    func degenerate(text: String) throws {
        for around in ["", "発熱", "\n"] {
            let analyzed = try Self.analyzer.get().analyze(around + text + around)
            let found =
                around.isEmpty || around == "\n"
                ? []
                : [
                    Entity(
                        type: .disease,
                        span: TextSpan(range: SourceRange(start: 0, end: 2), surface: around),
                        score: 1)
                ]
            _ = MentionReader(terms: [:]).mentions(in: analyzed, found: found)
        }
    }
}
