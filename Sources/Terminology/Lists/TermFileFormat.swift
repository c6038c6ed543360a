// SPDX-License-Identifier: Apache-2.0

/// The layouts of term lists that can be read.
package enum TermFileFormat: String, CaseIterable, Sendable {
    /// A table with the columns `surface`, `icd10`, `standard_name`.
    case diseases
    /// 万病辞書 (J-MeDic) as NAIST publishes it: 出現形, 出現形よみ, ICD10コード, 標準病名, 信頼度レベル, 頻度レベル.
    case manbyo
    /// 百薬辞書 as NAIST publishes it: 出現形, 出現形よみ, 一般名, 信頼度レベル, 頻度レベル.
    case hyakuyaku
    /// MedDic-CANCER-ADE-JA: 出現形, [ICDコード], [標準病名] and others.
    case cancerEvents = "cancer-events"
    /// MedDic-CANCER-DRUG-JA: 一般名, [細分類], [大分類] and others.
    case cancerDrugs = "cancer-drugs"
    /// A hospital's own table: `surface`, `type`, and where wanted `reading`, `code`,
    /// `standard_name`, `cost`.
    case hospital
    /// The main table of the ICD-10 対応標準病名マスター: CSV without a header.
    case byomei
    /// One disease a line.
    case diseaseList = "disease-list"
    /// One drug a line.
    case drugList = "drug-list"

    /// Whether the first line names the columns.
    var hasHeader: Bool { ![.byomei, .diseaseList, .drugList].contains(self) }

    /// The format whose columns a first line names; nil for none.
    init?(header: [String]) {
        let names = Set(header)
        func has(_ name: String) -> Bool { names.contains(name) }
        func begins(_ start: String) -> Bool { header.contains { $0.hasPrefix(start) } }
        if has("surface"), has("icd10"), has("standard_name") {
            self = .diseases
        } else if has("surface"), has("type") {
            self = .hospital
        } else if has("出現形"), has("[ICDコード]"), has("[標準病名]") {
            self = .cancerEvents
        } else if has("一般名"), has("[細分類]"), has("[大分類]") {
            self = .cancerDrugs
        } else if has("出現形"), has("標準病名"), begins("ICD"), begins("信頼度") {
            self = .manbyo
        } else if has("出現形"), has("一般名") {
            self = .hyakuyaku
        } else {
            return nil
        }
    }
}
