// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText

@testable import Terminology

/// Lists of made-up terms in the layouts that are read.
enum FictionalLists {
    static let diseases = """
        surface\ticd10\tstandard_name
        架空性肺炎\tJ189\t肺炎
        架空性めまい症\tR42,R260\tめまい
        架空腫\t-1\t架空腫
        """
    static let manbyo = """
        出現形,出現形よみ,ICD10コード,標準病名,信頼度レベル,頻度レベル
        架空性肺炎,かくうせいはいえん,J189,肺炎,S,95%
        架空疹,かくうしん,-1,架空疹,C,5%
        架空痛,かくうつう,R529,疼痛,D,5%
        架空熱,かくうねつ,,,,5%
        """
    static let hyakuyaku = """
        出現形,出現形よみ,一般名,信頼度レベル,頻度レベル
        架空錠5mg,かくうじょう,カクウマブ,A,95%
        架空療法,かくうりょうほう,[TRE],A,5%
        """
    static let cancerEvents = """
        出現形,[細分類],[大分類],[ICDコード],[標準病名],[MedDRA]
        架空痛,神経,神経毒性,R529,疼痛,疼痛
        架空感,神経,神経毒性,[AMB],[AMB],[AMB]
        """
    static let cancerDrugs = """
        一般名,[細分類],[大分類],<架空薬>
        カクウマブ,抗がん剤,抗がん剤,1
        """
    static let hospital = """
        surface\treading\ttype\tcode\tstandard_name\tcost
        架空部第２区\t\tanatomy\t\t\t
        架空式検査\tカクウシキケンサ\ttest\tX-1\t架空検査\t-500
        """
    static let byomei = """
        0,20000001,架空熱,カクウネツ,1,ABCD,A001,,,,1234567,架空熱,,1,20200101,,,0
        1,20000002,架空旧病,カクウキュウビョウ,1,ABCE,A002,,,,1234568,架空旧病,,1,20200101,20000001,,0
        """

    static func file(
        _ text: String, path: String = "/lists/表.csv", format: TermFileFormat? = nil,
        confidence: TermConfidence = .c
    ) throws(TermFileError) -> TermFile {
        try TermFile(Data(text.utf8), path: path, format: format, confidence: confidence)
    }

    /// The terms of a list that a dictionary takes, compiled into a file.
    static func compiled(_ lists: [String], in folder: URL) throws -> String {
        var selection = TermSelection()
        for list in lists { selection.add(try file(list)) }
        let path = folder.appending(path: "terms.dic")
        try Data(try DictionaryCompiler().compile(selection.entries).content).write(to: path)
        return path.path(percentEncoded: false)
    }
}
