// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import JapaneseText

@Suite("Cleaning text")
struct TextCleanerTests {
    private static let recordCases: [(before: String, after: String)] = [
        ("１６４５．６ｍｌ", "1645.6ml"),
        ("１，２００ｍｌ，経口", "1,200ml、経口"),
        ("異常なし．経過良好．", "異常なし。経過良好。"),
        ("Ｈ．ｐｙｌｏｒｉ陽性", "H.pylori陽性"),
        ("１．既往歴\n１０．その他", "1.既往歴\n10.その他"),
        ("腫瘤径は３０．増大", "腫瘤径は30。増大"),
        ("ｶﾞﾝ、ﾊﾟﾝｸﾚｱｽ", "ガン、パンクレアス"),
        ("か\u{3099}ん", "がん"),
        ("㎎・㎜・㏄", "mg・mm・cc"),
        ("①2cm大 ⑫3cm大", "(1)2cm大▁(12)3cm大"),
        ("10⁵/μL、m²", "10^5/μL、m2"),
        ("1½錠", "1▁1/2錠"),
        ("腹痛（－）嘔気（ー）発熱（−）", "腹痛(-)嘔気(-)発熱(-)"),
        ("コントロ―ル、リンパ―", "コントロール、リンパー"),
        ("１ー２日、３〜４日、５～６日", "1-2日、3~4日、5~6日"),
        ("38.5°C、３８℃", "38.5℃、38℃"),
        ("様子を見る...", "様子を見る…"),
        ("様子を見る…", "様子を見る…"),
        ("⼤腸、⻑期、⻘", "大腸、長期、青"),
        ("改行\r\n次\r又\n末", "改行\n次\n又\n末"),
        ("空白　  と\tタブ", "空白▁と▁タブ"),
        ("電話03-1234-5678まで", "電話〓まで"),
        ("電話０９０－１２３４－５６７８", "電話〓"),
        ("(03)1234-5678に連絡", "〓に連絡"),
        ("TEL(03)1234-5678.", "TEL〓."),
        ("(TEL03-1234-5678)", "(TEL〓)"),
        ("（０１２０－１２３－４５６）", "(〓)"),
        ("+81-3-1234-5678", "〓"),
        ("患者番号0123456789、03-1234-5678-9", "患者番号0123456789、03-1234-5678-9"),
        ("検体1-03-1234-5678", "検体1-03-1234-5678"),
        ("taro.yamada@example.jpへ", "〓へ"),
        ("https://example.jp/a?b=1 を参照", "〓▁を参照"),
        ("#1 肺癌、O2 3L@NC", "#1▁肺癌、O2▁3L@NC"),
        ("2023-01-15 10:30", "2023-01-15▁10:30"),
        ("120-80-60", "120-80-60"),
        ("尿蛋白（＋＋＋＋）", "尿蛋白(++++)"),
        ("●●●●病院", "●●●●病院"),
        ("＝＝＝＝＝＝＝", "==="),
        ("零幅\u{200B}空白\u{FEFF}と\u{0}制御\u{7}", "零幅空白と制御"),
        ("葛\u{E0100}根湯", "葛根湯"),
        ("元気😀です", "元気です"),
        ("Ⅲ期", "III期"),
        ("ＳｐＯ₂　９８％", "SpO2▁98%"),
        ("“腫瘤”", "\"腫瘤\""),
        ("左⇒右", "左→右"),
        ("➕➖❓", "+-?"),
        ("疼痛(\u{2014}) ｺﾝﾄﾛ\u{2014}ﾙ", "疼痛(-)▁コントロール"),
        ("ﾊﾟﾝﾃｨ\u{FF9E}", "パンティ\u{3099}"),
        ("Ｅ．ｃｏｌｉ、10^5/ｍｌ．", "E.coli、10^5/ml。"),
        ("", ""),
    ]

    @Test("a record keeps what carries meaning", arguments: recordCases)
    func records(before: String, after: String) {
        expectSameScalars(TextCleaner(profile: .documents).clean(before).string, after)
    }

    @Test(
        "training text loses what the paper drops",
        arguments: [
            ("電話は03-1234-5678です", "電話はです"),
            ("お問い合わせはa@example.comまで", "お問い合わせはまで"),
            ("@clinicさん #健康 です", "さん▁です"),
            ("http://example.com/x を見た", "▁を見た"),
            ("すごい！！！", "すごい!"),
            ("ああああああ", "あああ"),
            ("スーーーパー", "スーパー"),
            ("1000000円", "1000000円"),
            ("３．５ｃｍ，大", "3.5cm、大"),
            ("Привет你好", "你好"),
            ("#1 肺癌", "#1▁肺癌"),
        ])
    func training(before: String, after: String) {
        expectSameScalars(TextCleaner(profile: .training).clean(before).string, after)
    }

    @Test(
        "a marked span is found again by way of the cleaned text",
        arguments: [
            ("右上葉に⟦d:ｼｭﾘｭｳ⟧を認める", "シュリュウ"),
            ("径⟦size:３．５ｃｍ⟧の腫瘤", "3.5cm"),
            ("⟦dose:５００㎎⟧投与", "500mg"),
            ("が\u{3099}な⟦d:か\u{3099}ん⟧の疑い", "がん"),
            ("\r\n\r\n　　⟦d:肺 癌⟧", "肺▁癌"),
            ("😀⟦x:①⟧😀", "(1)"),
        ])
    func marks(marked: String, cleaned: String) throws {
        let example = MarkedText(marked)
        let text = TextCleaner(profile: .documents).clean(example.text)
        let span = try #require(example.marks.first).span
        let range = text.cleanedRange(of: span.range)
        expectSameScalars(text.slice(range), cleaned)
        #expect(text.sourceRange(of: range) == span.range)
        #expect(text.sourceSlice(span.range) == span.surface)
    }
}
