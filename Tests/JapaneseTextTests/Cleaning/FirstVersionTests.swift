// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JapaneseText

/// Models have been trained on what version 1 makes of a text; none of this may ever change.
@Suite("Cleaning version 1 stays as it was")
struct FirstVersionTests {
    private static let records: [(before: String, after: String)] = [
        ("【主訴】　右上腹部痛，悪心．", "【主訴】▁右上腹部痛、悪心。"),
        ("Ｓ）昨晩から３８．５℃の発熱あり．咳（－），痰（±）．", "S)昨晩から38.5℃の発熱あり。咳(-)、痰(±)。"),
        ("ＳｐＯ₂　９８％，ＢＰ　１２０／８０ｍｍＨｇ", "SpO2▁98%、BP▁120/80mmHg"),
        ("SpO₂98％", "SpO298%"),
        ("WBC 10³、10⁻³、10¹²、m²5回", "WBC▁10^3、10-3、10^1^2、m25回"),
        ("1½錠、½2錠", "1▁1/2錠、1/22錠"),
        ("ⅡⅢaVFでST上昇", "IIIIIaVFでST上昇"),
        ("①咳②痰⒈5cm", "(1)咳(2)痰1.5cm"),
        ("1\u{FE0F}\u{20E3}2cm", "12cm"),
        ("ﾜﾙﾌｧﾘﾝ　．５㎎，㍉㌘", "ワルファリン▁。5mg、ミリグラム"),
        ("様子を見る．．．　以上....", "様子を見る。。。▁以上…."),
        ("食欲・・・良好", "食欲・・・良好"),
        ("痛み──夜間、あり―軽度、コントロ―ル", "痛みーー夜間、ありー軽度、コントロール"),
        ("ストレッチャ\u{200B}ー", "ストレッチャ-"),
        ("37゜C、37ºC、37℃a", "37゜C、37oC、37°Ca"),
        ("A≪B、❌、✕", "A《B、、×"),
        ("5😀0、\u{E000}字", "50、字"),
        ("か\u{200B}\u{3099}", "か\u{3099}"),
        ("🏃\u{200D}♂\u{FE0F}走る", "♂走る"),
        ("↑↑↑↑、****", "↑↑↑、***"),
        ("電話03-1234-5678、a@example.jp、https://example.jp/x", "電話〓、〓、〓"),
        ("行\u{2028}１．次", "行\n1。次"),
        ("葛\u{E0100}根湯　⻑期", "葛根湯▁長期"),
        ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
    ]
    private static let training: [(before: String, after: String)] = [
        ("すごい！！！　wwwww　スーーーパー", "すごい!▁www▁スーパー"),
        ("@clinicさん #健康 https://example.jp/", "さん▁"),
        ("Привет≪5Ж0≫", "《50》"),
        ("電話03-1234-5678まで，ａ＠ｂ．ｃｏｍ", "電話まで、"),
        ("(++++)↑↑。。。", "(++++)↑。"),
        ("……・・・", "…・"),
    ]

    @Test("records come out as the first bundle saw them", arguments: records)
    func documents(before: String, after: String) {
        let cleaner = TextCleaner(profile: .documents, version: .first)
        expectSameScalars(cleaner.clean(before).string, after)
    }

    @Test("training text comes out as the first tokenizer saw it", arguments: training)
    func trainingText(before: String, after: String) {
        let cleaner = TextCleaner(profile: .training, version: .first)
        expectSameScalars(cleaner.clean(before).string, after)
    }

    /// Made with the program of 0.1.0 before there was a second version.
    @Test("random text of all of Unicode comes out as before")
    func fingerprint() {
        var random = RandomText(seed: 2026)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ value: UInt32) { hash = (hash ^ UInt64(value)) &* 0x100_0000_01B3 }
        for round in 0..<4000 {
            let text =
                round % 2 == 0
                ? random.text(of: 40) : random.text(of: 25, from: OffsetTests.clinicalPieces)
            for profile in TextCleaner.Profile.allCases {
                let cleaned = TextCleaner(profile: profile, version: .first).clean(text)
                for scalar in cleaned.scalars { mix(scalar.value) }
                for place in cleaned.starts + cleaned.ends { mix(place) }
            }
        }
        #expect(hash == 11_534_727_150_323_778_165)
    }
}
