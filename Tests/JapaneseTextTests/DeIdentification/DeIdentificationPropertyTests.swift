// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import JapaneseText

@Suite("Personal information in texts of any kind and size")
struct DeIdentificationPropertyTests {
    private static let pieces = [
        "患者名", "氏名", "：", "　", " ", "\n", "\t", "山田", "太郎", "様", "氏", "先生", "さん", "Dr.", "Yamada",
        "患者ID", "ID", "0123", "12", "-", "－", "/", ".", "〒", "123-4567", "東京都", "新宿区", "市", "町",
        "三丁目",
        "２番", "１号", "コーポ", "203", "生年月日", "昭和", "35年4月1日", "S35.4.1", "生", "生まれ", "TEL", "℡",
        "(03)",
        "090-0000-1234", "a@example.jp", "https://example.jp", "マイナンバー", "1234 5678 9018", "妻", "（",
        "）",
        "花子", "㎎", "㍻", "⑴", "ｶﾞ", "か\u{3099}", "\r\n", "肺癌", "は", "の", "𠮷田", "😀", "記号", "番号", "、",
    ]

    @Test(
        "matches lie in the text, in order and apart, and the rest of the text stays",
        arguments: [31, 32, 33] as [UInt64])
    func apart(seed: UInt64) {
        var random = RandomText(seed: seed)
        let identifier = DeIdentifier(kinds: Set(PersonalInformationKind.allCases))
        for round in 0..<3000 {
            let length = random.number(below: 40)
            let text =
                round % 4 == 0
                ? random.text(of: length) : random.text(of: length, from: Self.pieces)
            let source = Array(text.unicodeScalars)
            let spans = identifier.spans(in: text)
            var last = 0
            var kept: [Unicode.Scalar] = []
            for span in spans {
                #expect(span.range.start >= last && span.range.count > 0)
                #expect(span.range.end <= source.count)
                kept += source[last..<span.range.start]
                last = span.range.end
            }
            kept += source[last...]
            let replaced = identifier.replacing(spans, in: text, by: .geta).unicodeScalars
            #expect(replaced.count == kept.count + spans.count)
            if !source.contains("〓") { #expect(replaced.filter { $0 != "〓" } == kept) }
        }
    }

    @Test(
        "time grows with the text and not faster",
        arguments: [
            "0-", "@", "様", "市", "1", "氏名：", "氏名", "東京都", "〒", "昭和", "山田", "患者", "(", "ID:", "妻（",
            "先生",
            "Dr.", "太郎", "生", "一", "TEL ", "1 ", "山田 ", "記号1番号", "東京都新宿区", "三丁目", " ", "\n", "ア",
            "あ",
        ])
    func linear(piece: String) {
        let identifier = DeIdentifier(kinds: Set(PersonalInformationKind.allCases))
        func time(_ scalars: Int) -> Double {
            let text = String(repeating: piece, count: scalars / piece.unicodeScalars.count)
            return (0..<3).map { _ in
                let start = Self.processorSeconds()
                _ = identifier.spans(in: text)
                return Self.processorSeconds() - start
            }.min() ?? 0
        }
        let short = time(10_000)
        let long = time(80_000)
        // Eight times the text: 8 if linear, 64 if quadratic.
        #expect(long < short * 24 + 0.01, "\(short) s, \(long) s")
    }

    /// Time of this thread on a processor, which others do not disturb.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
