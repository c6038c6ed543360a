// SPDX-License-Identifier: Apache-2.0

/// Reports that were written before the rules told unknown from absent; the rules were mended by them.
let stagingReports: [StagingCase] = [
    StagingCase(
        "size and denials in one sentence", .staged("T1c", "N0", "M0"),
        "左下葉S6に26mm大の肺腺癌、縦隔リンパ節腫大なし、肝・副腎転移なし。"),
    StagingCase(
        "size in brackets after the diagnosis", .staged("T2b", "N0", "M0"),
        "左上葉肺癌（43×30mm）、リンパ節転移なし、胸水なし、その他異常なし。"),
    StagingCase(
        "stated over three lines", .staged("T3", "N1", "M0"),
        "【診断】右上葉肺癌\nT：3\nN：1\nM：0\n【Stage】IIIA"),
    StagingCase(
        "stated in lower case with prefix", .staged("T1b", "N2", "M0"),
        "rt. upper lobe lung cancer (肺癌), ct1bn2m0 と診断されています。"),
    StagingCase(
        "stated before operation, pathology after", .staged("T2a", "N1", "M0"),
        "左下葉肺癌。術前診断はcT1cN0M0であったが、術後病理はpT2aN1M0であった。"),
    StagingCase(
        "stated for two dates", .staged("T4", "N3", "M1c"),
        "右肺癌、化学療法中。治療前 cT2bN2M0。今回 cT4N3M1c と判断する。"),
    StagingCase(
        "ninth edition", .staged("T2a", "N2a", "M0"),
        "右下葉肺腺癌、cT2aN2aM0 Stage IIIA（UICC第９版）。"),
    StagingCase(
        "unknown metastasis stated", .staged("T2b", "N1", "MX"),
        "肺扁平上皮癌、T2b N1 MX。頭部MRIとPETは未施行。"),
    StagingCase(
        "in situ", .staged("Tis", "N0", "M0"),
        "左上葉の上皮内腺癌、pTisN0M0。"),
    StagingCase(
        "minimally invasive", .staged("T1mi", "N0", "M0"),
        "右上葉切除標本：微少浸潤性腺癌、pT1mi pN0 cM0。"),
    StagingCase(
        "station and size between the categories", .staged("T2a", "N2", "M1b"),
        "肺癌。cT2a（36mm、臓側胸膜浸潤）N2（#4R、#7）M1b（左副腎）。"),
    StagingCase(
        "named only", .staged("TX", "NX", "MX"),
        "肺癌の精査目的に紹介となりました。"),
    StagingCase(
        "only the nodes are described", .staged("TX", "N2", "MX"),
        "右肺癌症例。縦隔条件のみの評価。気管分岐下リンパ節が20mmに腫大し、転移と考える。"),
    StagingCase(
        "tumour described, nothing else examined", .staged("T2a", "NX", "MX"),
        "肺野条件の再構成画像のみ。右下葉に34mmの腫瘤を認め、原発性肺癌を疑う。"),
    StagingCase(
        "unlikely metastasis", .staged("T2a", "N0", "M0"),
        "左上葉に38mm大の肺癌。肝S8の低吸収域は転移とは考えにくい。有意なリンパ節腫大を認めない。"),
    StagingCase(
        "nodes that are not actively suspected", .staged("T1b", "N0", "M0"),
        "右中葉に17mmの肺癌を認める。縦隔リンパ節は描出されるが、転移を積極的に疑う所見に乏しい。遠隔転移を示唆する所見なし。"),
    StagingCase(
        "asterisk between the sizes", .staged("T3", "N0", "M0"),
        "右下葉に62*45mmの腫瘤。肺癌の診断。リンパ節腫大（−）、遠隔転移（−）"),
    StagingCase(
        "dot of the middle as decimal point", .staged("T1c", "N0", "M0"),
        "左舌区に２・４ｃｍの結節、肺癌を疑います。リンパ節腫大、胸水を認めません。"),
    StagingCase(
        "comma as decimal point", .staged("T2b", "N1", "M0"),
        "右上葉に4,5cmの腫瘤あり、肺癌。右肺門リンパ節転移あり。縦隔リンパ節腫大なし。遠隔転移なし。"),
    StagingCase(
        "unit in the heading of a table", .staged("T2a", "N0", "M0"),
        "部位：左S8\n大きさ（mm）：33×28\n診断：肺癌\nリンパ節：腫大なし\n遠隔転移：なし"),
    StagingCase(
        "wrapped within number and word", .staged("T2b", "N2", "M0"),
        "左上葉S1+2に4\n8mm大の肺\n癌を認める。縦隔リン\nパ節腫大を認め、転\n移を疑う。遠隔転移な\nし。"),
    StagingCase(
        "hoarseness by palsy of the recurrent nerve", .staged("T4", "N0", "M0"),
        "左上葉に28mmの肺癌。左反回神経麻痺を伴う。リンパ節転移なし。遠隔転移なし。"),
    StagingCase(
        "palsy of the phrenic nerve", .staged("T3", "N0", "M0"),
        "右上葉に33mmの肺癌。右横隔膜は挙上し、横隔神経麻痺が疑われる。リンパ節腫大なし、胸水なし。"),
    StagingCase(
        "effusion with positive cytology", .staged("T1c", "N0", "M1a"),
        "右下葉に25mmの肺癌。右胸水あり、細胞診陽性（腺癌）。リンパ節腫大なし。"),
    StagingCase(
        "pure ground glass", .staged("Tis", "N0", "M0"),
        "右上葉に18mmのpure GGNがあり、肺腺癌を疑う。充実成分は認めない。リンパ節腫大なし、胸水なし。"),
    StagingCase(
        "other primary", .notStaged("other-primary"),
        "直腸癌術後。両肺に多発する結節を認め、肺転移と考えます。最大は右下葉の18mmです。リンパ節腫大なし。"),
    StagingCase(
        "other primary with stated categories", .notStaged("other-primary"),
        "胃癌 cT3N1M0、術前精査。胸部CT：肺野に転移を認めない。縦隔リンパ節腫大なし。"),
    StagingCase(
        "solitary metastasis of the kidney's cancer", .notStaged("other-primary"),
        "腎細胞癌の既往。左下葉に22mm大の境界明瞭な結節が出現、腎癌の肺転移を第一に考えます。"),
    StagingCase(
        "abscess", .notStaged("inflammation"),
        "右下葉に48mm大の空洞を伴う腫瘤様陰影を認める。肺膿瘍と考える。右肺門リンパ節腫大は反応性と考える。"),
    StagingCase(
        "organising pneumonia", .notStaged("inflammation"),
        "左下葉に35mmの結節状浸潤影あり、器質化肺炎を疑う。前回より縮小している。"),
    StagingCase(
        "hamartoma", .notStaged("benign"),
        "右中葉に15mm大の結節を認め、内部に脂肪と石灰化を伴う。過誤腫と考えます。リンパ節腫大なし。"),
    StagingCase(
        "lymphoma", .notStaged("lymphoma"),
        "縦隔に70mm大の腫瘤を認め、悪性リンパ腫を疑います。両側鎖骨上リンパ節も腫大しています。"),
    StagingCase(
        "thymoma", .notStaged("thymoma"),
        "前縦隔に52mmの腫瘤あり、胸腺腫を第一に考える。肺内に結節なし。胸膜播種を認めない。"),
    StagingCase(
        "after resection, nothing new", .notStaged("post-operative"),
        "左下葉肺癌術後2年。再発・転移を示唆する所見を認めません。胸水なし。"),
    StagingCase(
        "brain only", .notStaged("not-examined"),
        "頭部造影MRI：肺癌の脳転移検索。脳実質に異常増強効果を認めず、脳転移の所見なし。"),
    StagingCase(
        "abdomen only", .notStaged("not-examined"),
        "腹部超音波検査。肝に10mmの嚢胞。胆嚢、膵、脾、腎に異常なし。"),
]
