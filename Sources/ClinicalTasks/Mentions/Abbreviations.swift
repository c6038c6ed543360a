// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Latin abbreviations that Japanese records use without saying what they stand for.
///
/// Only those that mean one thing wherever records are written; MS, MR, AS, CD and their like are not
/// here, since a guess would be wrong in silence.
enum Abbreviations {
    /// An abbreviation that stands in a text.
    struct Match {
        let type: EntityType
        let range: Range<Int>
        /// What it stands for.
        let name: String
    }

    /// The abbreviations in a range of a cleaned text, from left to right.
    static func matches(in text: CleanedText, range: CleanedRange) -> [Match] {
        var matches: [Match] = []
        let scalars = text.scalars
        var place = range.start
        while place < range.end {
            if let salt = salt(at: place, in: scalars, before: range.end) {
                matches.append(salt)
                place = salt.range.upperBound
                continue
            }
            guard isLatin(scalars[place]) else {
                place += 1
                continue
            }
            var end = place
            while end < range.end, isLatin(scalars[end]) { end += 1 }
            // ST合剤
            if end + 2 <= range.end, scalars[end] == "合", scalars[end + 1] == "剤",
                let match = match(place..<end + 2, in: scalars, before: range.end)
            {
                matches.append(match)
                place = end + 2
                continue
            }
            matches += self.matches(in: scalars, place..<end, before: range.end)
            place = end
        }
        return matches
    }

    /// 炭酸Li: a salt of which only the metal is in Latin.
    private static func salt(
        at place: Int, in scalars: [Unicode.Scalar], before end: Int
    ) -> Match? {
        guard
            let salt = AbbreviatedDrugs.salts.match(in: scalars, at: place, end: end),
            let name = AbbreviatedDrugs.saltNames[String(scalars: scalars[salt])],
            salt.upperBound == end || !isLatin(scalars[salt.upperBound])
                || isDigit(scalars[salt.upperBound])
        else { return nil }
        return Match(type: .drug, range: salt, name: name)
    }

    /// A run of Latin letters, digits and signs is one abbreviation, or several joined by `/` or `+`.
    private static func matches(
        in scalars: [Unicode.Scalar], _ run: Range<Int>, before end: Int
    ) -> [Match] {
        if let match = match(run, in: scalars, before: end)
            ?? beforeStrength(in: scalars, run, before: end)
        {
            return [match]
        }
        var matches: [Match] = []
        var start = run.lowerBound
        for index in run.lowerBound...run.upperBound
        where index == run.upperBound || scalars[index] == "/" || scalars[index] == "+" {
            if start < index, let match = match(start..<index, in: scalars, before: end) {
                matches.append(match)
            }
            start = index + 1
        }
        return matches
    }

    /// VCM1g, ABPC/SBT3g: a strength is stuck to the name, which may hold a digit itself (CPT-11).
    private static func beforeStrength(
        in scalars: [Unicode.Scalar], _ run: Range<Int>, before end: Int
    ) -> Match? {
        for digit in run.reversed() where isDigit(scalars[digit]) && digit > run.lowerBound + 1 {
            if let match = match(run.lowerBound..<digit, in: scalars, before: end) {
                return match
            }
        }
        return nil
    }

    private static func match(
        _ range: Range<Int>, in scalars: [Unicode.Scalar], before end: Int
    ) -> Match? {
        let text = String(scalars: scalars[range])
        if let name = AbbreviatedDrugs.byMicrogram[text],
            strength(after: range.upperBound, in: scalars, before: end, units: micrograms)
        {
            return Match(type: .drug, range: range, name: name)
        }
        if let name = AbbreviatedDrugs.certain[text] ?? AbbreviatedDrugs.certain[stem(of: text)] {
            return Match(type: .drug, range: range, name: name)
        }
        if let name = AbbreviatedDrugs.dosed[text],
            strength(after: range.upperBound, in: scalars, before: end, units: units)
                || isGiven(after: range.upperBound, in: scalars, before: end)
        {
            return Match(type: .drug, range: range, name: name)
        }
        if let name = diseases[text] { return Match(type: .disease, range: range, name: name) }
        return nil
    }

    private static let micrograms: WordList = ["μg", "µg", "㎍", "mcg", "ug", "γ"]
    private static let units: WordList = [
        "mg", "g", "μg", "µg", "㎍", "mcg", "ug", "γ", "単位", "万単位", "U", "IU", "万U", "錠", "T",
        "C", "cap", "包", "枚", "A", "V", "mEq",
    ]
    private static let concentrations: WordList = [
        "mg/dL", "mg/dl", "mg/L", "mg/l", "g/dL", "g/dl", "g/L", "μg/mL", "μg/ml", "μg/dL", "μg/L",
        "ng/mL", "U/L",
        "U/l", "IU/L", "U/mL", "U/ml", "IU/mL", "mEq/L", "mEq/l", "mg/mL", "mg/ml", "mL/min",
        "ml/min", "mg/gCr",
        "g/m2", "mm",
    ]
    private static let giving: WordList = [
        "舌下", "持続", "静注", "点滴", "内服", "投与", "頓用", "頓服", "筋注", "皮下注", "を投与", "を内服", "を持続", "を静注",
        "を点滴", "の投与", "の内服", "の持続", "スプレー",
    ]

    /// Whether a number with a unit of drugs stands behind a place: RIS 2mg, LV(200mg/m2).
    private static func strength(
        after place: Int, in scalars: [Unicode.Scalar], before end: Int, units: WordList
    ) -> Bool {
        var place = place
        while place < end, "(▁:".unicodeScalars.contains(scalars[place]) { place += 1 }
        let first = place
        while place < end, isDigit(scalars[place]) || ".,".unicodeScalars.contains(scalars[place]) {
            place += 1
        }
        guard place > first else { return false }
        while place < end, scalars[place].isSpace { place += 1 }
        return concentrations.match(in: scalars, at: place, end: end) == nil
            && units.match(in: scalars, at: place, end: end) != nil
    }

    private static func isGiven(
        after place: Int, in scalars: [Unicode.Scalar], before end: Int
    ) -> Bool {
        var place = place
        while place < end, scalars[place].isSpace { place += 1 }
        return giving.match(in: scalars, at: place, end: end) != nil
    }

    /// VPA of VPA-R: without what says how it is released.
    private static func stem(of text: String) -> String {
        for ending in ["-SR", "-CR", "-XR", "-ER", "-LA", "-R", "-L"] where text.hasSuffix(ending) {
            return String(text.dropLast(ending.count))
        }
        return text
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || isDigit(scalar) || scalar == "-" || scalar == "/"
                || scalar == "+")
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value)
    }

    /// Diseases by their abbreviations.
    private static let diseases: [String: String] = [
        "COPD": "慢性閉塞性肺疾患", "HT": "高血圧症", "HTN": "高血圧症", "DM": "糖尿病", "T2DM": "2型糖尿病",
        "T1DM": "1型糖尿病",
        "AMI": "急性心筋梗塞",
        "STEMI": "ST上昇型急性心筋梗塞", "NSTEMI": "非ST上昇型心筋梗塞", "OMI": "陳旧性心筋梗塞", "CKD": "慢性腎臓病",
        "AKI": "急性腎障害",
        "CHF": "うっ血性心不全", "HFpEF": "左室駆出率の保たれた心不全", "HFrEF": "左室駆出率の低下した心不全", "Af": "心房細動",
        "AFL": "心房粗動",
        "PAF": "発作性心房細動", "PSVT": "発作性上室頻拍", "SAH": "くも膜下出血", "TIA": "一過性脳虚血発作", "SDH": "硬膜下血腫",
        "CSDH": "慢性硬膜下血腫",
        "DVT": "深部静脈血栓症", "VTE": "静脈血栓塞栓症", "PTE": "肺血栓塞栓症", "DIC": "播種性血管内凝固", "ARDS": "急性呼吸窮迫症候群",
        "GERD": "胃食道逆流症", "IPF": "特発性肺線維症", "NSIP": "非特異性間質性肺炎", "NTM": "非結核性抗酸菌症",
        "SLE": "全身性エリテマトーデス",
        "ITP": "特発性血小板減少性紫斑病", "TTP": "血栓性血小板減少性紫斑病", "HUS": "溶血性尿毒症症候群", "MDS": "骨髄異形成症候群",
        "AML": "急性骨髄性白血病", "CML": "慢性骨髄性白血病", "CLL": "慢性リンパ性白血病", "DLBCL": "びまん性大細胞型B細胞リンパ腫",
        "HCC": "肝細胞癌", "NSCLC": "非小細胞肺癌", "SCLC": "小細胞肺癌", "BPH": "前立腺肥大症", "UTI": "尿路感染症",
        "FN": "発熱性好中球減少症",
        "ALS": "筋萎縮性側索硬化症", "PMR": "リウマチ性多発筋痛症", "ADHD": "注意欠如・多動症", "PTSD": "心的外傷後ストレス障害",
        "SJS": "スティーブンス・ジョンソン症候群",
        "TEN": "中毒性表皮壊死融解症", "DIHS": "薬剤性過敏症症候群", "CAP": "市中肺炎", "HAP": "院内肺炎", "VAP": "人工呼吸器関連肺炎",
        "ASO": "閉塞性動脈硬化症",
        "PAD": "末梢動脈疾患", "CRS": "サイトカイン放出症候群", "TLS": "腫瘍崩壊症候群", "NPH": "正常圧水頭症",
        "OSAS": "閉塞性睡眠時無呼吸症候群", "SAS": "睡眠時無呼吸症候群",
        "LVH": "左室肥大", "HCM": "肥大型心筋症", "DCM": "拡張型心筋症", "IgAN": "IgA腎症", "RPGN": "急速進行性糸球体腎炎",
        "ESRD": "末期腎不全",
    ]
}
