// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import JapaneseText

@Suite("The way back to the source")
struct OffsetTests {
    static let clinicalPieces = [
        "腫瘤", "ｼｭﾘｭｳ", "か\u{3099}ん", "ﾊﾟ", "㎎", "㎜", "①", "Ⅲ", "３．５", "１，０００", "．", "，", "\r\n",
        "\r",
        "\n", "　", " ", "\t", "-", "－", "ー", "―", "〜", "...", "°C", "＋", "（＋＋＋＋）", "「", "」", "。",
        "！？",
        "03-1234-5678", "a@example.jp", "https://example.jp/x", "#1", "＃タグ", "@abc", "10⁵", "1½",
        "😀", "\u{200B}",
        "\u{FEFF}", "\u{0}", "葛\u{E0100}", "⻑", "㈱", "ＣＴ", "を認める", "mg/dL", "====", "●●", "Å", "ﾞ",
    ]

    private static func texts(seed: UInt64, count: Int) -> [String] {
        var random = RandomText(seed: seed)
        return (0..<count).map { index in
            let length = random.number(below: 60)
            return index % 2 == 0
                ? random.text(of: length) : random.text(of: length, from: clinicalPieces)
        }
    }

    @Test(
        "every cleaned range lies in the source and none goes backwards",
        arguments: [1, 2, 3] as [UInt64])
    func monotone(seed: UInt64) {
        for text in Self.texts(seed: seed, count: 700) {
            for profile in TextCleaner.Profile.allCases {
                let cleaned = TextCleaner(profile: profile).clean(text)
                #expect(cleaned.source == Array(text.unicodeScalars))
                var last = SourceRange(start: 0, end: 0)
                for index in cleaned.scalars.indices {
                    let range = cleaned.sourceRange(of: CleanedRange(start: index, end: index + 1))
                    #expect(range.count > 0 && range.end <= cleaned.source.count)
                    #expect(range.start >= last.start && range.end >= last.end)
                    let point = cleaned.sourceRange(of: CleanedRange(start: index, end: index))
                    #expect(point.start == range.start && point.count == 0)
                    last = range
                }
            }
        }
    }

    @Test("a source range holds what its cleaned range stands for, and the reverse")
    func bothWays() {
        var random = RandomText(seed: 4)
        for text in Self.texts(seed: 5, count: 1000) {
            let cleaned = TextCleaner(profile: .documents).clean(text)
            guard cleaned.scalars.count > 0 else { continue }
            let start = random.number(below: cleaned.scalars.count)
            let range = CleanedRange(
                start: start, end: start + 1 + random.number(below: cleaned.scalars.count - start))
            let source = cleaned.sourceRange(of: range)
            let back = cleaned.cleanedRange(of: source)
            #expect(back.start <= range.start && back.end >= range.end)
            #expect(cleaned.sourceRange(of: back).contains(source))
        }
    }

    @Test("the source of a whole word is made of the word's own characters")
    func words() throws {
        let analyzer = TextAnalyzer(analyzer: try MorphologicalAnalyzer())
        let cleaner = TextCleaner(profile: .documents)
        // Without pieces whose cleaning depends on what stands beside them.
        let dependent = Set("ー―．，⁵½°.ﾞ#＃@０１".unicodeScalars)
        let pieces = Self.clinicalPieces.filter {
            !$0.unicodeScalars.contains(where: dependent.contains)
        }
        var random = RandomText(seed: 6)
        for _ in 0..<300 {
            let text = analyzer.analyze(random.text(of: 30, from: pieces))
            for morpheme in text.sentences.flatMap(\.morphemes) {
                let span = text.textSpan(of: morpheme.range)
                #expect(span.surface == text.cleaned.sourceSlice(span.range))
                let again = cleaner.clean(span.surface).string
                #expect(again.filter { $0 != "\n" }.contains(morpheme.surface))
            }
        }
    }

    @Test("folding segment by segment equals NFKC of the whole text")
    func piecewise() {
        let table = FoldingTable(version: .newest)
        var random = RandomText(seed: 7)
        for _ in 0..<3000 {
            // Without what NFKC does not decide, and without marks at the beginning of a line.
            var source = random.text(of: 20).unicodeScalars.map(\.value).filter {
                !table.decides($0) && $0 != 0x0A
            }
            if random.number(below: 2) == 0 { source.append(0x301) }
            var scalars = MappedScalars(source: source.compactMap(Unicode.Scalar.init))
            CompatibilityFolding.fold(&scalars, version: .newest)
            // Numbers in different kinds of digits are kept apart by a space.
            let folded = scalars.values.filter { $0 != 0x20 }
            let whole = CompatibilityFolding.normalised(source[...]).filter { $0 != 0x20 }
            #expect(folded == whole)
        }
    }

    @Test("a scalar of any value between kana is cleaned without harm to them")
    func everyScalar() {
        let cleaner = TextCleaner(profile: .documents)
        for value in [Array(0...0xFFFF), Array(stride(from: 0x10000, to: 0x110000, by: 97))]
            .joined()
        {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let cleaned = cleaner.clean(String(scalars: ["あ", scalar, "い"][...]))
            guard cleaned.scalars.first?.value ?? 0 == 0x3042 || cleaned.scalars.count < 3 else {
                Issue.record("U+\(String(value, radix: 16)) harms what stands before it")
                continue
            }
            if cleaned.scalars.last != "い" {
                Issue.record("U+\(String(value, radix: 16)) harms what stands after it")
            }
        }
    }
}
