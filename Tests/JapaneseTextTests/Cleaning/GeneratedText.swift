// SPDX-License-Identifier: Apache-2.0

/// Random texts of many kinds, the same in every run.
///
/// Mixtures of scripts, marks, controls, unassigned and private values, noncharacters, the neighbours
/// of surrogates, rows of marks, jamo, emoji sequences, and fragments of Japanese records.
struct GeneratedText {
    private var random: RandomText

    init(seed: UInt64) {
        random = RandomText(seed: seed)
    }

    mutating func number(below limit: Int) -> Int { random.number(below: limit) }

    /// A text of up to about 40 scalars.
    mutating func next() -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<random.number(below: 14) {
            switch random.number(below: 12) {
            case 0...4:
                view.append(contentsOf: random.text(of: 1, from: Self.fragments).unicodeScalars)
            case 5: for _ in 0..<random.number(below: 4) { view.append(random.scalar()) }
            case 6: append(Self.marks, upTo: random.number(below: 30) == 0 ? 40 : 3, to: &view)
            case 7: append(Self.jamo, upTo: 5, to: &view)
            case 8: append(Self.edges, upTo: 3, to: &view)
            case 9: append(Self.digits, upTo: 4, to: &view)
            case 10: append(Self.signs, upTo: 5, to: &view)
            default: append(Self.invisible, upTo: 2, to: &view)
            }
        }
        return String(view)
    }

    private mutating func append(
        _ values: [ClosedRange<UInt32>], upTo limit: Int, to view: inout String.UnicodeScalarView
    ) {
        for _ in 0..<1 + random.number(below: limit) {
            let range = values[random.number(below: values.count)]
            let value = range.lowerBound + UInt32(random.number(below: range.count))
            if let scalar = Unicode.Scalar(value) { view.append(scalar) }
        }
    }

    private static let marks: [ClosedRange<UInt32>] = [
        0x300...0x36F, 0x3099...0x309A, 0xFF9E...0xFF9F, 0x20D0...0x20F0, 0x591...0x5BD,
        0x93C...0x94D, 0x302A...0x302F, 0x1D165...0x1D169, 0x110BA...0x110BA, 0x9BE...0x9BE,
        0x16D63...0x16D6A,
    ]
    private static let jamo: [ClosedRange<UInt32>] = [
        0x1100...0x1112, 0x1161...0x1175, 0x11A8...0x11C2, 0x1113...0x115F, 0x1160...0x1160,
        0x1176...0x11A7, 0x3131...0x318E, 0xFFA0...0xFFDC, 0xAC00...0xAC1C, 0xD7B0...0xD7FB,
    ]
    private static let edges: [ClosedRange<UInt32>] = [
        0xD7FF...0xD7FF, 0xE000...0xE001, 0xF8FF...0xF8FF, 0xFDD0...0xFDEF, 0xFFFE...0xFFFF,
        0x1FFFE...0x1FFFF, 0x10FFFE...0x10FFFF, 0xFFFD...0xFFFD, 0x0...0x1F, 0x7F...0x9F,
        0xF0000...0xF0001, 0x378...0x379, 0x40000...0x40002, 0xFFF0...0xFFFC, 0x2FF0...0x2FFF,
    ]
    private static let digits: [ClosedRange<UInt32>] = [
        0x30...0x39, 0xFF10...0xFF19, 0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE, 0x2070...0x208E,
        0x2150...0x218B, 0x2460...0x24FF, 0x3220...0x33FF, 0x2776...0x2793, 0x1D7CE...0x1D7FF,
        0x1F100...0x1F10A, 0x660...0x669,
    ]
    private static let signs: [ClosedRange<UInt32>] = [
        0x2D...0x2E, 0xFF0C...0xFF0E, 0x2010...0x2015, 0x2212...0x2212, 0x2500...0x2501,
        0x30FB...0x30FC, 0x301C...0x301C, 0x2024...0x2026, 0xB0...0xB0, 0x43...0x43,
        0x309B...0x309C,
        0x2190...0x2199, 0x21...0x2F, 0xFF01...0xFF0F, 0x3001...0x3003,
    ]
    private static let invisible: [ClosedRange<UInt32>] = [
        0xAD...0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF...0xFEFF,
        0xFE00...0xFE0F, 0xE0100...0xE0110, 0xE0061...0xE007F, 0x180B...0x180F, 0x34F...0x34F,
        0x0D...0x0D, 0x0A...0x0A, 0x2028...0x2029, 0x85...0x85, 0x0B...0x0C,
    ]
    private static let fragments =
        OffsetTests.clinicalPieces + [
            "１２０／８０", "ＳｐＯ₂", "９８％", "10⁻³", "m²", "ⅡⅢ", "（±）", "（－）", "♂", "👩\u{200D}⚕\u{FE0F}",
            "🇯🇵", "👍🏽", "1\u{FE0F}\u{20E3}", "・・・", "．．．", "――", "ーーー", "！！！", "wwww", "゜C",
            "ｳﾞ", "ﾊﾞｲﾀﾙ", "患者", "右肺", "あり", "なし。", "カテーテル", "リンパ節", "g/dL", "\n", "　", "３", "5",
        ]
}
