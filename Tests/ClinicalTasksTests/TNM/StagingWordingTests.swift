// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ClinicalTasks

@Suite("Descriptors and statements in many wordings")
struct StagingWordingTests {
    @Test(
        "of a tumour of 25 mm decide T",
        arguments: [
            ("反回神経麻痺あり。", "T4"),
            ("反回神経麻痺を伴う。", "T4"),
            ("反回神経麻痺が疑われる。", "T4"),
            ("右反回神経浸潤を認める。", "T4"),
            ("反回神経への直接浸潤あり。", "T4"),
            ("反回神経を巻き込む。", "T4"),
            ("左声帯麻痺あり、反回神経浸潤を考える。", "T4"),
            ("横隔神経麻痺あり。", "T3"),
            ("横隔神経に浸潤する。", "T3"),
            ("横隔神経浸潤。", "T3"),
            ("腕神経叢浸潤あり。", "T4"),
            ("腕神経叢に及ぶ。", "T4"),
            ("腕神経叢への進展を認める。", "T4"),
            ("Pancoast腫瘍。", "T3"),
            ("Horner症候群を認める。", "T3"),
            ("上肺溝腫瘍である。", "T3"),
            ("上大静脈症候群を伴う。", "T4"),
            ("上大静脈浸潤。", "T4"),
            ("上大静脈への浸潤を認める。", "T4"),
            ("SVC浸潤あり。", "T4"),
            ("左房浸潤。", "T4"),
            ("心嚢内肺静脈浸潤。", "T4"),
            ("肺動脈本幹浸潤。", "T4"),
            ("食道浸潤。", "T4"),
            ("気管浸潤。", "T4"),
            ("気管分岐部浸潤。", "T4"),
            ("carinaに浸潤。", "T4"),
            ("椎体浸潤。", "T4"),
            ("胸椎浸潤。", "T4"),
            ("横隔膜浸潤。", "T4"),
            ("縦隔浸潤。", "T4"),
            ("縦隔脂肪織浸潤。", "T4"),
            ("心臓浸潤。", "T4"),
            ("大動脈浸潤。", "T4"),
            ("胸壁浸潤。", "T3"),
            ("肋骨破壊あり。", "T3"),
            ("肋骨浸潤。", "T3"),
            ("壁側胸膜浸潤。", "T3"),
            ("心膜浸潤。", "T3"),
            ("臓側胸膜浸潤。", "T2a"),
            ("胸膜浸潤あり。", "T2a"),
            ("主気管支浸潤。", "T2a"),
            ("主気管支に及ぶ。", "T2a"),
            ("無気肺を伴う。", "T2a"),
            ("閉塞性肺炎を伴う。", "T2a"),
            ("肺門に及ぶ無気肺あり。", "T2a"),
            ("同一肺葉内に副腫瘍結節あり。", "T3"),
            ("同一葉内に結節があり転移を疑う。", "T3"),
            ("同側他葉に転移結節あり。", "T4"),
            ("右中葉に肺内転移あり。", "T4"),
            ("右下葉に6mmの結節があり肺内転移を疑う。", "T4"),
            ("pl3。", "T3"),
            ("PL1。", "T2a"),
            ("PL2。", "T2a"),
            ("胸膜浸潤(pl2)あり。", "T2a"),
            ("PL0。", "T1c"),
            ("隣接臓器浸潤なし。", "T1c"),
            ("胸壁浸潤は明らかでない。", "T1c"),
            ("大動脈に接するが浸潤なし。", "T1c"),
            ("横隔神経麻痺なし。", "T1c"),
            ("上大静脈への圧排のみ、浸潤なし。", "T1c"),
            ("嗄声なし。", "T1c"),
            ("左鎖骨下動脈浸潤。", "T4"),
            ("下行大動脈に浸潤。", "T4"),
            ("肋間筋に浸潤。", "T3"),
        ])
    func tumour(words: String, category: String) {
        #expect(TNMRulesTests.decide("右上葉に25mm大の肺癌。\(words)リンパ節腫大なし。").t == category)
    }

    @Test(
        "of spread decide M",
        arguments: [
            ("胸水細胞診陽性。", "M1a"),
            ("胸水細胞診でclass V。", "M1a"),
            ("胸水細胞診ClassⅤ。", "M1a"),
            ("右胸水あり、細胞診で癌細胞を認める。", "M1a"),
            ("胸水中に癌細胞を認める。", "M1a"),
            ("胸水から腺癌細胞が検出された。", "M1a"),
            ("悪性胸水。", "M1a"),
            ("癌性胸膜炎。", "M1a"),
            ("心嚢水細胞診陽性。", "M1a"),
            ("癌性心膜炎。", "M1a"),
            ("癌性心嚢水あり。", "M1a"),
            ("胸膜播種。", "M1a"),
            ("胸膜に多発結節あり播種を疑う。", "M1a"),
            ("対側肺転移。", "M1a"),
            ("左肺に転移を認める。", "M1a"),
            ("左下葉に転移性結節あり。", "M1a"),
            ("両肺多発転移。", "M1a"),
            ("髄膜播種。", "M1c"),
            ("癌性髄膜炎。", "M1c"),
            ("髄膜転移。", "M1c"),
            ("軟膜播種を認める。", "M1c"),
            ("単発の脳転移。", "M1b"),
            ("脳転移（1個）。", "M1b"),
            ("左副腎に単発転移あり。", "M1b"),
            ("多発肝転移。", "M1c"),
            ("骨転移多発。", "M1c"),
            ("脳転移、骨転移あり。", "M1c"),
            ("両側副腎転移。", "M1c"),
            ("腹膜播種。", "M1c"),
            ("皮下転移あり。", "M1b"),
            ("脾転移あり。", "M1b"),
            ("腎転移あり。", "M1b"),
            ("膵転移あり。", "M1b"),
            ("腋窩リンパ節転移あり。", "M1b"),
            ("胸水細胞診陰性。", "M0"),
            ("胸水あるも細胞診は陰性。", "M0"),
            ("髄膜播種なし。", "M0"),
            ("胸膜播種を認めず。", "M0"),
            ("脳転移なし。", "M0"),
        ])
    func spread(words: String, category: String) {
        #expect(TNMRulesTests.decide("右上葉に25mm大の肺癌。リンパ節腫大なし。\(words)").m == category)
    }

    @Test(
        "of ground glass without solid part mean carcinoma in situ",
        arguments: [
            "純粋すりガラス結節",
            "pure GGN",
            "pure GGO",
            "純粋GGN",
            "pGGN",
            "すりガラス結節（充実成分なし）",
            "充実成分を伴わないすりガラス結節",
            "充実成分を認めないすりガラス影",
            "pure ground glass nodule",
            "Pure GGN",
            "すりガラス影のみの結節",
            "non-solid nodule",
            "純すりガラス影",
            "GGN（pure）",
            "すりガラス結節で、充実成分は認めない",
        ])
    func groundGlass(words: String) {
        #expect(TNMRulesTests.decide("右上葉に18mm大の\(words)、肺癌を疑う。リンパ節腫大なし。").t == "Tis")
    }

    private static let contexts: [(before: String, after: String)] = [
        ("右上葉肺癌。", "。"),
        ("右上葉肺癌 ", ""),
        ("右上葉肺癌（", "）"),
        ("右上葉肺癌術後、", "。再発なし。"),
        ("右上葉肺癌、術前", "。"),
        ("右上葉肺癌。初診時", "。"),
        ("診断：肺癌\n病期：", "\n"),
        ("右肺癌　治療前診断 ", " 化学療法施行。"),
        ("", "の右肺癌。"),
        ("右上葉肺癌、", "期。"),
        ("肺腺癌（", "、EGFR陽性）。"),
        ("右肺癌。\n", "\n胸水なし。"),
        ("左肺癌，", "，Stage不明。"),
        ("右肺癌にて手術（", "）。現在再発なし。"),
        ("肺癌、", "と診断。"),
        ("肺癌、", "と考えます。"),
        ("肺癌、", "疑い。"),
        ("肺癌、", "相当。"),
    ]

    @Test(
        "of categories are taken over in every sentence",
        arguments: [
            ("cT2aN1M0", "T2a N1 M0"),
            ("c-T2aN1M0", "T2a N1 M0"),
            ("cT2a N1 M0", "T2a N1 M0"),
            ("T2a, N1, M0", "T2a N1 M0"),
            ("T2a、N1、M0", "T2a N1 M0"),
            ("T：2a N：1 M：0", "T2a N1 M0"),
            ("T:2a, N:1, M:0", "T2a N1 M0"),
            ("ｃＴ２ａＮ１Ｍ０", "T2a N1 M0"),
            ("ct2an1m0", "T2a N1 M0"),
            ("t2an1m0", "T2a N1 M0"),
            ("ｔ２ａｎ１ｍ０", "T2a N1 M0"),
            ("pT1c(25mm)N2(#7)M0", "T1c N2 M0"),
            ("T3N2bM1c2", "T3 N2b M1c2"),
            ("T3N2aM1c1", "T3 N2a M1c1"),
            ("TisN0M0", "Tis N0 M0"),
            ("pTis N0 M0", "Tis N0 M0"),
            ("T1miN0M0", "T1mi N0 M0"),
            ("TXN2M1a", "TX N2 M1a"),
            ("cTxN3M1b", "TX N3 M1b"),
            ("T2bNXM0", "T2b NX M0"),
            ("T2bN0MX", "T2b N0 MX"),
            ("ypT1aN0M0", "T1a N0 M0"),
            ("ycT3N1M0", "T3 N1 M0"),
            ("rT1bN0M1a", "T1b N0 M1a"),
            ("T4 N3 M1c", "T4 N3 M1c"),
            ("T4/N3/M1c", "T4 N3 M1c"),
            ("T1b-N0-M0", "T1b N0 M0"),
            ("T=1b N=0 M=0", "T1b N0 M0"),
            ("T1b・N0・M0", "T1b N0 M0"),
            ("T1b N0 M0 (IA2)", "T1b N0 M0"),
            ("stage IA2 (T1bN0M0)", "T1b N0 M0"),
            ("T因子2a、N因子1、M因子0", "T2a N1 M0"),
            ("T(2a)N(1)M(0)", "T2a N1 M0"),
            ("T２ａＮ１Ｍ０", "T2a N1 M0"),
            ("cT2a\ncN1\ncM0", "T2a N1 M0"),
            ("T 2a N 1 M 0", "T2a N1 M0"),
            ("T2a N1M0", "T2a N1 M0"),
            ("T2aN1(+)M0", "T2a N1 M0"),
            ("cT2acN1cM0", "T2a N1 M0"),
            ("pT2apN1M0", "T2a N1 M0"),
            ("T2A N1 M0", "T2a N1 M0"),
            ("CT2AN1M0", "T2a N1 M0"),
        ])
    func statement(words: String, categories: String) {
        for context in Self.contexts {
            let text = context.before + words + context.after
            let decision = TNMRulesTests.decide(text)
            #expect("\(decision.t) \(decision.n) \(decision.m)" == categories, "\(text)")
            #expect(decision.gate.reason == nil, "\(text)")
        }
    }

    @Test(
        "of a lung cancer that is not described are X",
        arguments: [
            "肺癌疑いにて精査。",
            "肺癌の精査。",
            "肺癌にて加療中。",
            "肺癌疑い。",
            "右肺癌。",
            "左上葉肺癌の治療効果判定。",
            "肺癌化学療法中の評価。",
            "原発性肺癌の診断。",
            "肺腺癌の術前評価目的。",
            "肺癌を疑い紹介。",
            "小細胞肺癌。化学療法後。",
            "肺癌、間質性肺炎合併。",
            "肺癌の既往。",
            "肺癌フォローアップCT。",
            "肺癌 s/o",
            "肺癌?",
            "肺癌の可能性。",
            "左肺癌　精査目的",
            "肺癌患者。発熱の精査。",
            "右下葉肺癌が疑われる。",
        ])
    func unknown(text: String) {
        #expect(StagingReportTests.outcome(text) == .staged("TX", "NX", "MX"))
    }
}
