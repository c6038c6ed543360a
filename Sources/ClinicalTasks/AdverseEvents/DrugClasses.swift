// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Classes of drugs by which reports name a culprit that they named before: ACE阻害薬の副作用, ジギタリス中毒.
///
/// Members are told by the stems of their generic names (WHO, "The use of stems in the selection of INN"), where a
/// class has one, otherwise by their names.
struct DrugClass {
    /// What the class is called.
    let names: WordList
    /// Parts of the names of its members.
    let members: WordList

    /// Whether a drug of this name belongs to the class.
    func holds(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        return members.occurs(in: scalars, scalars.indices)
    }

    /// Whether a drug belongs to the class, by its name in the text or its standard name.
    func holds(_ drug: Int, of entities: [Entity]) -> Bool {
        [entities[drug].span.surface, entities[drug].normalized].compactMap { $0 }
            .contains(where: holds)
    }

    /// The class that a text names at a place, and the place of its name.
    static func named(in scalars: [Unicode.Scalar], at place: Int, end: Int)
        -> (drugs: DrugClass, range: Range<Int>)?
    {
        all.compactMap { drugs in
            drugs.names.match(in: scalars, at: place, end: end).map { (drugs, $0) }
        }.max { $0.1.count < $1.1.count }
    }

    /// The class of immune checkpoint inhibitors, whose reactions have a name of their own (irAE).
    static let checkpointInhibitors = DrugClass(
        [
            "免疫チェックポイント阻害薬", "免疫チェックポイント阻害剤", "ICI", "免疫関連", "免疫介在性", "抗PD-1抗体", "抗PD-L1抗体",
        ],
        [
            "ニボルマブ", "ペムブロリズマブ", "アテゾリズマブ", "デュルバルマブ", "アベルマブ", "イピリムマブ", "トレメリムマブ", "セミプリマブ",
        ])

    private init(_ names: WordList, _ members: WordList) {
        self.names = names
        self.members = members
    }

    private static let antibiotics: WordList = [
        "セフ", "シリン", "フロキサシン", "マイシン", "ペネム", "サイクリン", "リネゾリド", "バンコ", "アズトレオナム", "スルバクタム", "ST合剤",
        "メトロニダゾール", "LVFX", "CTRX", "CEZ", "ABPC", "PIPC", "MEPM", "VCM", "CAM", "AZM", "CLDM",
        "AMPC", "MINO",
    ]

    static let all: [DrugClass] = [
        DrugClass(["ACE阻害薬", "ACE阻害剤", "ACEI", "アンジオテンシン変換酵素阻害薬"], ["プリル"]),
        DrugClass(["ARB", "アンジオテンシンII受容体拮抗薬"], ["サルタン"]),
        DrugClass(["カルシウム拮抗薬", "Ca拮抗薬", "Ca拮抗剤", "CCB"], ["ジピン", "ジルチアゼム", "ベラパミル"]),
        DrugClass(["β遮断薬", "ベータ遮断薬", "βブロッカー", "βブロッカ"], ["ロール"]),
        DrugClass(["サイアザイド", "チアジド", "サイアザイド系利尿薬"], ["チアジド", "インダパミド"]),
        DrugClass(["スタチン", "HMG-CoA還元酵素阻害薬"], ["スタチン"]),
        DrugClass(["フィブラート", "フィブラート系"], ["フィブラート"]),
        DrugClass(["DPP-4阻害薬", "DPP-4阻害剤", "DPP4阻害薬", "DPP-4i"], ["グリプチン"]),
        DrugClass(["SGLT2阻害薬", "SGLT2阻害剤", "SGLT2i"], ["グリフロジン"]),
        DrugClass(["ビグアナイド", "ビグアナイド系"], ["メトホルミン", "ブホルミン"]),
        DrugClass(["SU薬", "SU剤", "スルホニル尿素薬"], ["グリメピリド", "グリベンクラミド", "グリクラジド"]),
        DrugClass(
            ["インスリン", "インスリン製剤"], ["インスリン", "グラルギン", "リスプロ", "アスパルト", "デグルデク", "デテミル"]),
        DrugClass(["PPI", "プロトンポンプ阻害薬", "プロトンポンプインヒビター"], ["プラゾール", "ボノプラザン"]),
        DrugClass(
            ["NSAIDs", "NSAID", "非ステロイド性抗炎症薬", "非ステロイド性消炎鎮痛薬", "消炎鎮痛薬"],
            [
                "プロフェン", "フェナク", "セレコキシブ", "コキシブ", "インドメタシン", "ナプロキセン", "アスピリン", "メロキシカム", "ピロキシカム",
                "エトドラク", "メフェナム酸",
            ]),
        DrugClass(
            ["オピオイド", "麻薬性鎮痛薬"],
            ["モルヒネ", "オキシコドン", "フェンタニル", "ヒドロモルフォン", "トラマドール", "コデイン", "タペンタドール", "メサドン"]),
        DrugClass(
            ["ステロイド", "副腎皮質ステロイド", "グルココルチコイド"],
            ["プレドニ", "デキサメタゾン", "ベタメタゾン", "ヒドロコルチゾン", "PSL", "mPSL", "DEX", "ステロイド"]),
        DrugClass(
            ["SSRI", "選択的セロトニン再取り込み阻害薬"], ["パロキセチン", "セルトラリン", "フルボキサミン", "エスシタロプラム"]),
        DrugClass(["SNRI"], ["デュロキセチン", "ベンラファキシン", "ミルナシプラン"]),
        DrugClass(["三環系抗うつ薬", "三環系"], ["ミプラミン", "トリプチリン", "アモキサピン"]),
        DrugClass(
            ["ベンゾジアゼピン", "ベンゾジアゼピン系", "ベンゾジアゼピン系薬", "BZD", "BZ系"],
            ["ゼパム", "ゾラム", "チゾラム", "エチゾラム", "クロチアゼパム", "クロバザム"]),
        DrugClass(
            ["抗精神病薬", "神経遮断薬", "定型抗精神病薬", "非定型抗精神病薬"],
            [
                "ハロペリドール", "リスペリドン", "オランザピン", "クエチアピン", "アリピプラゾール", "ブロナンセリン", "パリペリドン", "プロマジン",
                "プロメタジン", "クロザピン", "ペロスピロン", "アセナピン", "スルピリド",
            ]),
        DrugClass(
            ["抗てんかん薬", "抗けいれん薬"],
            [
                "カルバマゼピン", "フェニトイン", "バルプロ酸", "ラモトリギン", "レベチラセタム", "ゾニサミド", "フェノバルビタール", "ラコサミド",
                "ペランパネル", "トピラマート", "VPA", "CBZ", "PHT",
            ]),
        DrugClass(["抗甲状腺薬"], ["チアマゾール", "プロピルチオウラシル", "MMI", "PTU"]),
        DrugClass(["ジギタリス", "ジギタリス製剤", "強心配糖体"], ["ジゴキシン", "ジギトキシン", "メチルジゴキシン", "デスラノシド"]),
        DrugClass(
            ["造影剤", "ヨード造影剤", "ガドリニウム造影剤", "ガドリニウム製剤"],
            ["イオパミドール", "イオヘキソール", "イオメプロール", "イオプロミド", "イオベルソール", "ガド"]),
        checkpointInhibitors,
        DrugClass(
            ["TNF阻害薬", "抗TNF-α抗体", "抗TNFα抗体", "TNF-α阻害薬", "TNFα阻害薬", "抗TNF製剤"],
            ["インフリキシマブ", "アダリムマブ", "エタネルセプト", "ゴリムマブ", "セルトリズマブ"]),
        DrugClass(
            ["ビスホスホネート", "ビスホスホネート製剤", "BP製剤", "骨吸収抑制薬", "MRONJ", "薬剤関連顎骨壊死"],
            ["ドロン酸", "ドロネート", "ドロン酸ナトリウム", "デノスマブ"]),
        DrugClass(["ヘパリン", "HIT"], ["ヘパリン", "パリン"]),
        DrugClass(["抗凝固薬", "DOAC"], ["キサバン", "ワルファリン", "ダビガトラン", "ヘパリン", "パリンナトリウム"]),
        DrugClass(
            ["抗菌薬", "抗生剤", "抗生物質", "抗菌剤"], antibiotics),
        DrugClass(
            ["セフェム系", "セフェム", "セファロスポリン", "セフェム系抗菌薬"], ["セフ", "CTRX", "CEZ", "CTX", "CFPM"]),
        DrugClass(["ペニシリン系", "ペニシリン", "ペニシリン系抗菌薬"], ["シリン", "ABPC", "AMPC", "PIPC"]),
        DrugClass(
            ["キノロン", "ニューキノロン", "キノロン系", "ニューキノロン系", "キノロン系抗菌薬", "フルオロキノロン"],
            ["フロキサシン", "LVFX", "CPFX"]),
        DrugClass(["マクロライド", "マクロライド系"], ["スロマイシン", "エリスロマイシン", "アジスロマイシン", "CAM", "AZM"]),
        DrugClass(
            ["アミノグリコシド", "アミノグリコシド系", "アミノ配糖体"],
            ["ゲンタマイシン", "アミカシン", "トブラマイシン", "カナマイシン", "ストレプトマイシン", "アルベカシン"]),
        DrugClass(["テトラサイクリン系", "テトラサイクリン"], ["サイクリン", "MINO", "DOXY"]),
        DrugClass(["ピボキシル基含有抗菌薬", "ピボキシル基を有する抗菌薬", "ピボキシル基含有抗生剤", "ピボキシル基"], ["ピボキシル"]),
        DrugClass(["抗結核薬"], ["イソニアジド", "リファンピシン", "エタンブトール", "ピラジナミド", "INH", "RFP", "EB", "PZA"]),
        DrugClass(
            ["甘草", "グリチルリチン", "グリチルリチン酸", "甘草含有製剤", "カンゾウ"],
            [
                "甘草", "グリチルリチン", "抑肝散", "小青竜湯", "葛根湯", "補中益気湯", "六君子湯", "防風通聖散", "加味逍", "人参養栄湯",
                "十全大補湯",
                "柴苓湯", "小柴胡湯", "麦門冬湯",
            ]),
        DrugClass(["漢方薬", "漢方", "漢方製剤"], ["湯", "散", "丸"]),
        DrugClass(["リチウム"], ["リチウム"]),
        // What a prodrug becomes.
        DrugClass(["アシクロビル"], ["シクロビル"]),
        DrugClass(["ガンシクロビル"], ["ガンシクロビル"]),
        DrugClass(["フルオロウラシル"], ["5-FU", "カペシタビン", "S-1", "テガフール"]),
        DrugClass(["ワクチン"], ["ワクチン"]),
        DrugClass(["カルシニューリン阻害薬", "CNI"], ["シクロスポリン", "タクロリムス"]),
        DrugClass(["mTOR阻害薬"], ["ロリムス"]),
        DrugClass(["EGFR-TKI", "EGFR阻害薬"], ["チニブ"]),
        DrugClass(["チロシンキナーゼ阻害薬", "TKI"], ["チニブ"]),
        DrugClass(["タキサン", "タキサン系"], ["タキセル"]),
        DrugClass(["アントラサイクリン", "アントラサイクリン系"], ["ルビシン", "DXR", "ADM", "EPI"]),
        DrugClass(["フッ化ピリミジン", "フッ化ピリミジン系"], ["5-FU", "カペシタビン", "S-1", "フルオロウラシル", "テガフール"]),
        DrugClass(["白金製剤", "プラチナ製剤", "白金系"], ["プラチン", "CDDP", "CBDCA", "L-OHP"]),
        DrugClass(["コリンエステラーゼ阻害薬", "抗コリンエステラーゼ薬"], ["ドネペジル", "リバスチグミン", "ガランタミン", "ジスチグミン"]),
        DrugClass(
            ["抗コリン薬"],
            ["ソリフェナシン", "プロピベリン", "トルテロジン", "オキシブチニン", "イミダフェナシン", "ブチルスコポラミン", "トリヘキシフェニジル"]),
        DrugClass(["ループ利尿薬"], ["フロセミド", "アゾセミド", "トラセミド"]),
    ]
}
