// SPDX-License-Identifier: Apache-2.0
import Testing

/// One sentence in many forms, with the categories that it must lead to; nil for an axis not asked.
struct StagingVariant: Sendable, CustomTestStringConvertible {
    let text: String
    let t: String?
    let n: String?
    let m: String?

    var testDescription: String { text }

    init(_ text: String, t: String? = nil, n: String? = nil, m: String? = nil) {
        (self.text, self.t, self.n, self.m) = (text, t, n, m)
    }
}

private let tail = "リンパ節腫大なし。遠隔転移なし。"

/// A lesion with its size in one sentence with what is denied.
let variantsBesideDenials: [StagingVariant] = [
    .init("右上葉に22mm大の肺癌、リンパ節腫大なし、遠隔転移なし。", t: "T1c", n: "N0", m: "M0"),
    .init("右下葉の肺癌は31mmで、リンパ節も有意な腫大を示さない。遠隔転移なし。", t: "T2a", n: "N0", m: "M0"),
    .init("右下葉の肺癌は61mmに達しており、リンパ節は腫れておりません。遠隔転移なし。", t: "T3", n: "N0", m: "M0"),
    .init("右上葉に42mmの扁平上皮癌で無気肺なし、右肺門リンパ節は15mmと腫大し転移、縦隔は有意な腫大なし。", t: "T2b", n: "N1"),
    .init("左S3に14mmの純粋なすりガラス結節で充実成分を認めない。肺腺癌を疑う。", t: "Tis"),
    .init("胸水を伴わない、最大径27mmの左上葉肺癌。リンパ節腫大なし。", t: "T1c", n: "N0"),
    .init("左上葉肺癌17mm。右副腎結節は転移よりも腺腫が考えやすい。リンパ節腫大なし。", t: "T1b", n: "N0", m: "M0"),
    .init("左下葉肺癌 29mm。両側胸水は心不全によるもので、癌性胸水とはみなさない。", t: "T1c", m: "M0"),
    .init("右下葉肺癌 27mm。右胸水あり、穿刺液より腺癌細胞を検出（class V）。", t: "T1c", m: "M1a"),
    .init("右下葉肺癌：長径Ｘ短径＝５．５Ｘ４．１（ｃｍ）。", t: "T3"),
    .init("肺癌（RLL）φ33、単位mm。LN(-)、meta(-)。", t: "T2a", n: "N0", m: "M0"),
    .init("右上葉肺癌の計測値（単位：mm）　横径16　前後径23　頭尾径19\n\(tail)", t: "T1c", n: "N0", m: "M0"),
    .init("左上葉肺癌\nサイズ[mm]：長径 48 / 短径 36\n\(tail)", t: "T2b", n: "N0", m: "M0"),
    .init("右上葉肺癌\nサイズ（cm）\n　3.4 ｘ 2.0\n\(tail)", t: "T2a", n: "N0", m: "M0"),
    .init("左舌区の肺癌を計測すると38×3\n1mmであった。\(tail)", t: "T2a", n: "N0", m: "M0"),
    .init("右S1肺癌。昨年5月の計測では31mm、本日の計測は19mm。\(tail)", t: "T1b", n: "N0", m: "M0"),
    .init("右中葉に長短径26・19mm大の肺癌。\(tail)", t: "T1c", n: "N0", m: "M0"),
    .init("骨シンチ（肺癌）：L3、右第5肋骨、左腸骨に異常集積。多発骨転移です。", t: "TX", m: "M1c"),
    .init("右上葉肺癌（22mm）、胸水貯留なし、リンパ節腫大なし。", t: "T1c", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌あり、リンパ節腫大なし、遠隔転移なし。", t: "T1c", n: "N0", m: "M0"),
    .init("左下葉に41mmの腫瘤、肺癌疑い、縦隔リンパ節腫大なし、胸水なし。", t: "T2b", n: "N0", m: "M0"),
    .init("右下葉肺癌 35mm、肺門リンパ節腫大なし、副腎転移なし。", t: "T2a", n: "N0", m: "M0"),
    .init("リンパ節腫大なし、遠隔転移なし、右上葉に22mm大の肺癌。", t: "T1c", n: "N0", m: "M0"),
    .init("左上葉に12mmの肺腺癌を認めるが、リンパ節腫大や胸水は認めない。", t: "T1b", n: "N0", m: "M0"),
    .init("左上葉に12mmの肺腺癌を認めるがリンパ節腫大は認めない。", t: "T1b", n: "N0"),
    .init("右中葉に肺癌（径18mm）あり、胸水、リンパ節腫大、遠隔転移はいずれもなし。", t: "T1b", n: "N0", m: "M0"),
    .init("肺癌（右下葉、62mm）、リンパ節（-）、胸水（-）、遠隔転移（-）", t: "T3", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌；リンパ節腫大なし；遠隔転移なし", t: "T1c", n: "N0", m: "M0"),
    .init("右上葉肺癌 22mm　リンパ節腫大なし　遠隔転移なし", t: "T1c", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌、縦隔リンパ節転移あり、肝転移なし、副腎転移なし。", t: "T1c", n: "N2", m: "M0"),
    .init("右上葉に22mm大の肺癌、右肺門リンパ節腫大あり、転移疑い、胸水なし。", t: "T1c", n: "N1", m: "M0"),
    .init("右上葉に胸膜浸潤を伴わない22mm大の肺癌を認める。リンパ節腫大なし。", t: "T1c", n: "N0"),
    .init("右上葉の結節は22mmで、空洞や石灰化を認めず、肺癌を疑う。リンパ節腫大なし。", t: "T1c", n: "N0"),
]

/// Nodes and metastases that the report calls unlikely.
let variantsOfDoubt: [StagingVariant] = [
    .init("右上葉に22mm大の肺癌。骨転移とは言えない。リンパ節腫大なし。", t: "T1c", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌。骨転移とはいえません。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。肝転移は考えにくい。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。副腎転移としては考え難い。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。脳転移を積極的に疑う所見なし。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。骨転移を積極的には疑わない。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。縦隔リンパ節転移とは言えない。遠隔転移なし。", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌。縦隔リンパ節転移の可能性は低い。遠隔転移なし。", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌。縦隔リンパ節は軽度腫大するが転移は考えにくい。遠隔転移なし。", n: "N0"),
    .init("右上葉に22mm大の肺癌。肺門リンパ節転移は否定的。遠隔転移なし。", n: "N0"),
    .init("右上葉に22mm大の肺癌。リンパ節転移ははっきりしない。遠隔転移は明らかでない。", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌。明らかな遠隔転移は指摘できず。リンパ節腫大は目立たない。", n: "N0", m: "M0"),
    .init("右上葉に22mm大の肺癌。胸膜播種とは断定できない。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。肝転移とまでは言えません。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に22mm大の肺癌。肝転移は除外できる。リンパ節腫大なし。", m: "M0"),
]

/// Notations of a size.
let variantsOfSize: [StagingVariant] = [
    .init("右上葉に35*22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35＊22ｍｍの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35X22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35✕22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35/22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35・22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35,22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に３・５ｃｍの肺癌。" + tail, t: "T2a"),
    .init("右上葉に3,5cmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に３．５×２．２ｃｍの肺癌。" + tail, t: "T2a"),
    .init("右上葉に3・5×2・2cmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に径35ミリの肺癌。" + tail, t: "T2a"),
    .init("右上葉に3.5センチ大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に3cm5mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35 mm x 22 mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉に35㎜大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に肺癌あり。大きさ(mm)：35×22。" + tail, t: "T2a"),
    .init("右上葉に肺癌を認める。サイズ［mm］35x22。" + tail, t: "T2a"),
    .init("右上葉に肺癌あり。径（cm）：3.5×2.2。" + tail, t: "T2a"),
    .init("右上葉に肺癌あり。長径mm：35。" + tail, t: "T2a"),
    .init("右上葉肺癌。大きさ（ｍｍ）＝３５。" + tail, t: "T2a"),
    .init("右S3 22mmの肺癌。" + tail, t: "T1c"),
    .init("RUL S3 35mm 肺癌。" + tail, t: "T2a"),
    .init("右上葉に肺癌、前回(2024/3/1) 45mm、今回18mm。" + tail, t: "T1b"),
    .init("右上葉に18mmの肺癌（初診時45mm）。" + tail, t: "T1b"),
    .init("右上葉の肺癌は20mm→35mmに増大。" + tail, t: "T2a"),
    .init("右上葉の肺癌は35mm、前回より5mm増大。" + tail, t: "T2a"),
    .init("右上葉に全体径40mm、充実成分12mmの肺癌。" + tail, t: "T1b"),
    .init("右上葉に40mm（充実部18mm）の部分充実型結節、肺癌を疑う。" + tail, t: "T1b"),
]

/// Lines that end within a sentence, a word or a number.
let variantsOfWrapping: [StagingVariant] = [
    .init("右上葉に3\n5mm大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に35\nmm大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に3.\n5cm大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に35×\n22mm大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に22×3\n5mm大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に35m\nm大の肺癌。" + tail, t: "T2a"),
    .init("右上葉に35mm大の肺\n癌。リン\nパ節腫大なし。遠隔転\n移なし。", t: "T2a", n: "N0", m: "M0"),
    .init("右上葉に\n35mm大の\n肺癌を認\nめる。縦隔リンパ節\nに転移を認\nめない。", t: "T2a", n: "N0"),
    .init("右上葉に35mm大の肺癌を認めます。リンパ節腫大は認めま\nせん。遠隔転移は認め\nません。", t: "T2a", n: "N0", m: "M0"),
    .init("右上葉に35mm大の肺癌。リンパ節腫大な\nし。", t: "T2a", n: "N0"),
    .init("右上葉に35mm大の肺癌\r\nリンパ節腫大なし\r\n遠隔転移なし", t: "T2a", n: "N0", m: "M0"),
    .init("リンパ節：#7\n12mmの肺癌。" + tail, t: "T1b"),
]

/// Descriptors of T and M that are told by a palsy, a syndrome or a stain.
let variantsOfDescriptors: [StagingVariant] = [
    .init("肺癌。左主気管支内に腫瘍が突出（気管分岐部には及ばない）、腫瘍径28mm。", t: "T2a"),
    .init("右上葉の45mm大の肺癌で、大血管への浸潤もなかった。#4Rから扁平上皮癌細胞が得られた。", t: "T2b", n: "N2"),
    .init("左下葉肺癌。53mm大、臓側胸膜に接する。", t: "T3"),
    .init("右中葉 肺腺癌 T1bN0M0 ⅠA2期", t: "T1b", n: "N0", m: "M0"),
    .init("右下葉に径33 mmの充実性腫瘤と右胸水を認め肺癌と診断。胸水細胞診でも腺癌細胞を検出した。", t: "T2a", m: "M1a"),
    .init("第9版で評価。右上葉27mmの肺癌。#7と#4Rに転移性リンパ節腫大。多発肝転移。", t: "T1c", n: "N2b", m: "M1c1"),
    .init("第9版で評価。右上葉27mmの肺癌。#7に転移性リンパ節腫大。肝転移と骨転移。", t: "T1c", n: "N2a", m: "M1c2"),
    .init("肺腺癌 初回。原発：左S6、充実成分径 21mm", t: "T1c"),
    .init("右下葉に22mmの肺腺癌。縦隔/肺門LN：not enlarged", t: "T1c", n: "N0"),
    .init("右上葉に25mm大の肺癌。反回神経麻痺あり。" + tail, t: "T4"),
    .init("左上葉に38、22mmの肺癌。" + tail, t: "T2a"),
    .init("右上葉肺癌、右下葉にも転移結節を認める。" + tail, t: "T4"),
    .init("左上葉に25mm大の肺癌。左声帯麻痺を伴う。" + tail, t: "T4"),
    .init("右上葉に25mm大の肺癌。反回神経への浸潤を認める。" + tail, t: "T4"),
    .init("右上葉に25mm大の肺癌。反回神経麻痺なし。" + tail, t: "T1c"),
    .init("右上葉に25mm大の肺癌。横隔神経麻痺を認める。" + tail, t: "T3"),
    .init("右上葉に25mm大の肺癌。横隔神経浸潤を疑う。" + tail, t: "T3"),
    .init("右上葉に25mm大の肺癌。横隔膜に浸潤している。" + tail, t: "T4"),
    .init("右肺尖部に25mm大の肺癌。腕神経叢に浸潤する。" + tail, t: "T4"),
    .init("右肺尖部に25mm大の肺癌。腕神経叢（C8以上）への浸潤あり。" + tail, t: "T4"),
    .init("右肺尖部に25mm大の肺癌。腕神経叢（Th1）への浸潤あり。" + tail, t: "T3"),
    .init("右上葉に25mm大の肺癌。上大静脈症候群あり。" + tail, t: "T4"),
    .init("右肺尖部に25mm大の肺癌。Horner症候群を伴う。" + tail, t: "T3"),
    .init("右肺尖部に25mm大の肺癌、パンコースト腫瘍である。" + tail, t: "T3"),
    .init("右上葉に25mm大の純粋すりガラス結節、肺癌疑い。" + tail, t: "Tis"),
    .init("右上葉に25mm大のpure GGN、肺腺癌を疑う。" + tail, t: "Tis"),
    .init("右上葉に25mm大のすりガラス結節、充実成分なし。肺腺癌を疑う。" + tail, t: "Tis"),
    .init("右上葉に25mm大のすりガラス結節、充実成分4mm。肺腺癌を疑う。" + tail, t: "T1mi"),
    .init("右上葉に25mm大のすりガラス結節、充実成分8mm。肺腺癌を疑う。" + tail, t: "T1a"),
    .init("右上葉に25mm大の肺癌。胸水細胞診陽性。リンパ節腫大なし。", m: "M1a"),
    .init("左肺癌、右肺に多発転移。リンパ節腫大なし。", m: "M1a"),
    .init("右上葉に25mm大の肺癌。右胸水あり、細胞診class V。リンパ節腫大なし。", m: "M1a"),
    .init("右上葉に25mm大の肺癌。右胸水を認める。細胞診で腺癌細胞を検出。リンパ節腫大なし。", m: "M1a"),
    .init("右上葉に25mm大の肺癌。胸水細胞診陰性。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に25mm大の肺癌。心嚢水細胞診で悪性。リンパ節腫大なし。", m: "M1a"),
    .init("右上葉に25mm大の肺癌。髄膜播種を認める。リンパ節腫大なし。", m: "M1c"),
    .init("右上葉に25mm大の肺癌。癌性髄膜炎と考える。リンパ節腫大なし。", m: "M1c"),
    .init("右上葉に25mm大の肺癌。髄膜播種なし。リンパ節腫大なし。", m: "M0"),
    .init("右上葉に25mm大の肺癌。脳転移（単発）を認める。リンパ節腫大なし。", m: "M1b"),
    .init("右上葉に25mm大の肺癌。腹膜播種を伴う。リンパ節腫大なし。", m: "M1c"),
]

/// All forms.
let stagingVariants =
    variantsBesideDenials + variantsOfDoubt + variantsOfSize + variantsOfWrapping
    + variantsOfDescriptors + variantsOfStatements + variantsOfNoStatement
