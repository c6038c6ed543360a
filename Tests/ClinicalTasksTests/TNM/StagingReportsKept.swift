// SPDX-License-Identifier: Apache-2.0

/// Reports that were written together with `stagingReports` and kept apart until the rules were done.
let stagingReportsKept: [StagingCase] = [
    StagingCase(
        "diagnosis with size, denials after commas", .staged("T1b", "N0", "M0"),
        "右S3に19mmの原発性肺癌、肺門縦隔リンパ節腫大なし、撮像範囲に遠隔転移なし。"),
    StagingCase(
        "denials first", .staged("T3", "N0", "M0"),
        "胸水なし、リンパ節腫大なし、左下葉に55mmの肺癌あり。"),
    StagingCase(
        "stated with equals signs", .staged("T2b", "N0", "M0"),
        "診断：左肺癌 T=2b, N=0, M=0 (stage IIA)"),
    StagingCase(
        "stated with factor names", .staged("T4", "N2", "M1a"),
        "肺癌病期　T因子：4　N因子：2　M因子：1a"),
    StagingCase(
        "pathology in full width lower case", .staged("T1c", "N0", "M0"),
        "右肺腺癌術後、ｐＴ１ｃＮ０Ｍ０、ＰＬ０。再発なし。"),
    StagingCase(
        "after chemotherapy", .staged("T1b", "N0", "M0"),
        "左上葉肺癌、術前化学療法後。初診時 cT3N2M0、手術時 ypT1bN0M0。"),
    StagingCase(
        "current before former", .staged("T3", "N2", "M0"),
        "肺癌。今回はcT3N2M0（前回 cT2aN1M0）とする。"),
    StagingCase(
        "seventh and eighth edition", .staged("T1c", "N1", "M0"),
        "肺腺癌。UICC第8版：cT1cN1M0、UICC第7版：cT1bN1M0。"),
    StagingCase(
        "ninth edition, several organs", .staged("T3", "N2b", "M1c2"),
        "右肺小細胞癌、T3N2bM1c2 stage IVB。"),
    StagingCase(
        "primary not assessable", .staged("TX", "N3", "M1b"),
        "肺癌、cTXN3M1b。喀痰細胞診で腺癌。"),
    StagingCase(
        "lung cancer under suspicion", .staged("TX", "NX", "MX"),
        "左肺癌の疑い。精査をお願いいたします。"),
    StagingCase(
        "lesion without size", .staged("TX", "N0", "M0"),
        "右上葉に肺癌を認めます。リンパ節腫大や遠隔転移は認めません。"),
    StagingCase(
        "bone metastasis denied by doubt", .staged("T1c", "N0", "M0"),
        "左下葉に27mmの肺癌。第9胸椎の硬化像は骨転移とまでは言えない。縦隔リンパ節腫大なし。"),
    StagingCase(
        "node of low probability", .staged("T2a", "N0", "M0"),
        "右下葉に32mmの肺癌。右肺門リンパ節は8mmで、転移の可能性は低い。脳、肝、骨に転移なし。"),
    StagingCase(
        "spaces between the items", .staged("T1c", "N1", "M0"),
        "右中葉肺癌 28mm 右肺門リンパ節転移あり 縦隔リンパ節腫大なし 遠隔転移なし"),
    StagingCase(
        "unit in syllables", .staged("T2b", "N0", "M0"),
        "左下葉に最大径４５ミリの肺癌。リンパ節転移や遠隔転移はみられない。"),
    StagingCase(
        "heading with unit in square brackets", .staged("T1c", "N0", "M0"),
        "診断名：左上葉肺癌\n腫瘍径[mm]：25x20x18\nリンパ節腫大：なし\n胸水：なし\n転移：なし"),
    StagingCase(
        "wrapped after a particle", .staged("T3", "N0", "M0"),
        "右下葉に5.6\ncmの腫瘤を認め、原発性肺\n癌と考えます。肺門や縦隔に\n有意なリンパ節腫大は認めま\nせん。遠隔転移なし。"),
    StagingCase(
        "superior vena cava syndrome", .staged("T4", "N0", "M0"),
        "右上葉に48mmの肺癌。上大静脈症候群を呈する。リンパ節転移なし。遠隔転移なし。"),
    StagingCase(
        "pancoast tumour with Horner's syndrome", .staged("T3", "N0", "M0"),
        "左肺尖部に36mmの肺癌（Pancoast腫瘍）。Horner症候群あり。椎体浸潤なし。リンパ節腫大なし。遠隔転移なし。"),
    StagingCase(
        "meningeal carcinomatosis", .staged("T2a", "N2", "M1c"),
        "右下葉に35mmの肺癌。右縦隔リンパ節転移あり。脳溝に沿った増強効果を認め、髄膜播種と考える。"),
    StagingCase(
        "part solid, five millimetres within", .staged("T1mi", "N0", "M0"),
        "右上葉に22mmのすりガラス結節、充実成分は4mm。肺腺癌を疑う。リンパ節腫大なし、遠隔転移なし。"),
    StagingCase(
        "one metastasis of the breast's cancer", .notStaged("other-primary"),
        "乳癌術後経過観察。右上葉に新たに9mmの結節あり。転移を疑う。縦隔リンパ節腫大なし。"),
    StagingCase(
        "liver cancer with nodules in both lungs", .notStaged("other-primary"),
        "肝細胞癌治療中。両肺野に小結節が多発し、増大しています。多発肺転移の所見です。"),
    StagingCase(
        "tuberculosis", .notStaged("inflammation"),
        "右上葉に30mmの空洞性病変と散布影を認める。活動性肺結核を疑う。気管前リンパ節の腫大あり。"),
    StagingCase(
        "round atelectasis", .notStaged("benign"),
        "左下葉背側に32mmの腫瘤様構造あり。円形無気肺と考えます。肺癌を疑う所見はありません。"),
    StagingCase(
        "granuloma that does not change", .notStaged("benign"),
        "右下葉の12mm結節は5年前から変化なく、肉芽腫と考えられます。その他異常なし。"),
    StagingCase(
        "node disease of the whole body", .notStaged("lymphoma"),
        "縦隔、腋窩、腹腔内に多数のリンパ節腫大あり。リンパ腫が疑われる。肺野に結節なし。"),
    StagingCase(
        "mass of the front mediastinum", .notStaged("thymoma"),
        "前縦隔腫瘍の精査。40mm大の分葉状腫瘤で、浸潤性胸腺腫を疑う。"),
    StagingCase(
        "surveillance after lobectomy", .notStaged("post-operative"),
        "右上葉切除後（肺腺癌）。断端再発なし。対側肺に結節なし。リンパ節腫大なし。遠隔転移なし。"),
    StagingCase(
        "bone scintigraphy", .notStaged("not-examined"),
        "骨シンチグラフィ：肺癌の骨転移検索。異常集積を認めません。"),
    StagingCase(
        "chest without findings", .notStaged("no-lung-cancer"),
        "胸部CT：両肺野に異常を認めません。縦隔リンパ節腫大なし。胸水なし。"),
]
