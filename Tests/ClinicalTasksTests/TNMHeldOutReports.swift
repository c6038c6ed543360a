// SPDX-License-Identifier: Apache-2.0
import Testing

/// A fictional report with the categories that it states.
struct TNMReportCase: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// Digits of T, N and M.
    let t: Int
    let n: Int
    let m: Int

    var testDescription: String { name }

    init(_ name: String, _ t: Int, _ n: Int, _ m: Int, _ text: String) {
        self.name = name
        self.text = text
        self.t = t
        self.n = n
        self.m = m
    }
}

/// Reports that were written before the rules, in the manner of several hospitals.
///
/// None of them is taken from a corpus; sizes, places and wordings are invented.
let heldOutReports: [TNMReportCase] = [
    TNMReportCase(
        "headings, small peripheral nodule", 1, 0, 0,
        """
        【検査】胸部CT（単純）
        【所見】
        左肺上葉S1+2に２２×１８ｍｍ大の充実性結節を認めます。胸膜嵌入像を伴います。
        肺門・縦隔リンパ節の腫大は認めません。
        胸水なし。肝・副腎に転移を疑う所見は認めません。
        【診断】
        左上葉肺癌疑い。
        """),
    TNMReportCase(
        "bullets, middle lobe, hilar node", 2, 1, 0,
        """
        ・右中葉に3.6cm大の腫瘤あり。境界不整、原発性肺癌と考える。
        ・右肺門リンパ節が13mmに腫大しており転移疑い。
        ・縦隔リンパ節腫大なし。
        ・胸水(-)、心嚢水(-)。
        ・上腹部に転移なし。
        """),
    TNMReportCase(
        "after resection without recurrence", 0, 0, 0,
        """
        右上葉肺癌に対する切除術後の経過観察です。
        術後変化を認めますが、局所再発を疑う所見はありません。
        残存肺に結節は認めません。
        リンパ節腫大なし。胸水なし。
        遠隔転移を疑う所見を認めません。
        """),
    TNMReportCase(
        "supraclavicular node", 2, 3, 0,
        """
        左下葉に45mmの腫瘤を認め、肺癌として矛盾しません。
        左肺門から縦隔に多発リンパ節腫大があり、転移と考えます。
        右鎖骨上窩にも12mmのリンパ節を認め、転移を疑います。
        胸水は認めません。
        骨、肝、副腎に転移は指摘できません。
        """),
    TNMReportCase(
        "contralateral hilar node", 3, 3, 0,
        """
        肺癌の病期診断目的。
        右下葉に径58mmの不整形腫瘤を認める。原発巣と考える。
        右肺門、気管分岐下に腫大リンパ節あり、転移を疑う。
        左肺門リンパ節も腫大しており、転移と考えられる。
        遠隔転移を疑う所見なし。
        """),
    TNMReportCase(
        "explicit string in full width", 2, 1, 0,
        """
        （診断）右下葉肺癌　ｃＴ２ａＮ１Ｍ０　ＳｔａｇｅIIB
        （所見）右下葉に３５ｍｍの腫瘤。右肺門リンパ節１５ｍｍ。
        """),
    TNMReportCase(
        "brain metastases", 1, 2, 1,
        """
        右上葉に18mm大の結節があり、既知の肺腺癌です。
        右上部気管傍リンパ節が腫大し、転移と考えます。
        脳：左前頭葉と右小脳に造影される結節が複数あり、多発脳転移と考えます。
        """),
    TNMReportCase(
        "malignant effusion with dissemination", 2, 0, 1,
        """
        左下葉に4cmの腫瘤があり肺癌と考えます。
        左胸膜に沿って多発する小結節を認め、胸膜播種と考えます。左胸水を伴っています。
        縦隔や肺門に有意なリンパ節腫大はみられません。
        """),
    TNMReportCase(
        "rib destruction", 3, 0, 0,
        """
        右上葉背側に４．２ｃｍ大の腫瘤を認めます。右第4肋骨を破壊しており胸壁浸潤と考えます。
        肺癌の所見です。
        縦隔・肺門に有意な腫大リンパ節は指摘できません。
        胸水・心嚢液の貯留なし。他臓器に転移を疑う所見はありません。
        """),
    TNMReportCase(
        "nodule in another lobe of the same side", 4, 0, 0,
        """
        既知の右肺癌。右上葉の原発巣は28mmです。
        右下葉に9mmの結節があり、肺内転移を疑います。
        対側肺に結節はありません。
        リンパ節腫大は認めません。胸水なし。
        肝臓、副腎、骨に異常を認めません。
        """),
    TNMReportCase(
        "nodule of the other lung", 2, 0, 1,
        """
        左舌区に38mm大の肺癌を認めます。
        右下葉に7mm大の結節が出現しており、対側肺転移と考えます。
        肺門縦隔リンパ節に病的腫大は認められません。
        """),
    TNMReportCase(
        "oesophagus and aorta", 4, 2, 0,
        """
        左下葉に6cmを超える腫瘤を認める。食道および下行大動脈へ浸潤していると思われる。
        気管分岐下リンパ節腫大あり、転移と考える。
        左少量胸水あり。肝転移なし。副腎転移なし。
        印象：進行肺癌
        """),
    TNMReportCase(
        "main bronchus with atelectasis", 2, 1, 0,
        """
        左主気管支内に25mmの腫瘤があり、左上葉は無気肺となっています。肺癌が考えられます。
        気管分岐部には達していません。
        左肺門リンパ節腫大を伴い、転移が疑われます。
        縦隔リンパ節は正常大です。
        転移を疑う肝腫瘤や副腎腫瘤は認めません。
        """),
    TNMReportCase(
        "reactive nodes and adrenal adenoma", 1, 0, 0,
        """
        右上葉に長径14mmの部分充実型結節を認め、充実成分は8mmです。早期肺癌を疑います。
        縦隔に小リンパ節を散見しますが、反応性と考えます。
        左副腎に15mm大の低濃度結節を認め、腺腫と考えます。
        肝に嚢胞を認めます。
        """),
    TNMReportCase(
        "two hedges about metastasis", 2, 0, 0,
        """
        左上葉に44mmの腫瘤、肺癌を疑います。
        縦隔に有意なリンパ節腫大なし。
        肝S8に8mmの低吸収域を認め、嚢胞と考えますが転移の可能性も否定できません。
        胸水認めず。
        """),
    TNMReportCase(
        "bone and adrenal", 3, 2, 1,
        """
        右肺尖部に52mm大の腫瘤があり、肺癌です。
        縦隔リンパ節#4Rが腫大し転移を疑います。
        第8胸椎に溶骨性病変あり、骨転移と考えます。
        右副腎腫瘤あり、転移と考えます。
        """),
    TNMReportCase(
        "primary not found, nodes only", 0, 3, 0,
        """
        肺癌疑いにて精査。
        肺野に原発巣と考えられる腫瘤や結節を指摘できません。
        両側縦隔および左鎖骨上リンパ節の腫大を認め、転移と考えます。
        胸水なし。腹部臓器に転移を認めません。
        """),
    TNMReportCase(
        "satellite nodule in the same lobe", 3, 1, 0,
        """
        右上葉S2に26mm大の結節影あり。肺癌と考えます。
        同じ右上葉のS3に6mm大の結節を認め、副腫瘍結節と考えます。
        右肺門リンパ節の腫大を認め転移を疑います。
        縦隔リンパ節腫大、胸水はいずれも認めません。
        肝、副腎：転移なし。
        """),
    TNMReportCase(
        "huge mass", 4, 3, 1,
        """
        左上葉を占拠する９５ｍｍ大の巨大腫瘤を認めます。肺癌と考えます。
        左肺門、両側縦隔、左鎖骨上窩にリンパ節転移を認めます。
        肝に多発する腫瘤を認め、肝転移です。
        """),
    TNMReportCase(
        "english abbreviations", 1, 2, 0,
        """
        RUL S1に2.8cmのsolid nodule、肺腺癌疑い。
        #4R、#7のLN腫大あり、転移疑い。
        N1領域のLN腫大なし。
        胸水なし。M0。
        """),
    TNMReportCase(
        "long sentence with negations", 2, 0, 0,
        """
        右下葉に32mm大の腫瘤を認め肺癌を疑いますが、胸壁浸潤や縦隔浸潤、肺内転移、胸水貯留、
        有意なリンパ節腫大、肝転移、副腎転移、骨転移はいずれも認めません。
        """),
    TNMReportCase(
        "complete response", 0, 0, 0,
        """
        左下葉小細胞肺癌、化学放射線療法後。
        前回見られた左下葉の腫瘤は消失しています。
        縦隔リンパ節腫大も消失しました。
        新たな病変はありません。
        放射線肺臓炎と考えられるすりガラス影を認めます。
        """),
]
