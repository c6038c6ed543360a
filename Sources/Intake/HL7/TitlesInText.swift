// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// The sections of a text whose titles stand within it, for documents that mark none otherwise.
enum TitlesInText {
    /// The sections in order; text before the first title is in none.
    static func sections(of text: String) -> [DocumentSection] {
        let scalars = Array(text.unicodeScalars)
        var result: [DocumentSection] = []
        var open: (title: String, start: Int)?
        func close(before end: Int) {
            guard let (title, first) = open else { return }
            var end = end
            // Nothing but white space may stand between two titles.
            let start = min(first, end)
            while end > start, scalars[end - 1].isSpace { end -= 1 }
            result.append(
                DocumentSection(code: nil, title: title, range: SourceRange(start: start, end: end))
            )
        }
        var line = 0
        while line < scalars.count {
            let end = scalars[line...].firstIndex(of: "\n") ?? scalars.count
            if let (title, length) = title(of: scalars[line..<end]) {
                close(before: line)
                var start = line + length
                while start < scalars.count, scalars[start].isSpace { start += 1 }
                open = (title, start)
            }
            line = end + 1
        }
        close(before: scalars.count)
        return result
    }

    /// The title that a line begins with or consists of, and how many scalars of the line it takes.
    private static func title(of line: ArraySlice<Unicode.Scalar>) -> (String, length: Int)? {
        let content = line.drop { $0.isSpace }
        let indent = line.count - content.count
        guard let first = content.first else { return nil }
        if let closing = brackets[first] {
            guard let end = content.prefix(mostInTitle + 2).firstIndex(of: closing) else {
                return nil
            }
            let words = content[(content.startIndex + 1)..<end]
            let isStrong = first == "【"
            guard isWords(words), isStrong || isKnown(words) else { return nil }
            return (string(words), indent + end - content.startIndex + 1)
        }
        let mark = bullets.contains(first) ? 1 : 0
        let words = content.dropFirst(mark).drop { $0.isSpace }
        let colon = words.prefix(mostInTitle + 1).firstIndex { $0 == ":" || $0 == "：" }
        let name = words[..<(colon ?? words.endIndex)]
        guard name.count <= mostInTitle, isKnown(name) else { return nil }
        let end = colon.map { $0 + 1 } ?? words.endIndex
        return (string(trimmed(name)), indent + end - content.startIndex)
    }

    private static let mostInTitle = 20

    private static func isWords(_ words: ArraySlice<Unicode.Scalar>) -> Bool {
        !trimmed(words).isEmpty && words.contains { $0.properties.isAlphabetic }
    }

    private static func isKnown(_ words: ArraySlice<Unicode.Scalar>) -> Bool {
        known.contains(string(trimmed(words)))
    }

    private static func trimmed(_ words: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        words.trimmed { $0.isSpace }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(scalars: scalars)
    }

    private static let brackets: [Unicode.Scalar: Unicode.Scalar] = [
        "【": "】", "［": "］", "[": "]", "〔": "〕", "＜": "＞", "<": ">", "《": "》", "〈": "〉", "（": "）",
        "(": ")",
    ]
    private static let bullets: Set<Unicode.Scalar> = [
        "■", "□", "◆", "◇", "●", "○", "▼", "▽", "▶", "#", "＃", "*", "＊", "・",
    ]

    /// Titles of reports, summaries and letters that are headings where a line has nothing else, or before a
    /// colon.
    private static let known = Set(
        """
        所見 画像所見 検査所見 読影所見 診断 画像診断 診断名 印象 結論 まとめ コメント 総合所見 総合判定 判定 依頼目的 検査目的
        依頼内容 臨床情報 臨床診断 比較 推奨 検査方法 撮影方法 主訴 現病歴 既往歴 家族歴 社会歴 生活歴 アレルギー 入院時現症
        現症 入院時所見 身体所見 検査結果 入院時検査 入院時診断 入院時病名 入院経過 経過 治療経過 臨床経過 入院後経過
        退院時診断 退院時病名 退院時処方 退院時使用薬剤 処方 退院時状態 退院後方針 方針 今後の方針 転帰 手術 手術所見 病理所見
        病理診断 内視鏡所見 超音波所見 紹介目的 傷病名 症状経過 治療計画 看護問題 看護計画 看護経過 評価 計画 考察 病名
        """.split { $0.isWhitespace }.map(String.init))
}
