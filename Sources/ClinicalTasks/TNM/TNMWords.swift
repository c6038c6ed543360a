// SPDX-License-Identifier: Apache-2.0

/// The words by which the parser tells what a clause speaks of.
enum TNMWords {
    static let node: WordList = [
        "リンパ節", "リンパ腺", "LN", "lymphnode", "Lymphnode",
        "リンパ転移",
    ]
    static let nodePlace: WordList = [
        "鎖骨上", "腋窩", "#2R", "#2L", "#4R", "#4L", "#10R", "#10L", "#11R", "#11L", "#11s", "#12R",
        "#12L", "#12u", "#3a", "#3p", "#7腫大", "#7リンパ",
        "#7に", "#5腫大", "#6腫大", "#7転移", "#5に", "#6に",
    ]
    /// A nodule of the lung that is a normal node.
    static let nodeOfLung: WordList = ["肺内リンパ節"]
    static let hilar: WordList = [
        "肺門", "葉間リンパ", "葉気管支周囲", "気管支周囲", "肺内リンパ", "hilar", "Hilar", "#10", "#11", "#12", "#13",
        "#14",
    ]
    static let mediastinal: WordList = [
        "縦隔", "気管前", "気管傍", "傍気管", "分岐下", "分岐部下", "分岐部リンパ", "大動脈弓", "大動脈下", "大動脈傍", "AP窓", "A-P窓",
        "肺動脈窓", "食道傍", "傍食道", "肺靱帯", "気管右", "気管左", "気管の右", "気管の左", "気管周囲", "気管リンパ", "mediastinal",
        "Mediastinal",
        "#2",
        "#3", "#4", "#5", "#6", "#7", "#8", "#9",
    ]
    static let supraclavicular: WordList = ["鎖骨上", "斜角筋", "supraclavicular", "鎖骨窩", "#1R", "#1L"]
    static let distantNode: WordList = [
        "腋窩", "肝門", "傍大動脈", "大動脈周囲", "腹腔", "腹部", "後腹膜", "鼠径", "胃周囲", "胃小彎", "腸間膜", "頸部", "頚部", "顎下",
        "腎門",
        "脾門", "膵周囲", "総肝動脈", "横隔膜脚", "骨盤", "肝十二指腸", "門脈周囲", "腸骨",
    ]
    static let swelling: WordList = [
        "腫大", "累々", "一塊", "球形", "round", "腫脹", "増大", "enlarge", "塊状", "病的リンパ節", "腫れ", "集簇", "bulky",
        "集積を認め", "集積あり", "集積がみられ", "集積が見られ", "高集積",
    ]
    static let reactive: WordList = [
        "反応性", "非特異", "有意なサイズでは", "有意ではな", "サイズは有意で", "石灰化", "炎症性", "過形成", "良性", "正常大", "生理的",
        "サルコイド", "珪肺", "じん肺", "結核後", "有意とは", "病的意義", "基準を満た", "大きさではな", "慢性炎症", "有意な大きさでは", "正常範囲",
    ]
    /// A metastasis that the report leaves open rather than suspects.
    static let unsettled: WordList = ["断定", "言い切れ", "言いきれ", "診断でき", "非典型"]
    static let prominent: WordList = ["目立", "サイズ"]
    static let slight: WordList = ["軽度腫大", "軽度の腫大", "小リンパ節", "やや腫大", "ごく軽度"]

    static let placeOfSpread: WordList = [
        "右上葉", "右中葉", "右下葉", "左上葉", "左下葉", "中葉に", "左舌区", "右肺", "左肺", "両肺", "両側肺", "対側肺", "他葉",
    ]
    static let metastasis: WordList = ["転移", "meta", "mets", "Meta", "META"]
    static let spread: WordList = [
        "副腫瘍結節", "転移", "娘結節", "娘病変", "衛星結節", "衛星病変", "副結節", "副病変", "随伴結節", "散布巣", "satellite",
    ]
    static let cancer: WordList = [
        "肺癌", "肺がん", "肺ガン", "原発性肺", "肺腺癌", "腺癌", "扁平上皮癌", "小細胞癌", "小細胞肺癌", "気管支癌", "原発巣", "癌病変",
        "粘表皮癌",
        "肺悪性腫瘍", "悪性腫瘍", "原発病変", "肺原発", "lungcancer", "Lungcancer", "adenocarcinoma", "癌を疑", "癌が疑",
        "癌疑", "大細胞癌",
        "肺門部癌",
        "カルチノイド", "肺野型癌", "LK", "肺病変", "悪性を疑", "悪性病変", "LC疑",
    ]
    static let knownLesion: WordList = [
        "既知", "ご指摘", "御指摘", "原発巣", "原発病変", "指摘されている", "診断済", "確定診断", "原発と考",
    ]
    /// Names of a cancer of the lung, as opposed to a cancer of any organ.
    static let lungCancer: WordList = [
        "肺癌", "肺がん", "肺ガン", "原発性肺", "肺腺癌", "肺扁平上皮癌", "小細胞肺癌", "小細胞癌", "気管支癌", "肺悪性腫瘍", "肺原発",
        "lungcancer", "Lungcancer",
        "LungCancer", "Lungcancer", "肺大細胞", "LK", "肺カルチノイド", "肺門部癌", "肺野型癌", "NSCLC", "SCLC",
        "肺尖部癌", "肺多形癌",
    ]
    static let otherCancer: WordList = [
        "乳癌", "乳腺癌", "胃癌", "大腸癌", "結腸癌", "直腸癌", "肝細胞癌", "肝癌", "膵癌", "膵臓癌", "前立腺癌", "腎癌", "腎細胞癌",
        "食道癌", "甲状腺癌",
        "子宮体癌", "子宮頸癌", "子宮頚癌", "子宮癌", "子宮内膜癌", "膀胱癌", "胆嚢癌", "胆管癌", "卵巣癌", "尿管癌", "腎盂癌", "尿路上皮癌",
        "舌癌", "咽頭癌",
        "喉頭癌", "口腔癌", "歯肉癌", "頭頸部癌", "頭頚部癌", "唾液腺癌", "耳下腺癌", "上顎癌", "大腸がん", "結腸がん", "直腸がん", "乳がん",
        "胃がん", "食道がん",
        "膵がん", "肝がん", "腎がん", "前立腺がん", "膀胱がん", "卵巣がん", "甲状腺がん", "子宮がん", "咽頭がん", "S状結腸癌", "虫垂癌",
        "小腸癌", "十二指腸癌",
        "肉腫", "悪性黒色腫", "メラノーマ", "精巣腫瘍", "胚細胞腫", "絨毛癌", "胆道癌", "皮膚癌", "中皮腫", "GIST", "HCC", "RCC",
        "褐色細胞腫", "副腎癌", "食道扁平上皮癌", "食道腺癌", "食道胃接合部", "胃腺癌", "大腸腺癌", "結腸腺癌", "直腸腺癌", "膵腺癌", "膵管癌",
        "乳管癌", "小葉癌", "舌扁平上皮癌", "咽頭扁平上皮癌", "喉頭扁平上皮癌", "口腔扁平上皮癌", "歯肉扁平上皮癌", "頸部扁平上皮癌", "外陰癌",
        "陰茎癌", "膣癌", "前立腺腺癌", "胆嚢腺癌", "皮膚扁平上皮癌", "甲状腺乳頭癌", "甲状腺濾胞癌", "子宮体部類内膜癌", "類内膜癌",
        "膵頭部癌", "膵体部癌", "膵尾部癌", "膵体尾部癌", "胃体部癌", "噴門部癌", "前庭部癌", "乳頭部癌", "舌縁癌", "頬粘膜癌", "口腔底癌",
        "口底癌", "声門癌", "腎盂尿管癌", "子宮頸部癌", "子宮頚部癌", "子宮体部癌", "結腸腫瘍", "直腸S状部癌", "外耳道癌", "涙腺癌", "気管癌",
        "肛門管癌", "尿膜管癌", "副鼻腔癌",
    ]
    /// Relatives, of whom what a clause tells is told.
    static let relatives: WordList = [
        "母が", "母は", "母に", "母:", "母親", "父が", "父は", "父に", "父:", "父親", "兄が", "兄は", "兄:", "姉が", "姉は",
        "姉:", "弟が", "弟は",
        "弟:", "妹が", "妹は", "妹:", "祖父", "祖母", "叔父", "叔母", "伯父", "伯母", "家族歴",
    ]
    static let screening: WordList = ["検診", "健診", "ドック", "スクリーニング", "家族歴"]
    static let treated: WordList = [
        "術後", "切除後", "摘出後", "療法後", "治療後", "照射後", "寛解", "手術後", "根治後", "投与後", "SBRT後",
    ]

    static let mass: WordList = [
        "腫瘤", "腫瘍", "mass", "軟部影", "軟部陰影", "軟部組織影", "原発巣", "tumor", "tumour", "塊状影", "肺癌", "腺癌",
        "扁平上皮癌",
        "小細胞癌", "原発病変",
    ]
    static let shadow: WordList = [
        "結節", "nodule", "隆起", "陰影", "病変", "すりガラス", "スリガラス", "GGN", "GGO", "浸潤影", "充実性", "空洞", "不整影",
        "コンソリデーション",
        "consolidation", "SPN", "小粒状影", "粒状影",
    ]
    static let nodule: WordList = [
        "結節", "nodule", "腫瘤", "すりガラス", "GGN", "GGO", "mass", "SPN", "粒状影",
    ]
    static let softShadow: WordList = ["軟部影", "軟部陰影", "陰影", "軟部組織影"]
    static let groundGlass: WordList = ["すりガラス", "スリガラス", "GGN", "GGO", "GGA"]
    /// With which the description of a lesion goes on: its parts, no other lesion.
    static let parts: WordList = [
        "充実成分", "充実部", "充実性成分", "充実径", "すりガラス主体", "すりガラス影主体", "すりガラス成分", "GGN主体", "GGO主体", "内部に充実",
        "うち充実",
    ]
    static let partlySolid: WordList = ["充実", "solid", "mixed", "混合"]
    static let pureGroundGlass: WordList = [
        "pureGG", "PureGG", "純粋すりガラス", "純粋なすりガラス", "純すりガラス", "pGGN", "pGGO", "nonsolid",
        "non-solid", "純粋GG", "pureすりガラス", "純粋なGG",
        "純GG", "非充実", "pureground", "pure-GG",
    ]
    static let solidPart: WordList = [
        "充実成分", "充実部", "充実性成分", "solidcomponent", "solidpart", "充実性部分", "充実部分",
    ]
    static let benign: WordList = [
        "炎症", "瘢痕", "陳旧", "肉芽腫", "良性", "過誤腫", "嚢胞", "ブラ", "肺炎", "感染", "結核", "異型腺腫様", "前癌病変", "プラーク",
        "石灰化",
        "粘液栓", "索状", "網状", "粉瘤", "bulla", "線状", "肺内リンパ節", "間質性", "腫瘤による閉塞", "うっ血", "器質化", "ブドウ球菌",
        "サルコイド",
        "肺臓炎", "胸膜肥厚", "術後変化",
    ]
    static let multiple: WordList = [
        "多発", "複数", "多数", "散見", "散在", "両側", "2ヶ所", "2か所", "2箇所", "2カ所", "3個", "2個", "数個", "無数",
        "複数箇所", "数ヶ所", "びまん",
        "両葉",
    ]
    static let lungPlace: WordList = [
        "上葉", "中葉", "下葉", "肺尖", "舌区", "舌葉", "上区", "肺門", "気管支", "肺野", "残存肺", "右肺", "左肺", "両肺", "対側肺",
        "肺内",
        "胸膜直下", "胸膜下", "胸膜縁", "葉間", "胸膜に沿", "RUL", "RML", "RLL", "LUL", "LLL", "肺癌", "S1", "S2",
        "S3", "S4", "S5",
        "S6", "S7", "S8", "S9", "同葉", "同一肺葉", "同一葉", "同肺葉", "他葉", "対側", "中間幹", "肺底", "縦隔", "肺実質",
        "気管分岐",
    ]
    static let sureLungPlace: WordList = [
        "上葉", "中葉", "下葉", "肺尖", "舌区", "肺野", "右肺", "左肺", "両肺", "肺門", "主気管支", "肺内",
    ]
    static let startsAtPrimary: WordList = [
        "腫瘤は", "腫瘤の", "腫瘤により", "腫瘤による", "腫瘤に", "腫瘤と", "腫瘤周囲", "腫瘤内", "腫瘤末梢", "腫瘍は", "腫瘍の", "腫瘍により",
        "腫瘍による",
        "腫瘍に", "腫瘍と", "腫瘍周囲", "病変は", "病変の", "病変により", "病変に", "病変と", "この腫瘤", "この腫瘍", "この病変", "同病変",
        "同腫瘤",
        "上記病変", "上記腫瘤", "これにより", "原発巣は", "原発巣の", "結節は", "結節の", "同結節", "本病変", "当該", "主病変",
    ]
    static let continuation: WordList = [
        "size", "Size", "SIZE", "転移", "同", "いずれ", "これ", "この", "既知", "ご指摘", "御指摘", "浸潤", "長径", "大きさ",
        "サイズ", "径", "最大径",
        "肺癌", "原発", "炎症", "反応性",
        "良性", "多発", "癌", "悪性", "陳旧", "病的", "リンパ節転移", "強く", "形態", "辺縁", "内部", "周囲", "充実", "分葉",
        "副腫瘍", "肺内転移",
        "播種", "遠隔", "前回", "増大", "経過", "一元的", "こちら", "有意", "そのため", "よって", "肺腺癌", "腺腫", "嚢胞", "結核",
        "骨転移", "肝転移", "副腎転移",
        "脳転移", "周囲に", "spicula", "スピクラ", "棘状", "小細胞", "扁平上皮", "腺癌", "積極的", "境界", "造影", "胸膜陥入",
        "胸膜嵌入", "進行",
        "早期", "以上より", "T", "N", "M", "c", "最も", "鑑別", "今回", "現在", "ほぼ", "明らかな浸潤", "後者", "前者", "PET",
    ]
    /// Names that begin as a category does.
    static let vertebrae: WordList = ["Th", "MRI", "MR", "NSE"]
    static let remainder: WordList = [
        "その他", "他の", "他、", "他に", "他臓器", "以外", "それ以外", "他撮像", "他部位", "ほか",
    ]

    static let invasionTrigger: WordList = [
        "浸潤", "進展", "破壊", "溶骨", "巻き込", "骨皮質", "直接及", "侵入", "encase", "骨侵食", "突出", "またい", "越えて",
        "及び骨", "に及ぶ", "に及ん", "まで及", "に達する", "に達して",
    ]
    /// What shows growth into a structure without the word for it.
    static let signs: [(InvadedStructure, WordList)] = [
        (.recurrentNerve, ["反回神経麻痺", "反回神経の麻痺", "反回神経障害", "声帯麻痺", "声帯の麻痺", "声帯固定"]),
        (.phrenicNerve, ["横隔神経麻痺", "横隔神経の麻痺", "横隔神経障害"]),
        (.brachialPlexus, ["腕神経叢麻痺", "腕神経叢障害", "腕神経叢症状"]),
        (
            .superiorSulcus,
            [
                "Horner", "horner", "ホルネル", "ホルナー", "Pancoast", "pancoast", "パンコースト", "上肺溝腫瘍",
                "肺尖部胸壁浸潤癌",
                "superiorsulcus", "星状神経節",
            ]
        ),
        // How far a specimen shows growth into the pleura.
        (.visceralPleura, ["PL1", "PL2", "pl1", "pl2", "Pl1", "Pl2"]),
        (.chestWall, ["PL3", "pl3", "Pl3"]),
        (.venaCavaSyndrome, ["上大静脈症候群", "SVC症候群", "SVCsyndrome", "SVCS"]),
    ]
    static let upperRoots: WordList = ["C8", "C7", "C6", "C5", "上神経幹", "中神経幹", "上位", "上方の枝"]
    static let lowerRoots: WordList = ["T1", "Th1", "T2", "Th2", "下神経幹", "下位", "第1胸神経"]
    static let noInvasion: WordList = ["浸潤影", "浸潤性", "浸潤径", "浸潤陰影"]
    static let raised: WordList = ["挙上", "の挙上", "は挙上", "が挙上", "弛緩"]
    /// Behind 浸潤, 進展, 及び: it did not.
    static let undone: WordList = [
        "していな", "していませ", "しておらず", "しな", "しませ", "せず", "はしていな", "はしておらず", "はしな", "はせず", "んでいな",
        "んでおらず", "ばず", "ばな",
        "びませ",
    ]
    static let pleuralFat: WordList = ["胸膜下脂肪", "胸膜外脂肪", "胸膜下の脂肪", "胸膜外の脂肪"]
    static let touching: WordList = [
        "接し", "接する", "近接", "密接", "広く接", "及んで", "及び", "突出", "境界が不明瞭", "境界不明瞭",
    ]
    static let structures: [(InvadedStructure, WordList)] = [
        (
            .chestWall,
            [
                "壁側胸膜", "胸壁", "肋骨", "肋間筋", "肋間",
            ]
        ),
        (.pericardium, ["心膜", "心嚢"]),
        (.heart, ["心臓", "左房", "右房", "心房", "心室", "左心", "右心"]),
        (
            .greatVessel,
            [
                "大血管", "大動脈", "上大静脈", "SVC", "下大静脈", "肺動脈本幹", "主肺動脈", "肺動脈幹", "腕頭動脈", "腕頭静脈",
                "鎖骨下動脈", "鎖骨下静脈",
            ]
        ),
        (.pulmonaryVessel, ["肺動脈", "肺静脈", "肺動静脈"]),
        (.oesophagus, ["食道"]),
        (.vertebra, ["椎体", "胸椎", "椎骨"]),
        (.diaphragm, ["横隔膜"]),
        (.recurrentNerve, ["反回神経"]),
        (.phrenicNerve, ["横隔神経"]),
        (.brachialPlexus, ["腕神経叢"]),
        (.superiorSulcus, ["上肺溝", "パンコースト", "Pancoast"]),
        (
            .trachea,
            ["気管分岐部", "carina", "気管への", "気管に", "気管壁", "気管浸潤", "気管へ", "気管・", "気管や", "気管膜様"]
        ),
        (.visceralPleura, ["胸膜", "葉間"]),
    ]

    static let obstruction: WordList = [
        "無気肺", "閉塞性肺炎", "虚脱", "含気は消失", "含気の消失", "含気が消失", "含気低下", "閉塞性変化",
    ]
    static let otherCollapse: WordList = [
        "円形無気肺", "板状無気肺", "線状無気肺", "受動", "荷重", "胸水に伴う", "胸水による", "軽度の無気肺", "円板状",
    ]
    static let mainBronchus: WordList = ["主気管支", "主幹気管支"]

    static let pleura: WordList = [
        "胸水", "播種", "心嚢水", "心嚢液", "心膜液", "癌性胸膜炎", "胸膜転移", "胸膜結節", "心膜転移", "癌性心膜炎",
    ]
    /// A tumour that is named in one breath with an effusion.
    static let besideEffusion: WordList = [
        "腫瘤を", "腫瘤が", "腫瘤と", "腫瘤および", "腫瘤影と", "腫瘍と", "結節と", "結節および", "結節影と",
    ]
    static let malignantPleura: WordList = [
        "播種", "癌性胸水", "悪性胸水", "癌性胸膜炎", "胸膜転移", "癌性心嚢", "悪性心嚢", "心膜転移", "癌性心膜炎", "悪性胸膜",
    ]
    static let farther: WordList = ["腹膜", "大網", "腹腔内", "髄膜", "軟膜", "脳", "脊髄", "硬膜"]
    static let meninges: WordList = [
        "癌性髄膜炎", "髄膜癌腫症", "髄膜播種", "軟膜播種", "髄膜転移", "軟膜転移", "髄膜への播種", "髄液播種", "脳脊髄液播種",
        "leptomeningeal",
        "髄膜癌", "脊髄播種", "くも膜下播種",
    ]
    static let peritoneum: WordList = ["腹膜播種", "癌性腹膜炎", "腹膜転移", "大網転移", "大網播種", "腹腔内播種"]
    static let effusion: WordList = [
        "胸水", "pleuraleffusion", "心嚢水", "心嚢液", "心膜液", "胸腔穿刺", "胸水穿刺", "胸腔液",
    ]
    /// What a needle found in a node.
    static let sampled: WordList = [
        "癌細胞", "悪性細胞", "腫瘍細胞", "がん細胞", "癌を検出", "癌が検出", "癌が証明", "癌を証明", "classV", "ClassV", "class5",
        "Class5",
    ]
    static let cytology: WordList = ["細胞診", "穿刺液", "排液より", "排液から", "cytology", "セルブロック"]
    static let foundCells: WordList = ["癌細胞", "悪性細胞", "腫瘍細胞", "がん細胞"]
    static let positiveCytology: WordList = [
        "陽性", "classV", "ClassV", "class5", "Class5", "クラスV", "クラス5", "classIV", "ClassIV", "悪性細胞",
        "癌細胞", "腺癌", "扁平上皮癌", "小細胞癌", "悪性",
        "腫瘍細胞", "がん細胞", "positive", "(+)",
    ]
    static let organs: [(MetastasisSite, WordList)] = [
        (.adrenal, ["副腎"]),
        (.brain, ["脳", "前頭葉", "側頭葉", "頭頂葉", "後頭葉", "頭蓋内", "髄膜"]),
        (
            .bone,
            [
                "骨転移", "肩甲骨", "上腕骨", "腰椎", "胸椎", "頸椎", "頚椎", "椎体", "骨盤骨", "腸骨", "坐骨", "恥骨", "仙骨",
                "大腿骨", "頭蓋骨",
                "胸骨", "肋骨転移", "骨に", "骨:", "脊椎", "Th1", "Th2", "Th3", "Th4", "Th5", "Th6", "Th7",
                "Th8", "Th9", "鎖骨に", "骨病変", "骨・", "骨、", "多発骨",
            ]
        ),
        (.liver, ["肝"]),
        (.kidney, ["腎"]),
        (
            .other,
            [
                "膵", "脾", "皮下", "皮膚", "筋肉", "筋内", "胃", "腸", "甲状腺", "乳房", "乳腺", "腹膜", "大網", "胆嚢",
                "総胆管", "卵巣",
                "子宮", "前立腺", "膀胱", "骨盤部", "腹部", "腹水", "唾液腺", "眼窩", "軟部組織転移",
            ]
        ),
    ]
    static let boneDestruction: WordList = ["溶骨", "造骨", "骨破壊", "骨硬化"]
    static let notOrgan: WordList = ["傍胸骨", "肝門部リンパ"]
    static let generalMetastasis: WordList = ["遠隔転移", "多臓器転移", "全身転移"]

    static let manyInLungs: WordList = ["多発肺転移", "両側肺転移", "両肺転移", "両側多発肺"]
    static let sizeRow: WordList = [
        "size", "Size", "SIZE", "大きさ", "サイズ", "長径", "径", "最大径", "腫瘍径", "充実成分径", "充実径", "浸潤径", "全体径",
    ]
    static let sizeOfTumour: WordList = ["腫瘍サイズ", "腫瘍径", "腫瘍のサイズ", "腫瘤径", "腫瘤のサイズ", "原発のサイズ"]
    static let sameLobe: WordList = [
        "同一肺葉", "同葉", "同一葉", "同肺葉", "同じ右", "同じ左", "同じ肺葉", "近傍", "周囲", "接する", "腹側", "背側に近接",
    ]
    static let otherLobe: WordList = ["他葉", "別の肺葉", "異なる肺葉", "別葉", "他の肺葉", "他肺葉", "異なる葉"]
    static let otherLung: WordList = ["対側肺", "対側の肺", "反対側", "対側に", "対側上", "対側下"]
    static let unreadable: WordList = ["矩形", "特異的な診断が困難", "鑑別は困難", "判断困難"]

    // MARK: - What is no lung cancer

    static let lymphoma: WordList = [
        "リンパ腫", "ホジキン", "MALT", "lymphoma", "Lymphoma", "DLBCL", "リンパ増殖性", "キャッスルマン", "Castleman",
        "白血病",
    ]
    static let thymoma: WordList = [
        "胸腺腫", "胸腺癌", "胸腺上皮", "thymoma", "胸腺カルチノイド", "縦隔腫瘍", "奇形腫", "神経鞘腫", "神経原性腫瘍", "胸腺嚢胞",
    ]
    static let benignTumour: WordList = [
        "過誤腫", "肉芽腫", "硬化性血管腫", "硬化性肺胞", "良性", "嚢胞", "瘢痕", "陳旧", "肺内リンパ節", "円形無気肺", "動静脈奇形", "動静脈瘻",
        "肺分画", "線維腫", "脂肪腫",
        "粘液栓", "異型腺腫様", "プラーク", "アミロイド", "血管腫", "乳頭腫", "平滑筋腫", "板状無気肺", "hamartoma", "乳頭影", "骨島",
        "分画症", "線維化", "軟骨腫",
        "子宮内膜症", "気管支嚢", "炎症後変化", "術後変化", "無気肺と考え",
    ]
    static let inflammation: WordList = [
        "肺炎", "器質化", "膿瘍", "化膿", "NTM", "気管支拡張", "滲出", "結核", "抗酸菌", "アスペルギ", "真菌", "クリプトコッ", "炎症",
        "感染", "サルコイド", "血管炎", "IgG4",
        "MAC症", "放射線肺臓",
        "肺臓炎", "膿胸", "寄生虫", "多発血管炎", "気管支炎", "細気管支", "塞栓症", "梗塞", "出血", "じん肺", "塵肺", "珪肺", "好酸球",
        "リウマチ結節", "コロナ",
        "COVID",
    ]
    /// Inflammation that goes with a tumour.
    static let inflammationOfTumour: WordList = ["閉塞性肺炎", "炎症細胞", "炎症瘢痕", "放射線肺臓"]
    static let lungMetastasis: WordList = [
        "肺転移", "転移性肺", "転移性結節", "転移性腫瘍", "多発転移", "metastases", "metastasis", "血行性転移", "転移巣",
    ]
    static let surgery: WordList = [
        "術後", "切除後", "摘出後", "手術後", "全摘", "葉切", "区域切除", "部分切除", "切除術", "摘除後", "lobectomy", "切除され",
        "切除断端", "断端",
    ]
    /// Treatment that takes the tumour out.
    static let resection: WordList = ["術後", "切除後", "摘出後", "手術後", "根治後"]
    static let recurrence: WordList = ["再発", "再燃", "再増大", "recurrence"]

    // MARK: - What was examined

    static let otherRegion: WordList = [
        "頭部", "脳MR", "脳CT", "脳造影", "脳実質", "骨シンチ", "腹部", "骨盤", "腰椎", "頸椎", "頚椎", "胸椎MR", "脊椎MR",
        "全脊椎", "膝", "肩関節", "股関節", "足関節",
        "手関節", "超音波", "エコー", "内視鏡", "乳腺", "マンモ", "甲状腺", "頸部", "頚部", "上肢", "下肢", "四肢", "心臓MR", "冠動脈",
        "副鼻腔", "眼窩", "前立腺MR", "下垂体",
        "MRCP", "注腸", "胃透視", "肝MR", "肝臓MR", "肝ダイナミック", "骨塩", "骨シン", "大腸", "脳血流",
    ]
    static let chest: WordList = [
        "胸部", "胸腹部", "胸~", "胸-", "頸胸", "頚胸", "肺野", "全身", "PET", "体幹", "縦隔", "気管支", "肺門", "上葉", "中葉",
        "下葉", "舌区", "右肺", "左肺",
        "両肺", "肺尖", "肺底", "胸写", "CXR", "胸膜", "胸腔", "肺実質", "残存肺", "肺内", "肺病変", "肺結節", "肺腫瘤", "チェスト",
        "chest", "Chest", "肺に",
        "肺は", "肺：", "肺:", "RUL", "RML", "RLL", "LUL", "LLL", "胸CT",
    ]
    /// What makes the place before it part of a name, as in 右上葉肺癌.
    static let namesPlace: WordList = [
        "肺癌", "癌", "切除", "原発", "肺腺癌", "術後", "がん", "肺がん", "小細胞", "扁平", "肺扁平", "肺小細胞", "腺癌", "肺切除",
    ]
    static let harmlessOrgan: WordList = [
        "嚢胞", "腺腫", "血管腫", "脂肪肝", "結石", "胆石", "過形成", "陳旧性", "骨島", "圧迫骨折", "変性", "筋腫", "肝硬変", "ポリープ",
    ]
}
