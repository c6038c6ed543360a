// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Writes fictional lung-cancer reports with known categories.
///
/// The real training reports know no T0 and no N3 and hold few patients. These are sentences of our
/// own, put together at random: every T, N and M about equally often, with denials and findings
/// that do not count (cysts, adenomas, scars). Equal seeds give equal reports on every machine.
package struct TNMReportGenerator {
    /// A report with the digits of its categories.
    package struct Report: Hashable, Sendable {
        /// The text.
        package let text: String
        /// 0 … 4.
        package let t: Int
        /// 0 … 3.
        package let n: Int
        /// 0 or 1.
        package let m: Int
    }

    private var random: SplitMix64

    /// A generator that starts at `seed`.
    package init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// The next report.
    package mutating func next() -> Report {
        let t = random.remainder(below: 5)
        let n = random.remainder(below: 4)
        let m = random.remainder(below: 2)
        var place = Place(random: &random)
        if t == 0 { place.lobe = "上葉" }
        var paragraphs = [background(), tumour(t, place)]
        paragraphs.append(nodes(n, place))
        paragraphs.append(spread(m, place))
        paragraphs.append(closing())
        let text = paragraphs.filter { !$0.isEmpty }.joined(
            separator: random.pick(["\n", "\n", ""]))
        return Report(text: text, t: t, n: n, m: m)
    }

    /// Where the tumour lies.
    private struct Place {
        let side: String
        let otherSide: String
        var lobe: String
        let otherLobe: String

        init(random: inout SplitMix64) {
            let isRight = random.remainder(below: 2) == 0
            side = isRight ? "右" : "左"
            otherSide = isRight ? "左" : "右"
            let isUpper = random.remainder(below: 2) == 0
            lobe = isUpper ? "上葉" : "下葉"
            otherLobe = isUpper ? "下葉" : "上葉"
        }
    }

    // MARK: - T

    private mutating func tumour(_ t: Int, _ place: Place) -> String {
        switch t {
        case 0: return noTumour(place)
        case 1: return lesion(place, 6...30)
        case 2:
            if random.remainder(below: 2) == 0 { return lesion(place, 31...50) }
            return lesion(place, 10...50) + secondDegree(place)
        case 3:
            if random.remainder(below: 3) == 0 { return lesion(place, 51...70) }
            return lesion(place, 12...65) + thirdDegree(place)
        default:
            if random.remainder(below: 3) == 0 { return lesion(place, 71...130) }
            return lesion(place, 20...70) + fourthDegree(place)
        }
    }

    private mutating func noTumour(_ place: Place) -> String {
        let (side, lobe) = (place.side, place.lobe)
        return random.pick([
            "\(side)\(lobe)肺癌術後。局所再発を示す所見はありません。",
            "\(side)肺癌に対する放射線治療後です。腫瘍は画像上同定できません。",
            "\(side)肺癌の疑いで紹介。両肺に原発と考えられる結節や腫瘤は認めません。",
            "肺癌治療後。以前みられた\(side)\(lobe)の腫瘤は消失しています。",
            "\(side)肺腺癌の診断ですが、肺野に原発巣は指摘できません。",
            "\(side)肺癌切除後。残った肺に新しい結節は見られません。",
        ])
    }

    private mutating func lesion(_ place: Place, _ range: ClosedRange<Int>) -> String {
        let millimetres = range.lowerBound + random.remainder(below: range.count)
        let size = size(millimetres)
        let noun = millimetres > 30 ? "腫瘤" : random.pick(["結節", "結節影", "腫瘤"])
        let site = place.side + random.pick(["", "肺"]) + place.lobe
        let opening = random.pick([
            "\(site)に\(size)の\(noun)を認めます。", "\(site)に\(noun)があり、大きさは\(size)です。",
            "\(site)に\(noun)を認めます。長径\(size)です。", "\(site)に径\(size)の辺縁不整な\(noun)がみられます。",
        ])
        return opening
            + random.pick([
                "肺癌を疑います。", "原発性肺癌と考えます。", "既知の肺癌です。", "ご指摘の肺癌に相当します。", "肺癌の可能性があります。",
                "肺癌に矛盾しません。",
            ])
    }

    private mutating func size(_ millimetres: Int) -> String {
        switch random.remainder(below: 4) {
        case 0: return "\(millimetres / 10).\(millimetres % 10)cm"
        case 1: return "\(millimetres)×\(max(3, millimetres * 3 / 4))mm"
        default: return "\(millimetres)mm大"
        }
    }

    private mutating func secondDegree(_ place: Place) -> String {
        random.pick([
            "臓側胸膜への浸潤を疑います。", "末梢に閉塞性肺炎を伴っています。", "末梢側は無気肺となっています。",
            "葉間胸膜に浸潤していると考えます。", "\(place.side)主気管支内に進展しています。", "胸膜浸潤の可能性があります。",
        ])
    }

    private mutating func thirdDegree(_ place: Place) -> String {
        let nodule = 4 + random.remainder(below: 8)
        return random.pick([
            "胸壁へ浸潤しています。", "壁側胸膜への浸潤を疑います。", "隣接する肋骨に骨破壊を認め、浸潤と考えます。",
            "同じ\(place.side)\(place.lobe)に\(nodule)mmの結節を認め、副腫瘍結節を疑います。", "心膜への浸潤を疑います。",
            "\(place.side)\(place.lobe)に\(nodule)mm大の小結節を認めます。肺内転移を疑います。",
        ])
    }

    private mutating func fourthDegree(_ place: Place) -> String {
        let nodule = 4 + random.remainder(below: 8)
        return random.pick([
            "縦隔への浸潤を疑います。", "縦隔浸潤の可能性があります。", "大動脈への浸潤を認めます。", "椎体へ浸潤しています。", "心臓へ浸潤しています。",
            "気管分岐部に浸潤しています。", "食道への浸潤が疑われます。",
            "\(place.side)\(place.otherLobe)に\(nodule)mm大の結節を認めます。転移を疑います。",
            "同側他葉の\(place.side)\(place.otherLobe)にも結節があり、肺内転移と考えます。",
        ])
    }

    // MARK: - N

    private mutating func nodes(_ n: Int, _ place: Place) -> String {
        let (side, other) = (place.side, place.otherSide)
        switch n {
        case 0:
            return random.pick([
                "縦隔や肺門に有意なリンパ節腫大はありません。", "病的なリンパ節腫大を認めません。", "縦隔リンパ節は小さく、反応性と考えます。", "",
                "リンパ節転移を疑う所見はありません。", "縦隔リンパ節に石灰化を認めます。",
            ])
        case 1:
            return random.pick([
                "\(side)肺門リンパ節が腫大し、転移を疑います。", "\(side)肺門リンパ節腫大を認めます。縦隔リンパ節腫大はありません。",
                "\(side)肺門部リンパ節転移と考えます。", "\(side)肺門リンパ節が腫大しており、転移の可能性があります。",
            ])
        case 2:
            return random.pick([
                "\(side)縦隔リンパ節が腫大し、転移を疑います。", "気管分岐下リンパ節の腫大を認めます。転移と考えます。",
                "\(side)肺門、同側縦隔リンパ節が腫大しています。リンパ節転移と考えます。", "\(side)気管傍リンパ節腫大があり、転移の可能性があります。",
                "縦隔に腫大リンパ節を認め、転移が疑われます。対側リンパ節に腫大はありません。",
            ])
        default:
            return random.pick([
                "\(other)縦隔リンパ節が腫大し、転移を疑います。", "\(other)肺門リンパ節腫大を認め、転移と考えます。",
                "\(side)鎖骨上窩リンパ節が腫大し、転移を疑います。", "両側縦隔リンパ節が腫大しており、転移を考えます。",
                "対側縦隔リンパ節にも転移を疑う腫大を認めます。", "\(other)鎖骨上に腫大リンパ節があり、転移と思われます。",
            ])
        }
    }

    // MARK: - M

    private mutating func spread(_ m: Int, _ place: Place) -> String {
        guard m == 0 else {
            return random.pick([
                "肝に多発する低吸収腫瘤を認め、転移を疑います。", "左副腎に腫瘤があり、転移と考えます。", "腰椎に溶骨性病変を認め、骨転移と考えます。",
                "脳に造影結節があり、脳転移です。", "\(place.side)胸膜播種を認めます。癌性胸水を伴います。",
                "\(place.otherSide)肺にも結節があり、対側肺転移を疑います。", "腋窩リンパ節が腫大し、転移を疑います。", "副腎転移を疑います。",
                "\(place.otherSide)肺\(place.lobe)に5mmの結節を認めます。転移を疑います。",
            ])
        }
        return random.pick([
            "遠隔転移を疑う所見はありません。", "胸水はありません。", "少量の胸水を認めます。", "肝嚢胞を認めます。副腎に異常はありません。",
            "左副腎に腺腫を疑う結節を認めます。", "肝に低吸収域があります。転移の可能性は否定できません。", "",
            "\(place.otherSide)肺尖部に小さなすりガラス影があり、経過観察してください。", "撮像範囲の骨に転移を示す所見はありません。",
            "\(place.otherSide)下葉の小結節は陳旧性の炎症と考えます。",
        ])
    }

    // MARK: - Beside the tumour

    private mutating func background() -> String {
        random.pick([
            "", "", "肺気腫を認めます。", "両肺底部に間質影を認めます。", "【所見】", "前回と比較しました。",
        ])
    }

    private mutating func closing() -> String {
        random.pick(["", "", "胆石があります。", "腎嚢胞を認めます。", "その他、特記すべき所見はありません。", "甲状腺に結節があります。"])
    }
}

extension SplitMix64 {
    /// A number below a count by its remainder, as the reports have been drawn from the beginning;
    /// another way would give other reports of the same seed.
    fileprivate mutating func remainder(below count: Int) -> Int { Int(next() % UInt64(count)) }

    fileprivate mutating func pick(_ choices: [String]) -> String {
        choices[remainder(below: choices.count)]
    }
}
