// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import Foundation
package import JapaneseText
import RowFiles

/// The names of drugs in Japan's national price list (薬価基準収載品目リスト).
///
/// Products are listed with form, strength and maker (`ユーロジン１ｍｇ錠`, `エスタゾラム錠１ｍｇ「アメル」`), ingredients with
/// their salt; records name the drug without these.
package enum DrugPriceList {
    /// Reads the list: comma-separated with a header, columns `ingredient` and `product`, and for codes `code`.
    ///
    /// A name has the code of its ingredient and route, seven digits; where it has several, the four of the
    /// class that they share; where they share none, no code. A product of several ingredients gives none to
    /// these. Throws `EntityTrainingError.dictionary`.
    package static func terms(_ file: URL, cleaner: TextCleaner) throws -> TermTable {
        let rows: [[String]]
        do {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            var table = SeparatedValues(text, separator: .comma)
            rows = try table.rows().map(\.fields)
        } catch {
            throw EntityTrainingError.dictionary(file: file.path)
        }
        guard let header = rows.first, let ingredient = header.firstIndex(of: "ingredient"),
            let product = header.firstIndex(of: "product")
        else { throw EntityTrainingError.dictionary(file: file.path) }
        let code = header.firstIndex(of: "code")
        var codes: [String: Set<String>] = [:]
        var ingredients: Set<String> = []
        for row in rows.dropFirst() where row.count == header.count {
            let own = code.map { String(row[$0].prefix(7)) }
            let names = ingredientNames(cleaner.clean(row[ingredient]).string)
            ingredients.formUnion(names.joined())
            for part in names {
                for name in part {
                    codes[name, default: []].formUnion(
                        names.count == 1 ? own.map { [$0] } ?? [] : [])
                }
            }
            if let name = productName(cleaner.clean(row[product]).string) {
                codes[name, default: []].formUnion(own.map { [$0] } ?? [])
            }
        }
        return TermTable(
            codes.sorted { $0.key < $1.key }.map { name, codes in
                TermTable.Term(
                    name, code: shared(codes), isStandard: ingredients.contains(name))
            }, scheme: .drugPriceList)
    }

    /// What several codes have in common: an ingredient, or a class.
    private static func shared(_ codes: Set<String>) -> String? {
        if codes.count == 1 { return codes.first }
        let classes = Set(codes.map { String($0.prefix(4)) })
        return classes.count == 1 ? classes.first : nil
    }

    /// Words of form with which the rest of a product's name begins.
    private static let forms = [
        "錠", "散", "カプセル", "細粒", "顆粒", "注", "点滴", "シロップ", "軟膏", "クリーム", "液", "テープ", "坐剤", "坐薬", "点眼",
        "「", "OD", "口腔内", "徐放", "ゲル", "パップ",
        "内用", "吸入", "キット", "シリンジ", "皮下", "静注", "筋注", "ドライ", "腸溶", "バッグ", "ローション", "エキス", "原末", "末",
        "貼付", "ゼリー", "スプレー", "エアゾール", "トローチ", "配合",
        "(", "点鼻", "点耳", "膣", "腟", "注射", "持続", "輸液", "ワクチン", "懸濁", "フィルム", "チュアブル", "舌下", "バッカル",
        "外用", "うがい", "眼軟膏", "エリキシル", "丸", "パッチ", "油性", "水性", "経口", "浣腸",
        "オイント", "レスピマット", "エリプタ", "ディスカス", "タービュヘイラー", "ブリーズヘラー", "フレックス", "ソフト", "硬膏", "乳剤", "ミニ",
        "静脈", "関節", "硝子体", "髄注", "洗眼",
    ]
    /// What ends the bare name of an ingredient.
    private static let salts = [
        "塩酸塩", "水和物", "ナトリウム", "カリウム", "カルシウム", "臭化水素酸塩", "硫酸塩", "酒石酸塩", "マレイン酸塩", "フマル酸塩",
        "リン酸エステル", "リン酸塩", "メシル酸塩", "クエン酸塩", "酢酸塩", "酢酸エステル",
        "コハク酸エステル", "コハク酸塩", "ベシル酸塩", "トシル酸塩", "乳酸塩", "硝酸塩", "プロピオン酸エステル", "メチル硫酸塩", "安息香酸塩",
        "一水和物", "二水和物", "パモ酸塩", "ヒベンズ酸塩", "臭化物", "塩化物",
        "メグルミン", "アルギニン", "トロメタミン", "エチルコハク酸エステル", "ピボキシル", "メドキソミル", "シレキセチル", "アキセチル", "プロキセチル",
        "パルミチン酸エステル", "吉草酸エステル", "無水", "ヒドロキシナフトエ酸塩", "グルコン酸塩",
    ]

    private static func productName(_ product: String) -> String? {
        var end = product.endIndex
        for form in forms {
            if let found = product.range(of: form), found.lowerBound > product.startIndex {
                end = min(end, found.lowerBound)
            }
        }
        if let digit = product.firstIndex(where: { $0.isNumber }), digit > product.startIndex {
            end = min(end, digit)
        }
        return usable(String(product[..<end]))
    }

    /// The names of each ingredient, with its salt and without.
    private static func ingredientNames(_ ingredient: String) -> [[String]] {
        ingredient.split(whereSeparator: { "・、/".contains($0) }).map { part in
            var names: [String] = []
            var name = String(part)
            if let bracket = name.range(of: "("), bracket.lowerBound > name.startIndex {
                name = String(name[..<bracket.lowerBound])
            }
            if let whole = usable(name) { names.append(whole) }
            while let salt = salts.first(where: { name.hasSuffix($0) && name != $0 }) {
                name.removeLast(salt.count)
            }
            if let bare = usable(name) { names.append(bare) }
            return names
        }
    }

    /// A name that means a drug by itself: three characters at least.
    private static func usable(_ name: String) -> String? {
        let trimmed = name.filter { !$0.isWhitespace && $0 != "▁" && $0 != "*" }
        guard trimmed.count >= 3,
            !trimmed.unicodeScalars.allSatisfy({ (0x3041...0x309F).contains($0.value) })
        else { return nil }
        return trimmed
    }
}
