// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import ResultStore

@Suite("Doses in numbers")
struct StatedDoseTests {
    private func dose(_ marked: String) throws -> StatedDose? {
        // The dose stands in 【】, the neighbours' ends are | marks.
        var (text, places) = (String.UnicodeScalarView(), [Unicode.Scalar: [Int]]())
        for scalar in marked.unicodeScalars {
            if "【】|".unicodeScalars.contains(scalar) {
                places[scalar, default: []].append(text.count)
            } else {
                text.append(scalar)
            }
        }
        let start = try #require(places["【"]?.first)
        let end = try #require(places["】"]?.first)
        let fences = places["|"] ?? []
        return StatedDose(
            SourceRange(start: start, end: end), in: FoldedText(String(text)).cleaned,
            before: fences.last { $0 <= start } ?? 0, after: fences.first { $0 >= end } ?? .max)
    }

    @Test(
        "amount and unit, in one spelling",
        arguments: [
            ("【６０ｍｇ】", 60.0, "mg"), ("【0.5μg】", 0.5, "μg"), ("【２Ｔ】", 2, "錠"), ("【半錠】", 0.5, "錠"),
            ("【1,000mL】", 1000, "mL"), ("【２万単位】", 20_000, "単位"), ("【1.5 g】", 1.5, "g"),
            ("【3cap】", 3, "カプセル"), ("【AUC5】", 5, "AUC"), ("【AUC=6】", 6, "AUC"), ("【1回2錠】", 2, "錠"),
        ])
    func amounts(marked: String, amount: Double, unit: String) throws {
        let dose = try #require(try dose(marked))
        #expect(dose.amount == amount && dose.highest == nil && dose.unit == unit)
    }

    @Test("a range has two ends")
    func ranges() throws {
        for marked in ["【5～10mg/日】", "【5mg〜10mg/日】", "【5-10mg/day】"] {
            let dose = try #require(try dose(marked), "\(marked)")
            #expect(dose.amount == 5 && dose.highest == 10 && dose.unit == "mg")
            #expect(dose.per == "/日")
        }
        #expect(try dose("【10mg~5mg】") == nil)
        #expect(try dose("【1錠~5mg】") == nil)
    }

    @Test(
        "what the amount is for, and how often a day",
        arguments: [
            ("【5mg/kg/h】", "/kg/時間", nil), ("【3T分3】", "/日", 3), ("アスピリン【100mg】 1日1回朝食後", nil, 1),
            ("1日3回【1回2錠】毎食後", "/回", 3), ("プレドニン 1日【30mg】", "/日", nil), ("【300mg×3回/日】", nil, 3),
            ("【1錠】毎食後", nil, 3), ("【60mg】疼痛時", nil, nil), ("【2包】朝夕食後", nil, 2),
            ("【10mg】。1日3回の吸入", nil, nil), ("【10mg】|薬乙5mg 1日3回", nil, nil),
            ("【5mg】×14日間", nil, nil),
        ] as [(String, String?, Int?)])
    func rates(marked: String, per: String?, times: Int?) throws {
        let dose = try #require(try dose(marked))
        #expect(dose.per == per && dose.timesADay == times, "\(dose)")
    }

    @Test(
        "what is no number with a unit is none",
        arguments: ["【少量】", "【8-6-6-0】", "【適量】", "【mg】", "【5】", "【10..5mg】", "【5mm】"])
    func none(marked: String) throws {
        #expect(try dose(marked) == nil)
    }
}
