// SPDX-License-Identifier: Apache-2.0

extension AssertionCorpus {
    /// Of the kinds that the rules got wrong in `Benchmarks/mentions/first-look`.
    static let mended: [(style: String, texts: [String])] = [
        (
            "lacking and received",
            [
                "⟦neg:項部硬直⟧を欠く。",
                "典型的な⟦neg:皮疹⟧を欠いていた。",
                "⟦neg:意識障害⟧・⟦neg:痙攣⟧のいずれも欠いていた。",
                "⟦neg:頭痛⟧を欠くことが多いが、本例では⟦pos:発熱⟧を認めた。",
                "⟦neg:腎障害⟧の指摘を受けたことはない。",
                "健診で⟦pos:高血圧⟧の指摘を受けた。",
                "これまで⟦neg:喘息⟧と診断を受けたことはない。",
                "⟦neg:心雑音⟧の指摘を受けていない。",
            ]
        ),
        (
            "little and not fitting",
            [
                "⟦neg:甲状腺機能低下症⟧の関与は乏しいと判断した。",
                "⟦neg:悪性腫瘍⟧を疑う根拠に乏しい。",
                "画像上⟦neg:間質性肺炎⟧には合致しない。",
                "⟦neg:膠原病⟧は合致せず、経過を観察した。",
                "⟦sus:サルコイドーシス⟧に合致する所見であった。",
                "⟦neg:痛風⟧の臨床像とは一致しない。",
            ]
        ),
        (
            "differentials",
            [
                "鑑別として⟦sus:悪性リンパ腫⟧、⟦sus:結核性リンパ節炎⟧を挙げた。",
                "鑑別には⟦sus:肺癌⟧や⟦sus:器質化肺炎⟧が挙がる。",
                "鑑別診断として⟦sus:胆管癌⟧、⟦sus:IgG4関連疾患⟧などを考える。",
            ]
        ),
        (
            "questions and arrows in lists",
            [
                "⟦neg:せん妄⟧の有無：無　⟦pos:不眠⟧の有無：有",
                "⟦neg:しびれ⟧の訴え：なし",
                "⟦neg:冷感⟧→なし　⟦pos:しびれ⟧→あり",
                "⟦neg:発赤⟧＝なし、⟦pos:腫脹⟧＝あり",
            ]
        ),
        (
            "boxes",
            [
                "□⟦neg:発疹⟧ ☑⟦pos:褥瘡⟧ □⟦neg:乾燥⟧",
                "⟦neg:発疹⟧□ ⟦pos:褥瘡⟧☑ ⟦neg:乾燥⟧□",
                "■⟦pos:咳嗽⟧ □⟦neg:喀痰⟧ □⟦neg:胸痛⟧",
            ]
        ),
        (
            "people who speak of themselves, and staff",
            [
                "妻「私が⟦fam:腰痛⟧なので家での介助は難しい」と話す。",
                "長女より「私も⟦fam:喘息⟧があって」と話あり。",
                "担当看護師が⟦oth:インフルエンザ⟧で休職中。",
                "主治医は⟦oth:肺炎⟧のため休みで、代診となる。",
                "看護師が⟦pos:発赤⟧を発見した。",
                "医師が⟦pos:肺炎⟧で入院が必要と説明した。",
            ]
        ),
        (
            "drugs left out",
            [
                "本日の⟦notgiven:降圧薬⟧はスキップした。",
                "⟦notgiven:ロキソニン⟧は処方されたが飲んでいない。",
                "⟦notgiven:マグミット⟧を処方されているが、内服していない。",
                "⟦stopped:アムロジピン⟧d/c、⟦given:カンデサルタン⟧8mg開始。",
                "⟦notgiven:インスリン⟧は指示があったが打たず。",
                "⟦given:アムロジピン⟧は処方どおり内服しており、飲み忘れはない。",
                "⟦notgiven:造影剤⟧の使用は差し控えた。",
            ]
        ),
        (
            "appearing, and lists asked of the past",
            [
                "⟦neg:むせ⟧は見受けられず、全量摂取した。", "体動時の⟦neg:息切れ⟧もあらわれず歩行できた。", "期間中⟦neg:不整脈⟧は記録されなかった。",
                "⟦neg:悪性所見⟧は証明されなかった。", "⟦neg:幻聴⟧を体験することはない。", "⟦neg:胸部不快⟧を覚えることなく帰室した。",
                "既往に⟦neg:結核⟧、⟦neg:喘息⟧、⟦neg:心疾患⟧はない。", "右上葉に⟦pos:結節⟧、⟦neg:胸水⟧なし。",
            ]
        ),
        (
            "when it is strong",
            [
                "⟦cond:吐き気⟧強いときはナースコールするよう伝えた。", "⟦cond:痛み⟧が強い時は頓用を使う。", "⟦cond:咳⟧がひどい場合は連絡を。",
                "⟦pos:痛み⟧が強い時があった。", "⟦pos:痛み⟧が強く眠れない。",
            ]
        ),
        (
            "people of the ward",
            ["隣室の方が⟦oth:胃腸炎⟧と診断された。", "同室の方が⟦oth:咳⟧をしている。"]
        ),
        (
            "wrapped lines",
            [
                "両側に⟦neg:結節⟧や⟦neg:浸潤影⟧は指摘で\nきません。⟦neg:胸水⟧もみら\nれません。",
                "夜間⟦neg:せん妄⟧\nなし。\n⟦neg:自己抜去⟧\nなし。",
                "⟦neg:脳出血⟧は除\n外された。",
                "⟦stopped:ワーファリン⟧は手術\nのため休\n薬中。",
                "⟦neg:頭痛⟧、⟦neg:嘔気⟧、\n⟦neg:嘔吐⟧はなし。", "⟦neg:発熱⟧の訴えもな\nし。",
            ]
        ),
        (
            "lists after a time or a place",
            [
                "入院時より⟦neg:頭痛⟧、⟦neg:嘔気⟧、⟦neg:嘔吐⟧はなし。", "帰室時より⟦neg:嘔気⟧、⟦neg:頭痛⟧なし。",
                "経過中に⟦neg:発熱⟧、⟦neg:悪寒⟧、⟦neg:呼吸困難⟧なし。", "昨日より⟦pos:発熱⟧、⟦neg:咳嗽⟧なし。",
                "今朝から⟦neg:倦怠感⟧、⟦neg:食思不振⟧、⟦neg:悪寒⟧はない。",
                "右上葉に⟦pos:結節⟧、⟦neg:リンパ節腫大⟧、⟦neg:胸水⟧なし。",
                "数日前から⟦pos:咳嗽⟧、⟦pos:喀痰⟧、⟦pos:微熱⟧が続く。",
            ]
        ),
        (
            "one rather than another",
            [
                "⟦neg:転移⟧というよりは⟦sus:血管腫⟧を考えます。", "⟦neg:結核⟧よりも⟦sus:肺癌⟧を疑う。",
                "⟦pos:頭痛⟧よりも⟦pos:腰痛⟧がつらい。",
            ]
        ),
        (
            "marks of tables, counts and conditions",
            [
                "⟦neg:発熱⟧：×　⟦pos:咳⟧：○", "⟦neg:嘔吐⟧0回、⟦pos:下痢⟧3回", "⟦cond:ふらつき⟧あれば歩行器を使用。",
                "⟦gen:深部静脈血栓症⟧評価のためエコー予定。", "⟦cond:腹痛⟧が強くなるときには連絡を。",
                "⟦gen:イレウス⟧かどうかレントゲンで確認予定。",
            ]
        ),
        (
            "drugs that were offered, left or never begun",
            [
                "⟦notgiven:カロナール⟧内服すすめるが「いらない」と断られる。", "⟦notgiven:リツキシマブ⟧の投与には至らなかった。",
                "⟦notgiven:フロセミド⟧は血圧低く見合わせ。", "⟦stopped:テグレトール⟧は半年前に飲むのをやめている。",
                "⟦notgiven:ワクチン⟧未接種。", "⟦notgiven:デパス⟧を希望されたが渡していない。",
                "⟦notgiven:インスリン⟧は食事が摂れないためなしとする。",
            ]
        ),
        (
            "what shows a finding",
            [
                "⟦neg:大動脈解離⟧を示す内膜フラップは確認できない。", "⟦neg:出血⟧を示す高吸収域は認めない。",
                "⟦pos:炎症⟧を示す脂肪織濃度上昇を認める。",
            ]
        ),
        (
            "neighbours, limits and marks without a gap",
            [
                "隣のベッドの方が⟦oth:水痘⟧と診断された。", "同室者に⟦oth:嘔吐⟧・⟦oth:下痢⟧あり。",
                "同様の⟦neg:発疹⟧を訴える者はいない。", "38.0℃以上の⟦cond:発熱⟧で医師へ報告の指示あり。",
                "38.0℃以上の⟦pos:発熱⟧が3日続いた。", "38.0℃以上の⟦pos:発熱⟧で受診したと報告あり。",
                "⟦neg:腫脹⟧無 ⟦neg:熱感⟧無 ⟦pos:発赤⟧有", "⟦neg:転移⟧よりも炎症後変化を考えます。",
                "⟦sus:肺炎⟧としては非典型的です。", "有症状:⟦pos:倦怠感⟧ 無症状:⟦neg:発熱⟧、⟦neg:咳嗽⟧",
            ]
        ),
        (
            "two of which one is thought likelier, and thoughts that stay open",
            [
                "⟦sus:脂肪肝⟧＞⟦sus:転移⟧", "右胸水：⟦sus:結核性胸膜炎⟧ vs. ⟦sus:悪性中皮腫⟧。",
                "⟦sus:せん妄⟧になりかけているのかもしれない。", "早期の⟦sus:肺癌⟧も完全には除けません。",
                "⟦sus:真菌症⟧も頭の片隅に置いておく。", "⟦sus:サルコイドーシス⟧が想起されたが、確定には至っていない。",
                "⟦sus:認知症⟧によるものなのか判断がつかない。",
            ]
        ),
        (
            "what is known of a disease, and what may come",
            [
                "⟦cond:薬剤性肺障害⟧は一般に高齢者に好発する。", "教科書によれば⟦cond:下腿浮腫⟧がみられるとされる。",
                "⟦cond:肝不全⟧が国内で5例報告されている。", "この薬では⟦cond:大腸炎⟧、⟦cond:重症筋無力症⟧などが起こり得ます。",
                "本邦では稀な⟦pos:妊娠黄疸⟧の一症例を経験したので報告する。", "⟦pos:抑うつ状態⟧をきたした1例を報告した。",
                "右上葉に⟦pos:結節⟧を認め、3か月後の再検が推奨される。", "前医で⟦pos:肝腫瘤⟧が報告されている。",
                "副作用として⟦pos:悪心⟧が出現したため、休薬を説明した。",
                "⟦cond:口内炎⟧が高い頻度で起こるので説明した。", "⟦cond:下痢⟧が1日4回を超えたら服用する。",
                "⟦cond:皮下気腫⟧が広がる→マーキング", "HR120以上の⟦cond:頻脈⟧でECG",
                "生検に伴う合併症として⟦cond:気胸⟧（1%程度）、⟦cond:出血⟧などがあり得る。",
                "テレビで⟦cond:糖尿病⟧は遺伝するって言ってたから。",
            ]
        ),
        (
            "others who speak or sit beside",
            [
                "夫より「私も心臓が悪くて、⟦fam:狭心症⟧なんです」との話。", "家人に⟦fam:結核⟧の罹患者あり。",
                "友だちは⟦oth:間質性肺炎⟧になった。", "隣席の方が⟦oth:嘔吐⟧された。", "上の子が⟦fam:インフルエンザ⟧と言われた。",
            ]
        ),
        (
            "what is asked, listed or told as possible",
            [
                "⟦cond:発熱⟧や⟦cond:息切れ⟧の増悪があれば連絡するよう説明。",
                "⟦cond:発熱⟧、⟦cond:息苦しさ⟧のいずれかがあれば電話するよう説明。",
                "副作用として⟦cond:下痢⟧、⟦cond:脱毛⟧があることを説明。", "中止基準：安静時⟦cond:胸痛⟧、⟦cond:めまい⟧",
                "今後、⟦cond:黄疸⟧が出るようでしたら再検をお勧めします。", "⟦cond:足趾の色調不良⟧を4時間毎に確認すること。",
                "先行報告では剖検例の3割に⟦cond:肺膿瘍⟧を認めている。", "⟦neg:幻聴⟧も語られない。",
                "⟦neg:皮疹⟧や⟦neg:下痢⟧を含め副作用は認めなかった。",
            ]
        ),
        (
            "orders behind a limit, many who have it",
            [
                "・⟦cond:発熱⟧38.5℃以上：アセトアミノフェン500mg内服", "低血糖時は⟦planned:ブドウ糖⟧10g内服。",
                "不眠時）⟦planned:レンボレキサント⟧5mg 1錠", "当病棟で⟦cond:ノロウイルス胃腸炎⟧の患者が2名出ている。",
                "保育園で⟦cond:手足口病⟧が流行している。", "担当PTが⟦oth:インフルエンザ⟧で休み。",
                "⟦notgiven:抗血栓薬⟧の服用歴はない。", "⟦notgiven:NSAIDs⟧内服は使用しない旨指示あり。",
            ]
        ),
        (
            "neighbours by a letter, relatives who died",
            [
                "4号室のBさんが⟦oth:転倒⟧した。", "同室のA氏は昨晩⟦oth:せん妄⟧で大声をあげていた。", "母を⟦fam:胃がん⟧で亡くしている。",
                "妻自身も⟦fam:不眠⟧で通院している。",
            ]
        ),
        (
            "a heading of drugs before a list",
            ["禁忌:⟦allergy:セフェム系⟧、⟦allergy:ヨード造影剤⟧。常用薬は⟦given:ニフェジピン⟧。"]
        ),
        (
            "denials of the ward",
            [
                "⟦neg:皮下気腫⟧の触知なし。", "⟦neg:項部硬直⟧は一貫して陰性であった。", "下肢の⟦neg:浮腫⟧はマイナス。",
            ]
        ),
        (
            "drugs that were begun and stopped, or only named",
            [
                "⟦stopped:エナラプリル⟧を開始したが、⟦pos:咳嗽⟧が出現したため中止した。",
                "⟦stopped:ミノサイクリン⟧を投与し、3日目に⟦pos:肝障害⟧を認め中止した。",
                "⟦given:シスプラチン⟧投与後、輸液を中止した。", "⟦given:ニボルマブ⟧を投与し、中止後も効果が続いた。",
                "⟦notgiven:ガバペンチン⟧導入は本人が希望せず行わなかった。",
                "⟦notgiven:ゲフィチニブ⟧は候補に挙がったが採用しなかった。", "⟦planned:S-1⟧への変更を検討する。",
                "⟦notgiven:ステロイド⟧の投与は行っていない。", "⟦given:ステロイド⟧の投与を行っている。",
            ]
        ),
        (
            "lists that are gathered, or hold items that are no mention",
            [
                "⟦neg:性器出血⟧、規則的な⟦neg:腹部緊満⟧、胎動減少のいずれの訴えもない。",
                "⟦neg:発熱⟧、胎動減少、⟦neg:嘔吐⟧を認めず。", "肝に⟦neg:腫瘤⟧、⟦neg:石灰化⟧、結石を認めない。",
                "⟦pos:肺癌⟧は最大径31mmで、隣接血管への浸潤はなく、境界は明瞭。",
            ]
        ),
        (
            "diagnoses that were given up, and questions between two",
            [
                "前医では⟦neg:肺膿瘍⟧とされていたが、この診断は誤りと判明し、⟦pos:肺放線菌症⟧が確定した。",
                "⟦sus:帯状疱疹⟧か⟦sus:単純疱疹⟧か、皮膚科へ相談。", "⟦neg:DVT⟧はルールアウトされた。",
                "⟦gen:DVT⟧のルールアウト目的で下肢エコー。", "⟦pos:血小板減少⟧の犯人はバンコマイシンではなくリネゾリドであった。",
                "⟦gen:再出血⟧のおそれあり安静を保持。",
            ]
        ),
        (
            "others beside the patient, by where they are",
            [
                "向かいのベッドの方が⟦oth:疥癬⟧と診断された。", "同じ部屋の入居者さんに⟦oth:嘔吐⟧があった。",
                "隣の席の生徒が⟦oth:インフルエンザ⟧で早退。",
            ]
        ),
        (
            "drugs that were skipped or held",
            [
                "21時、左肩の⟦pos:痛み⟧の訴えあり、⟦given:カロナール⟧500mg内服。",
                "⟦notgiven:ブロチゾラム⟧は飲みたくないと拒否された。", "⟦notgiven:ブロチゾラム⟧与薬できず。",
                "⟦stopped:ダパグリフロジン⟧は絶食中のためhold。", "⟦notgiven:オルメサルタン⟧は血圧92のためスキップ。",
                "⟦stopped:エリキュース⟧中止しており、本日も未再開。",
            ]
        ),
        (
            "polite denials, answers and plans",
            [
                "⟦neg:転倒⟧は前回訪問以降一度も起こしておられません。",
                "⟦neg:嘔気⟧は出ていらっしゃらない。",
                "⟦neg:乳頭癌⟧とは判断されず、経過をみる。",
                "⟦planned:エプレレノン⟧の開始は次回検討。",
            ]
        ),
        (
            "complaints that are sentences of their own",
            [
                "⟦pos:頭が痛い⟧が、⟦neg:吐き気⟧はない。",
                "⟦pos:痛い⟧けど、⟦neg:吐き気⟧はない。",
                "⟦pos:手がしびれる⟧が⟦neg:脱力⟧はない。",
                "⟦pos:足がむくんで⟧いて、⟦neg:息切れ⟧はない。",
                "⟦neg:頭は痛く⟧ない。",
                "⟦cond:お腹が痛い⟧ときはコールするよう説明。",
                "⟦neg:むくみ⟧、⟦neg:息切れ⟧、⟦neg:動悸⟧、どれもないとのこと。",
            ]
        ),
        (
            "unknown items, changes that are not made, relatives who have it, too",
            [
                "⟦neg:圧迫骨折⟧、⟦neg:すべり症⟧、⟦neg:脊椎分離⟧はいずれも認めません。",
                "⟦given:セフェピム⟧で治療継続、⟦notgiven:メロペネム⟧への変更はせず。",
                "⟦allergy:ペニシリン⟧に対しアレルギー歴あり。",
                "次男も⟦fam:腰椎症⟧があり、おむつ交換は長くできないと話す。",
            ]
        ),
    ]
}
