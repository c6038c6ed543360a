// SPDX-License-Identifier: Apache-2.0

/// The lists that the filters have of themselves.
enum WordLists {
    /// Words of adult pages.
    ///
    /// Words of medicine, anatomy, law and psychology are not among them, nor what is part of such or of ordinary
    /// ones (エロ in エロージョン, AV in AVブロック, アダルト in アダルトチルドレン, 中出し in 雨の中出した), since a
    /// corpus of medicine would lose what it is for.
    static let adult = [
        "アダルトビデオ", "アダルト動画", "アダルトサイト", "アダルトグッズ", "アダルトゲーム", "アダルトDVD",
        "エロ動画", "エロ画像", "エロ漫画", "エロマンガ", "エロ小説", "エロゲー", "エロアニメ", "エロサイト",
        "AV女優", "AV男優", "ＡＶ女優", "ＡＶ男優", "無修正動画", "無修正画像", "裏ビデオ", "裏DVD",
        "無料エッチ", "エッチ動画", "エッチな画像", "エッチな動画", "ハメ撮り", "生中出し", "中出し動画", "顔射", "潮吹き動画",
        "風俗嬢", "風俗情報", "風俗求人", "デリヘル", "デリバリーヘルス", "ファッションヘルス",
        "ソープ嬢", "ピンサロ", "ホテヘル", "イメクラ", "おっパブ", "セクキャバ", "援デリ",
        "セフレ募集", "セフレ掲示板", "セックスフレンド募集", "人妻動画", "人妻ナンパ",
        "熟女動画", "素人動画", "巨乳動画", "巨乳画像", "盗撮動画", "痴漢動画", "痴女動画", "女子校生動画",
        "ヌード画像", "ヌード動画", "フェラチオ動画", "手コキ", "足コキ", "パイズリ", "バイブ責め", "オナニー動画",
        "オナホール", "ダッチワイフ", "ラブドール", "SMプレイ", "緊縛動画", "調教動画", "変態動画", "乱交パーティー",
        "xvideos", "pornhub", "porn", "hentai",
    ]

    /// What notices of copyright say.
    ///
    /// A (c) alone is none: it also numbers the options of a question.
    static let copyright = [
        "all rights reserved", "all right reserved", "copyright ©", "copyright(c)", "copyright (c)",
        "copyrights (c)", "copyright 19", "copyright 20", "copyright（c）", "copyright （c）", "©",
        "ⓒ", "無断転載", "無断複製", "無断複写", "無断使用", "無断引用", "無断での転載", "無断で転載",
        "無断で複製", "転載を禁", "転載禁止", "転載は禁止", "転載はご遠慮", "転載・複製", "複製・転載",
        "複製を禁", "著作権は当", "著作権は、当", "著作権は弊", "著作権は、弊", "著作権はすべて",
        "著作権所有", "すべての著作権",
    ]
}
