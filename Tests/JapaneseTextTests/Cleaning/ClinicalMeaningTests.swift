// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JapaneseText

/// A record must say the same after cleaning: values, grades, negations, units.
@Suite("What a record says is still there when it is clean")
struct ClinicalMeaningTests {
    @Test(
        "values, grades and negations stay what they are",
        arguments: [
            ("腹痛（－），下痢（±），嘔吐（＋）", "腹痛(-)、下痢(±)、嘔吐(+)"),
            ("尿蛋白（３＋）　尿糖（－）", "尿蛋白(3+)▁尿糖(-)"),
            ("ＭＭＴ　５－／４＋", "MMT▁5-/4+"),
            ("3-5mg", "3-5mg"),
            ("３〜５ｍｇ", "3~5mg"),
            ("1/2錠、½錠、1½錠", "1/2錠、1/2錠、1▁1/2錠"),
            ("10^3、10³、10⁻³、10¹²", "10^3、10^3、10^-3、10^12"),
            ("1.73m²、1.73m2、1.73㎡", "1.73m2、1.73m2、1.73m2"),
            ("ＷＢＣ　９，８００／μＬ", "WBC▁9,800/μL"),
            ("ＳｐＯ₂９８％（ＲＡ）", "SpO2▁98%(RA)"),
            ("Ｃｒｅ　１．２→２．４↑↑↑↑", "Cre▁1.2→2.4↑↑↑↑"),
            ("ＣＲＰ＜０．１、≦５、≧１０、≠０", "CRP<0.1、≦5、≧10、≠0"),
            ("右＞左、Ａ≪Ｂ", "右>左、A≪B"),
            ("α遮断薬、β２、γ−ＧＴＰ　４５", "α遮断薬、β2、γ-GTP▁45"),
            ("３×２ｃｍ、３✕２ｃｍ", "3×2cm、3×2cm"),
            ("Ｇ１、Ｇｒａｄｅ　Ⅲ、ＮＹＨＡ　Ⅱ度", "G1、Grade▁III、NYHA▁II度"),
            ("Ⅱ，Ⅲ，ａＶＦ／ⅡⅢaVF", "II、III、aVF/II▁IIIaVF"),
            ("ワルファリン　．５㎎", "ワルファリン▁.5mg"),
            ("BP１２０／８０ｍｍＨｇ，ＢＴ３６．５℃", "BP120/80mmHg、BT36.5℃"),
            ("⒈5cm大、①2cm大", "(1)5cm大、(1)2cm大"),
            ("５０㎍/㎏/min", "50μg/kg/min"),
            ("ＨＢｓ抗原（－）抗体（＋）", "HBs抗原(-)抗体(+)"),
            ("チアノーゼ－、浮腫－", "チアノーゼ-、浮腫-"),
            ("♂70歳、♀65歳", "♂70歳、♀65歳"),
            ("体重50\u{E000}0g", "体重50〓0g"),
            ("Ca²⁺ 9.2、HCO₃⁻ 24", "Ca2+▁9.2、HCO3-▁24"),
            ("p＜０．０００１****", "p<0.0001****"),
            ("＃１　肺癌　＃２　糖尿病", "#1▁肺癌▁#2▁糖尿病"),
        ])
    func kept(before: String, after: String) {
        expectSameScalars(TextCleaner(profile: .documents).clean(before).string, after)
    }

    @Test("no rule joins two numbers, whatever stands between them")
    func numbersApart() {
        let cleaner = TextCleaner(profile: .documents)
        // Beyond plane 0 only the blocks that hold numbers and symbols.
        for value in [UInt32(0x80)...0xFFFF, 0x1D000...0x1FFFF].joined() {
            guard let scalar = Unicode.Scalar(value), !ScalarFacts.isInvisible(value) else {
                continue
            }
            let cleaned = cleaner.clean(String(scalars: ["1", scalar, "2"][...]))
            let digits = cleaned.scalars.map { CharacterClasses.isDigit($0.value) }
            let isNumber = digits.allSatisfy { $0 } && digits.count >= 2
            // A digit of another width or style is part of the number.
            let isDigit = scalar.properties.generalCategory == .decimalNumber
            if isNumber, !isDigit {
                Issue.record("1 U+\(String(value, radix: 16)) 2 is \(cleaned.string)")
            }
        }
    }

    @Test(
        "training text keeps numbers apart, too",
        arguments: [
            ("10³、10⁻³", "10^3、10^-3"), ("SpO₂98％", "SpO2▁98%"), ("1Ж2", "1▁2"),
            ("ⅡⅢaVF", "II▁IIIaVF"), ("1½錠", "1▁1/2錠"),
        ])
    func training(before: String, after: String) {
        expectSameScalars(TextCleaner(profile: .training).clean(before).string, after)
    }
}
