// SPDX-License-Identifier: Apache-2.0

/// The words of which names of institutions are made.
enum InstitutionWords {
    /// How sure an ending is of an institution.
    enum Ending: Sendable {
        /// …病院, …小学校, …市役所: nothing else ends so.
        case certain
        /// …建設, …運輸: a trade, and a firm where somebody works.
        case firm
        /// …苑, …荘: a home where somebody moves in.
        case home
        /// …の会
        case society
        /// …デイサービス: what somebody uses, and a name only in kana.
        case service
        /// …整形外科: a practice, if a name in kana stands before it.
        case practice
    }

    /// What a word before a name announces.
    enum Announced: Sendable {
        /// A shop goes by its name only where somebody works.
        case firm, corporation, home, shop
    }

    private static let certain = """
        病院 医院 クリニック 診療所 医療センター メディカルセンター ヘルスケアセンター 療養所 療育センター 医療福祉センター リハビリテーションセンター がんセンター 循環器センター 血液センター 研究センター 健康長寿医療センター
        健診センター 保健センター 保健福祉センター 包括支援センター 支援センター 歯科 薬局 助産院 整骨院 接骨院 鍼灸院 治療院 施術院 訪問看護ステーション 看護ステーション ケアステーション ヘルパーステーション ケアセンター ケアプランセンター デイサービスセンター
        居宅介護支援事業所 介護支援事業所 支援事業所 相談支援事業所 作業所 授産所 就労支援センター 老人ホーム 介護医療院 介護老人保健施設 児童養護施設 乳児院 救護施設 母子生活支援施設
        小学校 中学校 中等教育学校 高等学校 高校 大学 大学院 短期大学 短大 専門学校 高専 高等専門学校 幼稚園 保育園 保育所 こども園 子ども園 学園 学院 支援学校 養護学校 聾学校 盲学校 予備校 学習塾 学童クラブ 学童保育 女学院 義塾
        市役所 区役所 町役場 村役場 県庁 道庁 府庁 支所 警察署 消防署 消防本部 郵便局 税務署 裁判所 法務局 労働基準監督署 福祉事務所 児童相談所 保健所 年金事務所 刑務所 拘置所 少年院 駐屯地 ハローワーク
        信用金庫 信用組合 信金 銀行 農協 漁協 生活協同組合 生協 労働組合 法律事務所 会計事務所 税理士事務所 設計事務所 製作所 工務店 鉄工所 製鉄所 発電所 造船所 研究所 新聞社 出版社 放送局 百貨店 教習所 自動車学校 商工会議所 教会 図書館 公民館 児童館 美術館 博物館 水族館 体育館
        """
    private static let firms = """
        建設 工業 運輸 運送 商店 商事 食品 印刷 電機 電気 電工 塗装 化学 製薬 製鋼 自動車 水産 物産 産業 金属 製菓 酒造 醸造 鉄道 電鉄 交通 タクシー 不動産 証券 生命 損保 電力 ガス 通信 製紙 紡績 繊維 鋼業 精機 精密
        制作 企画 出版 広告 開発 技研 技術 総業 商会 貿易 薬品 サービス テレビ ソリューションズ 農園 牧場 工房 旅館 ホテル スーパー 店 組 支店 営業所 ストア 書店 組合 興業 興産 工芸 土木 設備 造園 林業 製材 木材 石油 鉱業 警備 清掃 倉庫 物流 急便 フーズ システムズ システム テック 工場
        """
    private static let services = "デイサービス デイケア 訪問看護 ショートステイ グループホーム ケアハウス 老健"
    private static let homes = "塾 スクール 道場 クラブ 苑 荘 園 の里 の家 の郷 の森 の丘 ホーム ハウス の杜 寮"

    /// The ending that closes at an index, from the longest: where it begins and how sure it is.
    static func ending(
        in values: [UInt32], at index: Int, _ floor: Int
    ) -> (start: Int, ending: Ending)? {
        guard let candidates = endings[values[index]] else { return nil }
        for (word, ending) in candidates {
            let start = index + 1 - word.count
            if start >= floor, values.holds(word, at: start) { return (start, ending) }
        }
        return nil
    }

    /// The scalars with which endings close.
    static var lasts: some Sequence<UInt32> { endings.keys }

    private static let endings: [UInt32: [(word: [UInt32], ending: Ending)]] = {
        let lists: [(String, Ending)] = [
            (certain, .certain), (firms, .firm), (homes, .home), (services, .service),
            (departmentWords, .practice),
            ("の会 友の会", .society),
        ]
        let all = lists.flatMap { words, ending in
            words.split(whereSeparator: \.isWhitespace).map {
                (word: $0.unicodeScalars.map(\.value), ending: ending)
            }
        }
        return Dictionary(grouping: all) { $0.word.last ?? 0 }
            .mapValues { $0.sorted { $0.word.count > $1.word.count } }
    }()

    /// What follows an ending that is not the last word of the name: 大学|医学部附属病院.
    static let continuations = Phrases(words: "病院 附属 付属 医学部 歯学部 医療センター 式 療法 院生 クリニック")
    /// What makes another word of a trade: 建設業, 交通事故.
    static let tradeWords = Phrases(
        words: "業 会社 事故 関係 関連 系 式 類 用 性 機関 網 治 物 量 剤 製 品 化 級 費 代 数 力 検査 中 法 療法 員 師 生 機 用品 的 界")

    /// Words that make no name by themselves; what is left without them is one.
    static let generic = Phrases(
        words: firms + """
             制 主要 矯正 メンタル 内服 明日 今度 年制 学校 むし歯 うち ここ そこ 会 院 当院 他院 同院 病院 前医 近医 近所 社員 会社 夫婦 親 知人 親戚 義 叔 伯 祖 実 マイ 動物 植物 庭 霊 遊 農 公 菜 世代 子育て 子育 生活 相談 入退院 医療的 ケア 緩和 生殖 移植 遺伝 先端 高度 集学的 不妊 睡眠 血管 心臓 脊椎
            人工 関節 乳腺 甲状腺 肝臓 臨床 基礎 共同 治験 医学 管轄 所轄 家庭 簡易 最高 認可 無認可 認可外 企業内 病児 病後児 骨髄 血液 臍帯血 食品 時代 卒業 出身 夜勤 日勤 後 中 前 先 元 先の 時 歳 才 年前 月前 日前 週間前 頃
            当 他 近 同 前 本 某 各 両 別 元 現 新 旧 全 等 御 貴 自 大 小 中 高 上 下 第 ○ 〇 △ × □ ● ◯ ＊
            総合 市民 市立 県立 都立 府立 道立 町立 村立 区立 国立 公立 私立 組合立 中央 地域 地方 広域 近隣 近所 付近 最寄 最寄り 地元 市内 県内 都内 町内 区内 院内 院外 県外 市外 国内 海外 外国
            紹介元 紹介先 転院先 転院元 搬送先 搬送元 入院先 受診先 通院先 勤務先 就職先 かかりつけ かかり付け 個人 開業 専門 一般 基幹 拠点 連携 協力 指定 認定 夜間 休日 救急 救命 急性期 回復期 慢性期 療養型 療養 精神科 精神 単科 高次 三次 二次 一次
            内科 外科 小児科 小児 整形外科 整形 脳神経外科 脳神経内科 脳神経 脳外科 脳外 神経内科 神経 眼科 皮膚科 皮膚 耳鼻咽喉科 耳鼻科 耳鼻 泌尿器科 泌尿器 産婦人科 産科 婦人科 婦人 心療内科 循環器内科 循環器科 循環器病 循環器 消化器内科 消化器 消化器病 呼吸器内科 呼吸器 呼吸器病
            糖尿病 腎臓内科 腎臓 透析 リウマチ アレルギー 放射線科 放射線 麻酔科 ペイン 歯科口腔外科 口腔外科 歯科 矯正歯科 小児歯科 訪問歯科 漢方 美容 リハビリテーション リハビリ リハ 物忘れ もの忘れ 健診 検診 人間ドック がん 癌 成人病 生活習慣病 こども 子ども 小児医療 母子 周産期 母子医療
            医科 歯科 薬科 看護 医療 医療福祉 福祉 保健 保健医療 衛生 高齢者 老人 介護 介護老人 特別養護 養護 有料 特定 認知症 認知症対応型 通所 訪問 居宅 短期入所 小規模多機能 多機能 地域密着型 入所 入居 調剤 門前 処方 保険 大手 中堅 零細 下請 外資 系列
            大学 医科大学 大学院 女子 男子 短期 短期大学 高等 高等学校 高校 中学 中学校 小学 小学校 通信制 定時制 全日制 職業 夜学 附属 付属 分院 本院 特別支援 支援 進学 工業 商業 農業 普通 理系 文系 大病院 中核 主要 有名 民間 公的 公営 地区 校区 学区
            在宅 在宅医療 在宅療養 訪問診療 訪問看護 往診 かかりつけ医 主治医 紹介 転院 入院 退院 外来 通院 受診 勤務 就労 就学 通学 進学先 在学 在籍 卒業 元の 以前 今回 前回 次回 患者会 家族会 自助グループ 断酒会 本日 昨日 今日 明日 今度 先程 先ほど 某 先週 先月 昨年 今年 現在 毎日 毎週 週 回 月 年 日
            妻 夫 父 母 兄 弟 姉 妹 娘 息子 長男 長女 次男 次女 孫 患者 本人 家族 自宅 実家 職場 会社 友人 隣 隣町 隣市 隣県 遠方 他県 他市 他都道府県 複数 多数 数 一部 一 二 三 四 五 六 七 八 九 十 の や と 及び または または・ ・ 等の 系の 型 用 的 科
            電子 機械 部品 精密 食料 加工 製造 販売 卸売 小売 自動車 家電 鉄鋼 半導体 化粧 医薬 土木 建築 造船 水道 電気 運転 運転手 事務 営業 経理 配管 塗装 大工 左官 警備 清掃 飲食 喫茶 居酒屋 理髪 美容 コンビニ スーパー ファミレス チェーン 弁当 惣菜 パン ケーキ 肉 魚 花 八百 本 薬 衣料 用品 雑貨 販売代理 代理 支 商 商社 自
            心身障害 障害者 身体障害 知的障害 発達障害 重症心身 視覚 聴覚 就労移行 就労継続 放課後等 デイ ナイト ショート 栄養 感染症 結核 難病 母 災害 災害拠点 臨海 国際 日赤 赤十字 厚生 済生 逓信 労災 警察 自衛隊 刑務 企業 事業 都市 農村 山村 離島 僻地 へき地 無床 有床 小規模 大規模 中規模
            どこか どの この その あの ある いつも いつもの 別な 同じ 違う 遠い 近い 通い 通って ちかく 近く 近くの
            """)

    /// Homes and trades of which kanji like these follow are what is done there, no name.
    static let activities = Phrases(
        words: """
            入所 入居 利用 退所 通所 待機 申込 申し込み 見学 希望 検討 職員 スタッフ 施設 管理 ケアマネ ナース ヘルパー 世話人 責任者 家族 相談員 嘱託 医師 担当 看護 介護 生活 体験 週 月 毎 日 回 中 へ に を は が の と で も から より まで など 等 か や 併設 休 開始 再開 終了 継続 中止 調整 導入
            連携 送迎 及び または 相談 変更 滞在 単独 新規 探し 空き 満床 訪問 リハ 入浴 食事 側 内 外 前 後 以外 以上 向け 用 相当 経由 経営 勤務 社員 代表 役員 設立
            """)

    static let announcing = Phrases<Announced>(
        split("スーパー ホテル 旅館 居酒屋 喫茶 カフェ レストラン 食堂 コンビニ ドラッグストア ホームセンター 美容室 JR 製菓 タクシー", .shop)
            + split(
                "株式会社 有限会社 合同会社 合資会社 合名会社 (株) (有) (合) ㈱ ㈲ 一般社団法人 一般財団法人 公益社団法人 公益財団法人 NPO法人 特定非営利活動法人 JA JF 学校法人 宗教法人 独立行政法人",
                .firm)
            + split("医療法人社団 医療法人財団 医療法人 社会医療法人 社会福祉法人 特定医療法人", .corporation)
            + split(
                """
                特別養護老人ホーム 特養 介護老人保健施設 介護老人福祉施設 老人保健施設 老健 グループホーム GH ナーシングホーム シニアホーム ケアホーム 住宅型ホーム ホスピス 児童発達支援 児童発達支援事業所 放課後デイ 学童クラブ 有料老人ホーム 介護付き有料老人ホーム 介護付有料老人ホーム 住宅型有料老人ホーム サービス付き高齢者向け住宅 サービス付き高齢者住宅 サ高住 ケアハウス 養護老人ホーム 軽費老人ホーム
                デイサービスセンター デイサービス デイケア 小規模多機能型居宅介護 小規模多機能ホーム 小規模多機能 看護小規模多機能 ショートステイ 短期入所 訪問看護ステーション 居宅介護支援事業所 ケアプランセンター 就労継続支援B型 就労継続支援A型 就労継続支援B型事業所 就労継続支援A型事業所 就労移行支援 就労支援施設 就労支援事業所
                障害者支援施設 生活介護事業所 介護医療院 児童養護施設 乳児院 救護施設 放課後等デイサービス 作業所 福祉作業所 地域活動支援センター 入所先 通所先 入居先 施設名 勤務先 就業先 認定こども園 こども園 保育園 保育所 幼稚園 認可保育園 学童保育 通園先 通学先 学校名 会社名 かかりつけ薬局 かかりつけ医療機関 紹介元医療機関 社員寮 学生寮
                """, .home))

    /// Whether what a home is announced by goes on as its name: in kana, or in kanji with 苑, 荘, の里.
    static func isHomeName(_ values: [UInt32], _ range: Range<Int>) -> Bool {
        guard range.count >= 2 else { return false }
        if values[range].allSatisfy(CharacterClasses.isKana) { return range.count >= 3 }
        let last = values[range.upperBound - 1]
        // グループホーム花水木に戻る
        let isBase =
            values[range].allSatisfy(CharacterClasses.isKanji)
            && returns.end(in: values, at: range.upperBound) != nil
        return isBase || homeLasts.contains(last)
            || CharacterClasses.isKana(last) && range.count >= 3
    }

    private static let returns = Phrases(
        words: "に戻 へ戻 に帰 へ帰 に入所 に入居 へ入所 へ入居 に転 へ転 より入院 から入院 より救急 から救急 に退院 へ退院 より転院 から転院 に通所 入所中 入居中"
    )

    /// 苑園荘里家館郷森丘寮院舎亭邸庵杜会村台
    private static let homeLasts = Set("苑園荘里家館郷森丘寮院舎亭邸庵杜会村台".unicodeScalars.map(\.value))

    /// Words after the name of a firm.
    static let forms = Phrases(words: "株式会社 有限会社 合同会社 合資会社 (株) (有) ㈱ ㈲")

    /// What tells of work after the name of a firm.
    static let work = Phrases(
        words: """
            勤務 勤め 就労 就職 退職 入社 社員 従業 事務 営業 経営 働 パート 定年 在職 在籍 嘱託 アルバイト 工員 作業 運転 経理 製造 職場 上司 同僚 産業医 従事 正社員 派遣 代表 社長 勤続 役員 外交員 車掌 運転手 清掃員 職員 店員 店長 窓口 行員 駅員 警備員 作業員 調理 技術者 記者 教員 教師 配達 調理師 板前 販売員 健診 健康診断
            """)
    /// What tells of staying after the name of a home.
    static let stay = Phrases(
        words: """
            入所 入居 通所 通園 通い より から へ 退所 利用 職員 在園 在籍 施設 に転 に帰 に戻 に入 で生活 で転倒 で発熱 に連絡 に電話 入園 に通 在住 の職員 の看護 のスタッフ の嘱託 の担当 に居住 で暮 に暮
            """)
    /// の会 of no name.
    static let noSociety = Phrases(
        words: "その こ あ ど 今日 今 次 前 家族 患者 親 遺族 同 当 いつ みんな 職場 町 地域 子供 夫 妻 友人 近所 この")
    static let branches = Phrases(words: "分院 本院 支店 支社 支所 本店 本社 営業所 工場 校舎 キャンパス 分校 本校 院")
    private static let departmentWords = """
            内科 外科 整形外科 整形 眼科 皮膚科 耳鼻科 耳鼻咽喉科 小児科 産婦人科 婦人科 レディース 泌尿器科 心療内科 脳外科 脳神経外科 胃腸科 循環器科 循環器内科 内科外科 内科小児科 歯科 消化器内科 消化器科 呼吸器内科 外科内科 胃腸外科
        """

    /// What may stand right before a name without a particle: 本日|桜井病院, 10|年前|桜井病院.
    static let leading = Phrases(
        words: """
            本日 昨日 今日 先日 先週 先月 昨年 今年 現在 以前 前回 今回 次回 退院後 入院中 転院後 術後 発症後 患者 本人 家族 主治医 紹介元 転院先 転院元 搬送先 搬送元 入院先 通院先 紹介先 勤務先 受診先 前日 当日 翌日 同日 同年 翌年 前年 平日
            午前 午後 夜間 週末 毎日 毎週 長男 長女 次男 次女 前医 かかりつけ 帰宅後 当時 当初 最終 最近 近医 卒後 定年後 退職後 卒業後 検診 健診 職場 現 元勤務先
            """)
    static let counted = Phrases(
        words:
            "年前 年間 年頃 年 か月前 ヶ月前 カ月前 か月間 月 日前 日間 日 週間前 週間 週 時間前 時 分 歳時 歳 才 回 名 人 階 号 代 度 床 世紀 頃 年来 年後 日後 か月後 週後 級 等 日より 歳より 年より 年4月 期 年目 学年 棟 番 科"
    )

    // MARK: Particles

    /// The start of a name behind words that end in a particle: 夫は|青葉病院, 10年前に|霧ヶ岡病院.
    static func afterParticles(in values: [UInt32], _ range: Range<Int>) -> Int {
        var result = range.lowerBound
        for index in range.dropFirst() where index < range.upperBound {
            guard let end = particles.end(in: values, at: index), end <= range.upperBound else {
                continue
            }
            let before = values[index - 1]
            guard
                NameParts.isKanji(before) || CharacterClasses.isKatakana(before)
                    || CharacterClasses.isLatin(before) || end - index > 1
            else { continue }
            // 自由が丘, 光の園 go on; 今回は, 妻の end there.
            let next = values[safe: end] ?? 0
            let isName =
                words.end(in: values, at: index - 1).map { $0 > index } == true
                || values[index] == 0x304C && hills.contains(next)
                || values[index] == 0x306E && end - index == 1
                    && (natures.end(in: values, at: index - 1) == index
                        || hills.contains(next) && end + 1 == range.upperBound)
            if !isName { result = max(result, end) }
        }
        // にて|岡谷, までに|帝京: what is left of two particles.
        while result < range.upperBound - 1, single.contains(values[result]),
            !CharacterClasses.isHiragana(values[result + 1])
        {
            result += 1
        }
        return result
    }

    /// The start of a name behind a word that is inflected: 受けた|, 体調悪くて|, ここは|.
    ///
    /// Hiragana at the end of what stands before 病院 are a name only if they are known for one.
    static func afterInflection(in values: [UInt32], _ range: Range<Int>) -> Int {
        var tail = range.upperBound
        while tail > range.lowerBound, CharacterClasses.isHiragana(values[tail - 1]) { tail -= 1 }
        guard tail < range.upperBound else { return range.lowerBound }
        // 健やか, 憩い: kanji with hiragana that are no inflected word here.
        if tail > range.lowerBound, words.end(in: values, at: tail - 1) == range.upperBound {
            return range.lowerBound
        }
        for index in tail..<range.upperBound
        where hiraganaNames.end(in: values, at: index) == range.upperBound {
            let isWhole = index == tail || index == tail + 1 && single.contains(values[tail])
            return isWhole && index == tail ? range.lowerBound : index
        }
        // さざなみ整形外科, あおぞら診療所: three kana or more that stand alone and are not inflected.
        let count = range.upperBound - tail
        let isAlone = tail == range.lowerBound && (3...6).contains(count)
        guard isAlone, !inflected.contains(values[range.upperBound - 1]),
            noNames.end(in: values, at: tail) == nil
        else { return range.upperBound }
        return range.lowerBound
    }

    /// はがをにへとものでやてした
    private static let single = Set("はがをにへとものでやてた".unicodeScalars.map(\.value))
    /// てでたるいなをにはがもへばんずくだうとやけねよ
    private static let inflected = Set("てでたるいなをにはがもへばずくだうやけねよか".unicodeScalars.map(\.value))
    private static let words = Phrases(
        words: "健やか 爽やか 和み 憩い 恵み 輝き 安らぎ 歩み 望み 温もり 陽だまり 日だまり 光り 結び 香り 祈り 集い 野ばら 山びこ 木もれび 花みずき 星あかり")
    private static let noNames = Phrases(
        words:
            "ここ そこ あそこ どこ うち そろそろ もう まだ いま やっと すぐ この その あの どの また やはり いつ なに どう こう そう ああ ちゃん きちん しっかり とりあえず お かかりつけ"
    )
    private static let hiraganaNames = Phrases(
        words: """
            こども ひだまり さくら ひまわり つばさ あおば みどり わかば すみれ ふたば たんぽぽ つくし こすもす ひばり かもめ つばめ みなみ ひがし にし きた あさひ ひかり のぞみ こころ すこやか いずみ やまと なごみ ほほえみ えがお きぼう あけぼの さつき やよい はなみずき さくらんぼ
            もみじ かえで こもれび せせらぎ みらい ゆうゆう やすらぎ いこい ふれあい まごころ あおぞら にじ にじいろ そよかぜ はるかぜ みなと みさき うみ もり さと おか たいよう ひなた ほのぼの のどか めぐみ ともしび つくば さいたま いわき むつ ひたち かすみ あかり あゆみ きずな
            あじさい なのはな うさぎ こばと ことり くるみ どんぐり まつば けやき いちょう かしわ ぽぷら あすなろ つつじ さざんか すずらん すずかけ さわやか はあと たけのこ かがやき きらら きらり ゆめ らいふ あい
            """)

    /// The end of a name before a particle or a word for what is done there.
    static func beforeParticle(in values: [UInt32], _ range: Range<Int>) -> Int {
        for index in range.dropFirst(2) {
            if activities.end(in: values, at: index) == nil,
                particles.end(in: values, at: index) == nil
            {
                continue
            }
            let isKana = CharacterClasses.isHiragana(values[index])
            if values[index] == 0x3082, values[safe: index + 1] == 0x5712 { continue }  // こども園
            // ひまわりの: kana may be the name's own; in kanji and katakana they end it.
            if isKana, CharacterClasses.isHiragana(values[index - 1]),
                let next = values[safe: index + 1], CharacterClasses.isHiragana(next)
            {
                continue
            }
            if values[index] == 0x306E,
                hills.contains(values[safe: index + 1] ?? 0)
                    || natures.end(in: values, at: index - 1) == index
            {
                continue
            }
            if !isKana, CharacterClasses.isKanji(values[index]), range.upperBound - index == 1 {
                continue
            }
            return index
        }
        return range.upperBound
    }

    private static let particles = Phrases(
        words: "は が を に へ と も や で の から より まで では には とは への との にて ため ために という した する して され た て る い など")
    /// 丘里森家園郷杜風海空虹花星木葉泉村
    private static let hills = Set("丘里森家園郷杜風海空虹花星木葉泉村台原浜崎谷".unicodeScalars.map(\.value))
    /// Kanji before の within a name.
    private static let natures = Phrases(
        words: "光 緑 虹 風 花 森 海 空 星 杜 丘 桜 桃 梅 松 竹 泉 虫 鳥 雪 陽 夢 愛 心 和 恵 望 翠 若葉 青葉")

    private static func split(_ words: String, _ kind: Announced) -> [(String, Announced)] {
        words.split(whereSeparator: \.isWhitespace).map { (String($0), kind) }
    }
}
