// SPDX-License-Identifier: Apache-2.0

/// Reading names of persons scalar by scalar: tokens, the words that end them, what is no name.
enum NameParts {
    /// A kanji that names are written with; 〇 stands for something left out.
    static func isKanji(_ value: UInt32) -> Bool {
        // 﨑 stands among the compatibility characters.
        CharacterClasses.isKanji(value) && value != 0x3007 || (0xF900...0xFAFF).contains(value)
    }

    static func isLetter(_ value: UInt32) -> Bool {
        isKanji(value) || CharacterClasses.isKana(value)
    }

    /// Whether a name may end before an index: no letter or digit follows.
    static func isBoundary(_ values: [UInt32], _ index: Int) -> Bool {
        guard let value = values[safe: index] else { return true }
        return !isLetter(value) && !CharacterClasses.isLatin(value)
            && !CharacterClasses.isDigit(value)
    }

    /// Whether a title stands at an index, perhaps after a space.
    static func isTitle(_ values: [UInt32], _ index: Int) -> Bool {
        titles.end(in: values, at: values.afterSpaces(index, limit: 2)) != nil
    }

    static let titles = Phrases(
        words: """
            様 さま 殿 氏 先生 さん サン くん ちゃん 医師 看護師 助産師 保健師 薬剤師 技師 教授 准教授 師長 院長 部長 医長 科長 主任 療法士 理学療法士 作業療法士 言語聴覚士 管理栄養士 栄養士
            臨床工学技士 放射線技師 検査技師 放射線科医 病理医 医員 助教 講師 Dr Ns NS DR MD M.D. 介護士 相談員 ケアマネ ヘルパー
            """)

    /// Words that end a name inside a run of letters, or stand after it on the line.
    private static let followers = Phrases(
        words: """
            性別 年齢 生年月日 住所 電話 男性 女性 患者 主治医 担当医 連絡先 続柄 受診 診療科 病棟 入院 退院 カルテ 科 歳 才 が は を へ に と の も で や より から まで です でした
            である にて との による として まで への が担当 代筆 記載 署名 記 印 拝 御侍史 御机下 侍史 机下 執刀 確認 承認 一次 二次 同席
            """)

    /// What a field for a person may hold that is nobody's name.
    private static let others = Phrases(
        words: """
            患者 家族 本人 同上 同前 不明 未定 未記入 未入力 未確認 該当 なし 無 有 あり 外来 担当 当直 当番 性別 年齢 生年 住所 電話 主治 看護 医師 病棟 救急 男 女 妻 夫 長男 長女 次男 次女 三男 三女 二男 二女 息子 娘 父 母 兄 弟 姉 妹 祖父 祖母 孫 嫁 義 親 叔 伯
            匿名 仮名 全身 局所 脊椎 硬膜 内科 外科 循環 呼吸 消化 整形 放射 脳 皮膚 泌尿 眼科 耳鼻 小児 産婦 精神 麻酔 病理 検査 薬剤 栄養 リハ 地域 訪問 施設 近医 他院 前医 当院 当科 同科 上記 下記 別紙 記載 記録 以下 以上 所見 診断 主訴 現病 既往 入院 退院 手術 処置 経過
            説明 確認 必要 特記 異常 内容 時間 時刻 日時 日付 場所 方法 目的 結果 評価 計画 実施 開始 終了 変更 継続 中止 様 先生 さん 氏 殿 の は が を に へ と も 名 医 師 科 室 部 課 係 職 氏名 名前 番号 続柄 カルテ 同居 独居 別居 健在 死亡 他界 存命 高血圧 糖尿 肺 胃 大腸 肝 腎 心 血 乳 骨 癌 がん 認知 ケアマネ ヘルパー ナース ドクター スタッフ チーム
            リーダー メンバー フリー 日勤 夜勤 準夜 深夜 各 全員 全 複数 関係 多職種 受付 事務 医事 院内 院外 上級 指導 研修 専攻 専門 認定 常勤 非常勤 嘱託 日本 独立 有限 株式 医療 学校 会社 市役所 保健 福祉 行政 警察 消防 隣人 友人 知人 上司 同僚 後見 成年 代理 配偶者 子 両親
            ヨミ カナ フリガナ ふりがな 漢字 さま 年 月 日 歳 才 区分 病名 症状 意識 体温 脈拍 血圧 以前 今回 前回 次回 本日 昨日 明日 現在 当日 翌日 申し 情報 資料 画像 撮影 造影 単純 有無 良好 不良 安静 食事 入浴 排泄 睡眠 自宅 職業 無職 会社員 主婦 学生 農業 自営 キーパーソン 保険 公費 受診 初診 再診 紹介 依頼 報告 相談 連絡
            """)

    /// Whether what stands at an index is a word that is nobody's name, or begins with one.
    static func isOther(_ values: [UInt32], _ index: Int, to end: Int) -> Bool {
        guard let other = others.end(in: values, at: index) else { return false }
        // 一文字 such as 森 in 森下: names of the list are names although they begin like a word.
        if NameLists.surnameEnds(in: values, at: index).contains(where: { $0 <= end }) {
            return false
        }
        if NameLists.givenNameEnds(in: values, at: index).contains(end) { return false }
        return other > index
    }

    /// The end of a run of letters from `start`, cut before a title or a word that ends names.
    static func tokenEnd(_ values: [UInt32], _ start: Int, limit: Int) -> Int {
        let end = values.end(of: isLetter, from: start, limit: limit)
        var index = start + 1
        while index < end {
            if titles.end(in: values, at: index) != nil, !isPartOfName(values, start, index) {
                return index
            }
            if let follower = followers.end(in: values, at: index),
                endsName(values, start: start, at: index, follower: follower, end: end)
            {
                return index
            }
            index += 1
        }
        return end
    }

    /// 部長 in 服部長… does not occur; 師 and 様 begin no name's second half. 殿, 氏家 do.
    private static func isPartOfName(_ values: [UInt32], _ start: Int, _ index: Int) -> Bool {
        NameLists.surnameEnds(in: values, at: start).contains { $0 > index }
    }

    /// Whether a word ends the name: a particle in kana only after kanji, and not within a name.
    private static func endsName(
        _ values: [UInt32], start: Int, at index: Int, follower: Int, end: Int
    ) -> Bool {
        if isPartOfName(values, start, index) { return false }
        guard CharacterClasses.isHiragana(values[index]) else { return true }
        guard isKanji(values[index - 1]) else { return false }
        // さくら, のぞみ, ともこ: a given name in kana runs to the end of the token.
        if follower < end, NameLists.givenNameEnds(in: values, at: index).contains(end) {
            return false
        }
        let kana = values.end(of: CharacterClasses.isHiragana, from: index, limit: 8)
        return kana == follower || kana - index > 3 || !isBoundary(values, kana)
            || follower - index > 1
    }
}
