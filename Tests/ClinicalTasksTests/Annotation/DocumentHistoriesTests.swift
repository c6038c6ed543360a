// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import TestSupport
import Testing

@testable import ClinicalTasks

@Suite("What stands under headings of relatives and of earlier times")
struct DocumentHistoriesTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }

    /// A document of a format with sections: title, code, and the words that the section begins and ends with.
    private func reading(
        _ text: String, _ kind: DocumentKind = .radiology, format: SourceFormat = .fhir,
        sections: [(title: String, code: String?, body: String)] = []
    ) throws -> DocumentReading {
        let scalars = Array(text.unicodeScalars)
        var source = DocumentSource(format: format)
        source.sections = try sections.map { section in
            let body = Array(section.body.unicodeScalars)
            let start = try #require(
                scalars.indices.first { scalars[$0...].starts(with: body) })
            return DocumentSection(
                code: section.code, title: section.title,
                range: SourceRange(start: start, end: start + body.count))
        }
        return DocumentReading(
            document: ClinicalDocument(kind: kind, text: text, source: source),
            text: try Self.analyzer.get().analyze(text))
    }

    private func decide(_ reading: DocumentReading) -> TNMDecision {
        let findings = TNMReportParser.findings(
            in: FoldedReport(reading.text.cleaned.scalars),
            histories: DocumentHistories(of: reading))
        return TNMRules(findings: findings).decide()
    }

    @Test(
        "no stage comes of them, whatever they state",
        arguments: [
            "【既往歴】\n肺癌 cT4N3M1c\n【所見】\n右上葉に22mm大の肺癌。リンパ節腫大なし。遠隔転移なし。",
            "家族歴：父が肺癌（T4N3M1c）\n所見：右上葉に22mm大の肺癌。リンパ節腫大なし。遠隔転移なし。",
            "【家族歴】肺癌、多発骨転移。【所見】右上葉に22mm大の肺癌。リンパ節腫大なし。遠隔転移なし。",
            "既往歴：左上葉に55mmの肺癌、多発肝転移。\n所見：右上葉に22mm大の肺癌。リンパ節腫大なし。遠隔転移なし。",
        ])
    func stage(text: String) throws {
        let decision = decide(try reading(text, format: .text))
        #expect(decision.t == "T1c" && decision.n == "N0" && decision.m == "M0")
    }

    @Test("sections that the sender marked count without a heading in the text")
    func declared() throws {
        let text = "肺癌 cT4N3M1cで死亡\n右上葉に22mm大の肺癌。リンパ節腫大なし。遠隔転移なし。"
        let marked = try reading(
            text, sections: [("ご家族のこと", "10157-6", "肺癌 cT4N3M1cで死亡")])
        #expect(decide(marked).t == "T1c")
        let unmarked = try reading(text)
        #expect(decide(unmarked).t == "T4")
    }

    @Test("findings of a section of relatives are theirs to the section's end, past full sentences")
    func relatives() throws {
        let text = "血縁に胃癌が多い。\n二人が手術を受けた。\nまた糖尿病の治療中。\n昨日から発熱を認める。"
        let family = "血縁に胃癌が多い。\n二人が手術を受けた。\nまた糖尿病の治療中。"
        let reading = try reading(text, sections: [("家族歴", nil, family)])
        let scalars = Array(text.unicodeScalars)
        let found = try ["胃癌", "糖尿病", "発熱"].map { surface in
            let part = Array(surface.unicodeScalars)
            let start = try #require(
                scalars.indices.first { scalars[$0...].starts(with: part) })
            return Entity(
                type: .disease,
                span: TextSpan(
                    range: SourceRange(start: start, end: start + part.count), surface: surface),
                score: 0.9)
        }
        let mentions = MentionReader(terms: [:]).mentions(
            in: reading.text, found: found,
            headings: SectionHeadings(
                reading.text, declared: DeclaredSections.marked(by: reading.document.source)))
        #expect(mentions.map(\.status.subject) == [.family, .family, .patient])
    }

    @Test(
        "a reaction of earlier times has no pair; one of today has",
        arguments: [
            ("【既往歴】\n甲薬による薬疹\n【現病歴】\n肺炎で入院した。", 0),
            ("【アレルギー】甲薬による薬疹。【経過】肺炎で入院した。", 0),
            ("【既往歴】\n特記事項なし\n【現病歴】\n甲薬による薬疹を認めた。", 1),
            ("既往に高血圧がある。甲薬による薬疹を認めた。", 1),
            ("既往歴：高血圧。甲薬による薬疹を認めた。", 1),
        ])
    func reactions(text: String, count: Int) throws {
        let reading = try reading(text, .caseReport, format: .text)
        let scalars = Array(text.unicodeScalars)
        let found = try [(EntityType.drug, "甲薬"), (.disease, "薬疹")].map { type, surface in
            let part = Array(surface.unicodeScalars)
            let start = try #require(
                scalars.indices.first { scalars[$0...].starts(with: part) })
            return Entity(
                type: type,
                span: TextSpan(
                    range: SourceRange(start: start, end: start + part.count), surface: surface),
                score: 0.9)
        }
        let entities = MentionReader(terms: [:]).mentions(in: reading.text, found: found)
        let pairs = DrugReactions.pairs(
            of: entities, in: reading.text, histories: DocumentHistories(of: reading))
        #expect(pairs.count == count)
    }
}
