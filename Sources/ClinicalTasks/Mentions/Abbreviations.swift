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
        var place = range.start
        while place < range.end {
            guard isLatin(text.scalars[place]) else {
                place += 1
                continue
            }
            var end = place
            while end < range.end, isLatin(text.scalars[end]) { end += 1 }
            // ST合剤
            if end + 2 <= range.end, text.scalars[end] == "合", text.scalars[end + 1] == "剤",
                let match = match(String(scalars: text.scalars[place..<end + 2]), place..<end + 2)
            {
                matches.append(match)
                place = end + 2
                continue
            }
            matches += self.matches(in: text.scalars, place..<end)
            place = end
        }
        return matches
    }

    /// A run of Latin letters, digits and signs is one abbreviation, or several joined by `/` or `+`.
    private static func matches(in scalars: [Unicode.Scalar], _ run: Range<Int>) -> [Match] {
        let whole = String(scalars: scalars[run])
        if let match = match(whole, run) ?? beforeStrength(in: scalars, run) { return [match] }
        var matches: [Match] = []
        var start = run.lowerBound
        for index in run.lowerBound...run.upperBound
        where index == run.upperBound || scalars[index] == "/" || scalars[index] == "+" {
            if start < index,
                let match = match(String(scalars: scalars[start..<index]), start..<index)
            {
                matches.append(match)
            }
            start = index + 1
        }
        return matches
    }

    /// VCM1g, ABPC/SBT3g: a strength is stuck to the name, which may hold a digit itself (CPT-11).
    private static func beforeStrength(in scalars: [Unicode.Scalar], _ run: Range<Int>) -> Match? {
        for digit in run.reversed() where isDigit(scalars[digit]) && digit > run.lowerBound + 1 {
            let range = run.lowerBound..<digit
            if let match = match(String(scalars: scalars[range]), range) { return match }
        }
        return nil
    }

    private static func match(_ text: String, _ range: Range<Int>) -> Match? {
        if let name = drugs[text] ?? drugs[stem(of: text)] {
            return Match(type: .drug, range: range, name: name)
        }
        if let name = diseases[text] { return Match(type: .disease, range: range, name: name) }
        return nil
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

    /// Drugs by their abbreviations, as the Japanese societies of chemotherapy list them.
    private static let drugs: [String: String] = [
        // Antibacterials, antifungals, antivirals
        "ABPC": "アンピシリン", "ABPC/SBT": "アンピシリン・スルバクタム", "SBT/ABPC": "アンピシリン・スルバクタム",
        "AMPC": "アモキシシリン",
        "AMPC/CVA": "アモキシシリン・クラブラン酸", "CVA/AMPC": "アモキシシリン・クラブラン酸", "PIPC": "ピペラシリン",
        "PIPC/TAZ": "ピペラシリン・タゾバクタム", "TAZ/PIPC": "ピペラシリン・タゾバクタム", "PCG": "ベンジルペニシリン",
        "CEZ": "セファゾリン", "CTM": "セフォチアム", "CMZ": "セフメタゾール", "FMOX": "フロモキセフ", "CTX": "セフォタキシム",
        "CTRX": "セフトリアキソン", "CAZ": "セフタジジム", "CFPM": "セフェピム", "CZOP": "セフォゾプラン",
        "CPZ/SBT": "セフォペラゾン・スルバクタム",
        "SBT/CPZ": "セフォペラゾン・スルバクタム", "CCL": "セファクロル", "CFDN": "セフジニル", "CDTR-PI": "セフジトレンピボキシル",
        "CFPN-PI": "セフカペンピボキシル", "CPDX-PR": "セフポドキシムプロキセチル", "CEX": "セファレキシン", "MEPM": "メロペネム",
        "IPM/CS": "イミペネム・シラスタチン", "DRPM": "ドリペネム", "BIPM": "ビアペネム", "PAPM/BP": "パニペネム・ベタミプロン",
        "TBPM-PI": "テビペネムピボキシル", "AZT": "アズトレオナム", "GM": "ゲンタマイシン", "AMK": "アミカシン",
        "TOB": "トブラマイシン",
        "ABK": "アルベカシン", "KM": "カナマイシン", "SM": "ストレプトマイシン", "EM": "エリスロマイシン", "CAM": "クラリスロマイシン",
        "AZM": "アジスロマイシン", "CLDM": "クリンダマイシン", "LCM": "リンコマイシン", "MINO": "ミノサイクリン",
        "DOXY": "ドキシサイクリン",
        "LVFX": "レボフロキサシン", "CPFX": "シプロフロキサシン", "MFLX": "モキシフロキサシン", "STFX": "シタフロキサシン",
        "GRNX": "ガレノキサシン", "PZFX": "パズフロキサシン", "TFLX": "トスフロキサシン", "LSFX": "ラスクフロキサシン",
        "VCM": "バンコマイシン",
        "TEIC": "テイコプラニン", "LZD": "リネゾリド", "DAP": "ダプトマイシン", "FOM": "ホスホマイシン",
        "ST合剤": "スルファメトキサゾール・トリメトプリム",
        "MNZ": "メトロニダゾール", "INH": "イソニアジド", "RFP": "リファンピシン", "EB": "エタンブトール", "PZA": "ピラジナミド",
        "L-AMB": "アムホテリシンB", "AMPH-B": "アムホテリシンB", "FLCZ": "フルコナゾール", "F-FLCZ": "ホスフルコナゾール",
        "VRCZ": "ボリコナゾール",
        "ITCZ": "イトラコナゾール", "PSCZ": "ポサコナゾール", "MCFG": "ミカファンギン", "CPFG": "カスポファンギン",
        "ACV": "アシクロビル",
        "VACV": "バラシクロビル", "GCV": "ガンシクロビル", "VGCV": "バルガンシクロビル",
        // Anticancer drugs
        "CDDP": "シスプラチン", "CBDCA": "カルボプラチン", "L-OHP": "オキサリプラチン", "5-FU": "フルオロウラシル",
        "5FU": "フルオロウラシル",
        "S-1": "テガフール・ギメラシル・オテラシルカリウム", "TS-1": "テガフール・ギメラシル・オテラシルカリウム", "UFT": "テガフール・ウラシル",
        "PTX": "パクリタキセル", "nab-PTX": "パクリタキセル", "nabPTX": "パクリタキセル", "DTX": "ドセタキセル",
        "DOC": "ドセタキセル",
        "PEM": "ペメトレキセド", "GEM": "ゲムシタビン", "CPT-11": "イリノテカン", "VP-16": "エトポシド", "VNR": "ビノレルビン",
        "VCR": "ビンクリスチン", "VLB": "ビンブラスチン", "VBL": "ビンブラスチン", "ADM": "ドキソルビシン", "ADR": "ドキソルビシン",
        "DXR": "ドキソルビシン", "EPI": "エピルビシン", "AMR": "アムルビシン", "CPA": "シクロホスファミド", "CPM": "シクロホスファミド",
        "IFM": "イホスファミド", "IVCY": "シクロホスファミド", "MTX": "メトトレキサート", "Ara-C": "シタラビン",
        "BLM": "ブレオマイシン",
        "MMC": "マイトマイシンC", "L-PAM": "メルファラン", "DTIC": "ダカルバジン", "TMZ": "テモゾロミド", "HU": "ヒドロキシカルバミド",
        "BEV": "ベバシズマブ", "Bev": "ベバシズマブ", "RAM": "ラムシルマブ", "CPT11": "イリノテカン", "VP16": "エトポシド",
        "BUS": "ブスルファン",
        // Others
        "PSL": "プレドニゾロン", "mPSL": "メチルプレドニゾロン", "MPSL": "メチルプレドニゾロン", "DEX": "デキサメタゾン",
        "CsA": "シクロスポリン",
        "CyA": "シクロスポリン", "TAC": "タクロリムス", "FK506": "タクロリムス", "MMF": "ミコフェノール酸モフェチル",
        "AZA": "アザチオプリン",
        "IVIG": "人免疫グロブリン", "WF": "ワルファリン", "t-PA": "アルテプラーゼ", "rt-PA": "アルテプラーゼ", "tPA": "アルテプラーゼ",
        "UFH": "ヘパリン", "DOA": "ドパミン", "DOB": "ドブタミン", "NAd": "ノルアドレナリン", "NAD": "ノルアドレナリン",
        "CBZ": "カルバマゼピン",
        "hANP": "カルペリチド", "HANP": "カルペリチド", "BCG": "乾燥BCG", "VPA": "バルプロ酸", "PHT": "フェニトイン",
        "LEV": "レベチラセタム", "LTG": "ラモトリギン", "ZNS": "ゾニサミド",
        "PB": "フェノバルビタール",
        "NSAIDs": "非ステロイド性抗炎症薬", "NSAID": "非ステロイド性抗炎症薬", "PPI": "プロトンポンプ阻害薬", "DOAC": "直接経口抗凝固薬",
        "G-CSF": "顆粒球コロニー形成刺激因子", "TCZ": "トシリズマブ", "IFX": "インフリキシマブ", "RTX": "リツキシマブ",
        "ETN": "エタネルセプト",
        "ADA": "アダリムマブ", "SASP": "サラゾスルファピリジン", "5-ASA": "メサラジン", "UDCA": "ウルソデオキシコール酸",
        "ASA": "アスピリン",
        "HCQ": "ヒドロキシクロロキン", "BUC": "ブシラミン", "EPO": "エリスロポエチン", "ICS": "吸入ステロイド薬",
    ]

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
