// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import LinearHeads
import TestSupport
import Testing

@testable import ClinicalTasks

@Suite("Mentions that a model overlooks, and those that it takes wrongly")
struct MentionTests {
    private static let analyzer = Result { TextAnalyzer(analyzer: try MorphologicalAnalyzer()) }
    private static let terms = MentionReader(terms: [
        .disease: [table(["糖尿病", "高血圧", "肺炎", "めまいあり", "よう"])],
        .drug: [table(["マグミット", "フェンタニル", "プレドニゾロン", "アムロジピン"])],
    ])

    private static func table(_ surfaces: [String]) -> TermTable {
        TermTable(surfaces.map { TermTable.Term($0) })
    }

    private func mentions(_ text: String, found: [(EntityType, String)] = []) throws -> [Entity] {
        let scalars = Array(text.unicodeScalars)
        let entities = try found.map { type, surface in
            let part = Array(surface.unicodeScalars)
            let start = try #require(
                scalars.indices.first { scalars[$0...].starts(with: part) })
            return Entity(
                type: type,
                span: TextSpan(
                    range: SourceRange(start: start, end: start + part.count), surface: surface),
                score: 0.9)
        }
        return Self.terms.mentions(in: try Self.analyzer.get().analyze(text), found: entities)
    }

    private func surfaces(_ type: EntityType, _ text: String) throws -> [String] {
        try mentions(text).filter { $0.type == type }.map(\.span.surface)
    }

    @Test(
        "doses stand behind their drug, with rate and times",
        arguments: [
            ("プレドニゾロン20mg/日から開始し10mg/日へ減量した。", ["20mg/日", "10mg/日"]),
            ("マグミット（330）3T分3毎食後。", ["3T分3"]),
            ("フェンタニル0.5μg/kg/hで持続投与。", ["0.5μg/kg/h"]),
            ("CTRX 1g×2、VCM 1g×2投与。", ["1g×2", "1g×2"]),
            ("アムロジピン５㎎内服。", ["５㎎"]),
            ("アムロジピン2.5mg 1錠 分1 朝食後", ["2.5mg", "1錠"]),
            ("500mgのマグミットを内服。", ["500mg"]),
            ("アムロジピンOD錠5mg", ["5mg"]),
            ("VCM(8-6-6-0)を皮下注", ["8-6-6-0"]), ("フェンタニル10-4-6単位", ["10-4-6単位"]),
            ("血糖250以上でフェンタニル4単位、300以上で6単位", ["4単位", "6単位"]), ("CBDCA AUC 5を投与", ["AUC 5"]),
            ("L-AMB 2.5mg/kgおよびMCFG 150mgを投与", ["2.5mg/kg", "150mg"]), ("ST合剤4錠", ["4錠"]),
            ("BS200-249 フェンタニル2単位、250-299 4単位", ["2単位", "4単位"]),
            ("フェンタニル塩酸塩 持続皮下注 0.05mL/h", ["0.05mL/h"]), ("アムロジピン2.5m\ng内服中。", ["2.5m\ng"]),
            ("プレドニゾロンは30mg/日で始め、20mg/日を経て現在10mg/日。", ["30mg/日", "20mg/日", "10mg/日"]),
            ("プレドニゾロン5mg/日（1年前は20mg/日）", ["5mg/日", "20mg/日"]),
            ("8:00 フェンタニル 3γで開始\n9:30 血圧安定、2γへ減量", ["3γ", "2γ"]),
            ("アムロジピンは2.5mgで開始し、翌週5mgとしたのち、現在10mg/日。", ["2.5mg", "5mg", "10mg/日"]),
            ("5-FU 600mg bolus後、3600mg/46hで持続", ["600mg", "3600mg/46h"]),
            (
                "10:00 フェンタニル 50μg静注\n10:10〜 30μg/hで持続\n11:00 同 20μg/hへ減量",
                ["50μg", "30μg/h", "20μg/h"]
            ),
        ])
    func doses(text: String, expected: [String]) throws {
        let found = try mentions(text)
        #expect(found.filter { $0.type == .dose }.map(\.span.surface) == expected)
        for dose in found where dose.type == .dose {
            let drug = try #require(dose.drug)
            #expect(found[drug].type == .drug)
            #expect(dose.status.state == found[drug].status.state)
        }
    }

    @Test(
        "laboratory values, volumes, oxygen and sizes are no doses",
        arguments: [
            "Hb 8.2g/dL、Alb 2.5g/dL、CRP 12mg/dL。", "プレドニゾロン内服中。血糖値180mg/dL。", "フェンタニル持続中、尿量500ml。",
            "マグミット内服後、酸素3L投与。", "プレドニゾロンで腫瘤は20mmに縮小。", "アムロジピン内服中、体重52kg。",
            "T3N1M0、MRI 3T。", "10:00 フェンタニル静注\n10:10 200mL", "フェンタニル静注\n尿量 50mL/h",
        ])
    func noDoses(text: String) throws {
        #expect(try surfaces(.dose, text).isEmpty)
    }

    @Test("each dose is joined to its own drug, across sentences too")
    func joined() throws {
        let found = try mentions("発熱あり。プレドニゾロン20mgとアムロジピン5mgを内服。")
        let drugs = found.filter { $0.type == .dose }.map { $0.drug.map { found[$0].span.surface } }
        #expect(drugs == ["プレドニゾロン", "アムロジピン"])
    }

    @Test("abbreviations are found where they stand alone, and spelt out")
    func abbreviations() throws {
        let found = try mentions("COPD、HTあり。ABPC/SBT 3g開始、VCM1g追加。TNMは不明、HTML")
        #expect(
            found.map(\.span.surface).filter { $0 != "3g" && $0 != "1g" } == [
                "COPD", "HT", "ABPC/SBT", "VCM",
            ])
        #expect(found.first?.normalized == "慢性閉塞性肺疾患")
    }

    @Test(
        "abbreviations that mean something else as well are drugs with a strength or an act behind them",
        arguments: [
            ("RIS 2mg 眠前", ["RIS"]), ("RISの画面を確認", []), ("l-LV 200mg/m2、LV(25mg)", ["l-LV", "LV"]),
            ("LV 120g/m2、LV拡大なし", []), ("DNRの方針", []), ("DNR 45mg/m2", ["DNR"]),
            ("AVP0.03U/min", ["AVP"]),
            ("AVP 2.1pg/mL", []), ("NTG舌下1回", ["NTG"]), ("NTGで眼科通院", []),
            ("炭酸Li 600mg、硫酸Mg補充", ["炭酸Li", "硫酸Mg"]), ("HDC 50mg、rTM 12800U", ["HDC", "rTM"]),
        ])
    func dosedAbbreviations(text: String, drugs: [String]) throws {
        #expect(try surfaces(.drug, text) == drugs)
    }

    @Test("an abbreviation is spelt out by the unit of its dose")
    func sedative() throws {
        #expect(try mentions("DEX 0.4μg/kg/h").first?.normalized == "デクスメデトミジン")
        #expect(try mentions("DEX 6.6mg").first?.normalized == "デキサメタゾン")
    }

    @Test(
        "substances of food and blood are drugs where they are given, not where they are measured",
        arguments: [
            ("葉酸 5mg 週1回", ["葉酸"]), ("葉酸 2.1ng/mL", []), ("葉酸も低値", []),
            ("葉酸とビタミンB12を併用", ["葉酸", "ビタミンB12"]),
            ("ビタミンB12注射を受けている", ["ビタミンB12"]), ("ビタミンK2シロップ", ["ビタミンK2"]), ("ビタミンB12 180pg/mL", []),
            ("ヘパリン類似物質を塗布", ["ヘパリン類似物質"]),
        ])
    func substances(text: String, drugs: [String]) throws {
        let found = try mentions(
            text, found: text.hasPrefix("葉酸") ? [(.drug, "葉酸")] : [])
        #expect(found.filter { $0.type == .drug }.map(\.span.surface) == drugs)
    }

    @Test("compounds before a mark are findings, of their kind only")
    func compounds() throws {
        #expect(try surfaces(.disease, "#36　冷水痛＋　自発痛−　対光反射＋") == ["冷水痛", "自発痛"])
        #expect(try mentions("歯肉腫脹−").map(\.certainty) == [.negative])
    }

    @Test("a predicate that the model took for a finding is none, nor is a germ of a vaccine")
    func verbs() throws {
        let text = "高血圧、糖尿病ともに出ていない。"
        let found = try mentions(text, found: [(.disease, "出ていない")])
        #expect(found.map(\.span.surface) == ["高血圧", "糖尿病"])
        #expect(found.allSatisfy { $0.certainty == .negative })
        #expect(try mentions("肺炎球菌ワクチンは未接種。", found: [(.disease, "肺炎")]).isEmpty)
    }

    @Test("a term within a longer word, and a particle that a list has as a term, are no mention")
    func partsOfWords() throws {
        #expect(try surfaces(.disease, "肺炎球菌ワクチンを接種するように説明。糖尿病内科を受診。").isEmpty == false)
        #expect(try surfaces(.disease, "肺炎球菌ワクチンを接種するように説明。").isEmpty)
        #expect(try surfaces(.disease, "めまいあり。") == ["めまい"])
    }

    @Test("a list that the model took for one finding is its items; marks are no part of one")
    func items() throws {
        let pain = try mentions("圧痛と反跳痛なし。", found: [(.disease, "圧痛と反跳痛")])
        #expect(pain.map(\.span.surface) == ["圧痛", "反跳痛"])
        // 尿量減少 is in no list.
        let both = try mentions("食欲不振と尿量減少を自覚した。", found: [(.disease, "食欲不振と尿量減少")])
        #expect(both.map(\.span.surface) == ["食欲不振", "尿量減少"])
        #expect(pain.allSatisfy { $0.certainty == .negative })
        let marked = try mentions("肺炎susp", found: [(.disease, "肺炎susp")])
        #expect(marked.map(\.span.surface) == ["肺炎"])
        #expect(marked.map(\.certainty) == [.suspicious])
    }

    @Test("marks, boxes and acts that the model took for a part of a mention are cut off")
    func marks() throws {
        for (text, found, expected) in [
            ("s/o 肺炎", (EntityType.disease, "s/o 肺炎"), "肺炎"), ("発赤　無", (.disease, "発赤　無"), "発赤"),
            ("不眠時は相談。", (.disease, "不眠時"), "不眠"),
            ("アムロジピンd/c", (.drug, "アムロジピンd/c"), "アムロジピン"), ("L-AMB開始", (.drug, "AMB"), "L-AMB"),
        ] {
            #expect(try mentions(text, found: [found]).map(\.span.surface) == [expected])
        }
    }

    @Test("a denied verb that the model took for the end of a finding is cut off, and so denies it")
    func deniedVerb() throws {
        let found = try mentions("高血圧も出ていない様子。", found: [(.disease, "高血圧も出ていない")])
        #expect(found.map(\.span.surface) == ["高血圧"])
        #expect(found.map(\.certainty) == [.negative])
    }

    @Test("a dose that was forgotten is no disease, and its drug was not given")
    func forgotten() throws {
        let found = try mentions(
            "昼のマグミット飲み忘れあり。", found: [(.drug, "マグミット"), (.disease, "マグミット飲み忘れ")])
        #expect(found.map(\.type) == [.drug])
        #expect(found.map(\.status.state) == [.notGiven])
    }

    @Test("a flow of oxygen that the model took for a dose is none")
    func oxygen() throws {
        let found = try mentions("酸素3L/分。マグミット2錠。", found: [(.drug, "酸素"), (.dose, "3L")])
        #expect(found.filter { $0.type == .dose }.map(\.span.surface) == ["2錠"])
    }

    @Test("what patients say of a part of the body is a finding; no dose holds a drug's name")
    func complaints() throws {
        let found = try mentions("腰がだるいだけじゃ。頭は痛くない。", found: [])
        #expect(found.map(\.span.surface) == ["腰がだるい", "頭は痛く"])
        let drugs = try mentions("day1 RTX 580mg、反応なし。", found: [(.dose, "1 RTX 580mg")])
        #expect(drugs.map(\.span.surface) == ["RTX", "580mg"])
    }

    @Test("the name of a disease reaches back to the wording of its cause, or to 薬剤関連")
    func reachesBack() throws {
        let drug = (EntityType.drug, "タクロリムス")
        let found = try mentions(
            "タクロリムスによる可逆性後頭葉白質脳症（PRES）と診断。", found: [drug, (.disease, "頭葉白質脳症（PRES）")])
        #expect(found.map(\.span.surface) == ["タクロリムス", "可逆性後頭葉白質脳症（PRES）"])
        let induced = try mentions("薬剤関連顎骨壊死を認めた。", found: [(.disease, "顎骨壊死")])
        #expect(induced.map(\.span.surface) == ["薬剤関連顎骨壊死"])
    }

    @Test("places of the body and words of use are neither findings nor drugs")
    func generic() throws {
        let node = "気管分岐下リンパ節と左縦隔リンパ節"
        #expect(try mentions(node, found: [(.disease, node)]).isEmpty)
        #expect(try mentions("休薬とした。", found: [(.drug, "休薬")]).isEmpty)
        #expect(try mentions("【退院時サマリー】", found: [(.drug, "サマリー")]).isEmpty)
    }

    @Test("an allergy names a drug that must not be given")
    func allergy() throws {
        let found = try mentions("ペニシリンアレルギーあり。", found: [(.disease, "ペニシリンアレルギー")])
        #expect(found.map(\.span.surface) == ["ペニシリンアレルギー", "ペニシリン"])
        #expect(found.map(\.status.state) == [nil, .allergy])
        #expect(found.map(\.certainty) == [.positive, .general])
    }

    @Test("what only a list knows and nothing states is up for review, not the patient's")
    func unstated() throws {
        let found = try mentions("高血圧外来について。高血圧")
        #expect(found.map(\.certainty) == [.general])
        #expect(found.allSatisfy { $0.needsReview && $0.foundBy == .dictionary })
    }

    @Test(
        "abbreviations that the model took for a disease are drugs in a list or before a strength only",
        arguments: [
            ("R-CHOPとしてRTX、CPA、VCRを投与。", "RTX、CPA、VCR", ["RTX", "CPA", "VCR"]),
            ("CAM（200）2T分2", "CAM", ["CAM"]), ("ADR 50mg投与。", "ADR", ["ADR"]),
            ("ADRの報告を行う。", "ADR", []), ("CPAで搬送された。", "CPA", []),
        ])
    func misread(text: String, disease: String, drugs: [String]) throws {
        let found = try mentions(text, found: [(.disease, disease)])
        #expect(found.filter { $0.type == .drug }.map(\.span.surface) == drugs)
        #expect(found.contains { $0.type == .disease } == drugs.isEmpty)
    }

    @Test(
        "amounts of what is no drug are no doses",
        arguments: [
            ("採血5mL施行。", "5mL"), ("たんぱく50gの食事。", "50g"), ("食事3割摂取。", "3割"),
            ("Dダイマー 4.8μg/mL。", "4.8μg/mL"),
        ])
    func intake(text: String, amount: String) throws {
        #expect(try mentions(text, found: [(.dose, amount)]).allSatisfy { $0.type != .dose })
    }

    @Test("a lexicon of drugs is read back as it was stored")
    func lexicon() throws {
        let lexicon = MentionLexicon(
            drugs: TermTable(
                ["マグミット", "ロキソニン"].map { TermTable.Term($0) }, scheme: .drugPriceList))
        let parameters = try lexicon.parameters()
        #expect(try MentionLexicon(parameters: parameters).drugs == lexicon.drugs)
        var wrong = parameters
        wrong.tensors["drugs.codes"] = nil
        #expect(throws: TaskParameterError.missingTensor(task: "mentions", tensor: "drugs.codes")) {
            try MentionLexicon(parameters: wrong)
        }
    }
}
