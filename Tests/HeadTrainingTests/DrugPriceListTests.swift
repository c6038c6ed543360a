// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import TestSupport
import Testing

@testable import HeadTraining

@Suite("Names and codes of the price list of drugs")
struct DrugPriceListTests {
    /// Fictional rows in the list's form.
    private static let list = """
        code,route,ingredient,specification,product
        9991001F1010,oral,カクウジピンベシル酸塩,５ｍｇ１錠,カクウジピン錠５ｍｇ「架空」
        9991001F2017,oral,カクウジピンベシル酸塩,１０ｍｇ１錠,カクノルム錠１０ｍｇ
        9992001F1010,oral,イッパンプロフェン,６０ｍｇ１錠,イッパンプロフェン錠６０ｍｇ
        9992700X1015,external,イッパンプロフェン,１枚,イッパンテープ１０ｍｇ
        9993001F1010,oral,フタツミン,１錠,フタツミン錠
        9994400A1010,injection,フタツミン,１管,フタツミン注射液
        9995100F1010,oral,カクウジピンベシル酸塩・イチサルタン,１錠,カクイチ配合錠
        """

    @Test(
        "a name has its ingredient's code, or the class that its codes share, or none",
        arguments: [
            ("カクウジピンベシル酸塩", "9991001", true), ("カクウジピン", "9991001", true),
            ("カクノルム", "9991001", false), ("イッパンプロフェン", "9992", true),
            ("イッパン", "9992700", false), ("フタツミン", nil, true), ("イチサルタン", nil, true),
            ("カクイチ", "9995100", false),
        ] as [(String, String?, Bool)])
    func codes(name: String, code: String?, isStandard: Bool) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.list, to: "drugs.csv")
        let table = try DrugPriceList.terms(file, cleaner: TextCleaner(profile: .documents))
        let entry = try #require(table.entry(of: name.unicodeScalars))
        #expect(entry.code == code && entry.isStandard == isStandard)
    }
}
