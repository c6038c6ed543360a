// SPDX-License-Identifier: Apache-2.0

extension AssertionCorpus {
    /// Of the kinds that the rules got wrong in `Benchmarks/mentions/twentyfirst-look`.
    static let records: [(style: String, texts: [String])] = [
        (
            "boxes to tick",
            [
                "☑⟦pos:咳嗽⟧　☐⟦neg:喀痰⟧　☐⟦neg:発熱⟧", "該当に印：☐⟦neg:失神⟧ ☐⟦neg:胸痛⟧",
                "[ ]⟦neg:腹痛⟧ [x]⟦pos:嘔気⟧",
                "☑⟦neg:発熱⟧なし ☑⟦pos:咳⟧あり", "⟦neg:めまい⟧☐ ⟦pos:動悸⟧☑",
            ]
        ),
        (
            "lists below a heading, lists above an answer",
            [
                "下記の疾患はいずれもなし\n・⟦neg:喘息⟧\n・⟦neg:てんかん⟧\n血圧 120/70\n⟦pos:咳嗽⟧",
                "以下の合併症はみられず\n1. ⟦neg:創感染⟧\n2. ⟦neg:肺炎⟧", "現時点で以下の毒性は認めていない\n・⟦neg:口内炎⟧\n・⟦neg:下痢⟧",
                "次の既往なし：\n　・⟦neg:緑内障⟧",
                "以下の症状を訴える\n・⟦pos:頭痛⟧\n・⟦pos:嘔気⟧", "・⟦neg:口渇⟧\n・⟦neg:多尿⟧\n上記の自覚症状はすべてなし。",
                "退院指導\n①⟦cond:高血糖⟧が悪化し入院となる恐れがある\n本人に⟦pos:腰痛⟧あり。",
            ]
        ),
        (
            "mother and child, donors, neighbours, staff",
            [
                "産褥3日目。児は⟦fam:黄疸⟧のため光線療法中。母体は⟦pos:貧血⟧あり。", "日齢3の女児。児に⟦pos:黄疸⟧あり。",
                "経産婦。育児に⟦pos:不安⟧が強い。", "ドナー：長兄 60歳。⟦oth:高血圧⟧あるも腎機能良好。\nレシピエントに⟦pos:腎性貧血⟧あり。",
                "隣室412号の患者に⟦oth:疥癬⟧が判明した。", "パートナーに⟦oth:梅毒⟧あり。", "介護士2名に⟦oth:咳嗽⟧あり、検査を受けた。",
                "看護師にも⟦oth:腹痛⟧と⟦oth:下痢⟧がみられた。", "看護師にも⟦pos:腹痛⟧を訴えた。", "看護師2名で⟦pos:発赤⟧を確認した。",
                "叔父が今朝から⟦fam:発熱⟧で⟦fam:咳⟧もあるとのこと。",
            ]
        ),
        (
            "orders and explanations",
            [
                "【包括指示】\n・⟦cond:不眠⟧：⟦planned:ブロチゾラム⟧ 0.25mg\n・⟦cond:低血糖⟧（60以下）：⟦planned:ブドウ糖液⟧ 20mL 静注",
                "術後指示\n1) ⟦cond:疼痛⟧：⟦planned:ロキソプロフェン⟧60mg 内服、6時間あける",
                "⟦cond:嘔気⟧時指示：⟦planned:メトクロプラミド⟧10mg",
                "1) ⟦pos:高血圧⟧：⟦given:アムロジピン⟧ 5mg", "造影検査の説明：発疹が出ることがある、まれに⟦cond:ショック⟧も、と話す。",
                "IC内容\n・ごくまれに⟦cond:脳梗塞⟧を発症する\n・病名は⟦pos:胃潰瘍⟧である",
                "飲みすぎると⟦cond:低血糖⟧となり⟦cond:意識障害⟧を招く恐れがある。",
                "飲みすぎると⟦pos:低血糖⟧になったことがある。",
                "打って食べないでいると⟦cond:低血糖⟧になり、⟦cond:冷汗⟧が出ることがあると指導した。",
                "傷が開いたり、⟦cond:膿⟧が出たりしたら連絡するよう説明。", "頭が痛んだり、⟦pos:嘔気⟧が出たりしている。",
                "⟦cond:食道炎⟧を来すと痛みが出るため、早めに申し出るよう指導。", "歩くと⟦pos:胸痛⟧が出現し、⟦sus:狭心症⟧の可能性がある。",
                "まれに⟦pos:動悸⟧を自覚する。",
                "夜に⟦cond:腹痛⟧や激しい⟦cond:嘔吐⟧が出たら受診するよう伝えた。",
            ]
        ),
        (
            "thoughts of fear and where a pain lies",
            ["⟦sus:穿孔⟧が危惧され緊急で撮影した。", "⟦pos:帯状疱疹⟧の部位に一致した⟦pos:痛み⟧を訴える。", "⟦neg:膵炎⟧を示す所見は得られなかった。"]
        ),
        (
            "drugs that were not come to",
            [
                "⟦notgiven:ハロペリドール⟧の筋注は抵抗が強く実施に至らず。", "⟦notgiven:メサドン⟧への変更は見送り。",
                "⟦given:トラマドール⟧から⟦notgiven:メサドン⟧への切り替えを見送った。", "朝の⟦notgiven:グリメピリド⟧は検査のため欠薬。",
                "⟦notgiven:エドキサバン⟧は主治医の指示で保留。", "⟦notgiven:シグマート⟧投与は当直医の指示で保留。",
                "⟦given:フロセミド⟧内服を継続し、手術は延期。", "⟦given:カルシウム製剤⟧を内服できている。",
                "⟦notgiven:カルシウム製剤⟧を内服できず。",
                "⟦notgiven:ゾレドロン酸⟧は歯科治療まで先送り。", "⟦stopped:リバーロキサバン⟧は3日前より休んでいる。",
                "⟦planned:ニンテダニブ⟧も提示した。", "⟦given:ビソプロロール⟧は予定どおり内服した。",
                "⟦planned:ビソプロロール⟧は明日から内服予定。",
            ]
        ),
        (
            "words cut by wrapped lines",
            [
                "心不全は安定している。ただし⟦pos:廃用症候\n群⟧が進み、介助を要する。", "入院後は⟦neg:痙攣発作⟧を認めることな\nく経過した。",
                "⟦given:プレドニゾ\nロン⟧を内服している。",
            ]
        ),
    ]
}
