// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import LinearHeads
import Testing

@testable import ClinicalTasks

@Suite("Codes of the lists that a model carries")
struct CarriedCodesTests {
    private static let codes = CarriedCodes(
        diseases: TermTable([
            .init("高血圧症", code: "I10", isStandard: true), .init("高血圧", code: "I10"),
            .init("慢性閉塞性肺疾患", code: "J449", isStandard: true), .init("架空病"),
        ]),
        drugs: MentionLexicon(
            drugs: TermTable(
                [
                    .init("アムロジピン", code: "2171022", isStandard: true),
                    .init("ノルバスク", code: "2171022"), .init("架空薬", code: "1141"), .init("両義薬"),
                ], scheme: .drugPriceList), edition: "2025-07"))

    private func coded(
        _ type: EntityType, _ surface: String, name: String? = nil
    ) throws -> Entity {
        let text = try TextAnalyzer(analyzer: MorphologicalAnalyzer()).analyze("前に\(surface)あり。")
        let count = surface.unicodeScalars.count
        let entity = Entity(
            type: type,
            span: TextSpan(range: SourceRange(start: 2, end: 2 + count), surface: surface),
            normalized: name, score: 1)
        return Self.codes.coded(entity, in: text)
    }

    @Test(
        "a disease has the code of its text, or of its core",
        arguments: [
            ("高血圧症", "I10", "高血圧症", NormalizationMethod.exact), ("高血圧", "I10", nil, .exact),
            ("高血圧症疑い", "I10", "高血圧症", .modifier), ("重度の高血圧", "I10", nil, .modifier),
            ("腎性高血圧", nil, nil, nil), ("架空病", nil, nil, nil),
        ] as [(String, String?, String?, NormalizationMethod?)])
    func diseases(
        surface: String, code: String?, name: String?, method: NormalizationMethod?
    ) throws {
        let entity = try coded(.disease, surface)
        #expect(entity.icd10 == code && entity.normalized == name)
        #expect(entity.normalizedBy == method && entity.drugCode == nil)
    }

    @Test(
        "a drug has the code of its ingredient or class, half width too, and the list's edition",
        arguments: [
            ("アムロジピン", "2171022", "アムロジピン"), ("ｱﾑﾛｼﾞﾋﾟﾝ", "2171022", "アムロジピン"),
            ("ノルバスク", "2171022", nil), ("架空薬", "1141", nil), ("両義薬", nil, nil), ("未知薬", nil, nil),
        ] as [(String, String?, String?)])
    func drugs(surface: String, code: String?, name: String?) throws {
        let entity = try coded(.drug, surface)
        #expect(entity.drugCode == code && entity.normalized == name && entity.icd10 == nil)
        #expect(entity.codeEdition == (code == nil ? nil : "2025-07"))
    }

    @Test("an abbreviation has the code of what it stands for")
    func abbreviations() throws {
        let entity = try coded(.disease, "COPD", name: "慢性閉塞性肺疾患")
        #expect(entity.icd10 == "J449" && entity.normalized == "慢性閉塞性肺疾患")
    }

    @Test("the edition is stored with the names")
    func storage() throws {
        let lexicon = MentionLexicon(
            drugs: TermTable([.init("薬", code: "2171022")], scheme: .drugPriceList),
            edition: "2025-07")
        let stored = try MentionLexicon(parameters: lexicon.parameters())
        #expect(stored.drugs == lexicon.drugs && stored.edition == "2025-07")
    }
}
