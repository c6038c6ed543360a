// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation

/// Words of cells and headings compared without regard to width, case, spaces and hyphens.
enum TableWords {
    /// A word in the form that is compared.
    static func folded(_ word: String) -> String {
        if let folded = plainlyFolded(word) { return folded }
        var result = String.UnicodeScalarView()
        for scalar in word.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
        where !scalar.isSpace && !"_-‐‑–・:.\u{FEFF}".unicodeScalars.contains(scalar) {
            result.append(scalar)
        }
        return String(result)
    }

    /// The same of a word of ASCII, in full width, too, and of kana and kanji that are their own canonical and
    /// compatible forms; nil for one with any other character.
    private static func plainlyFolded(_ word: String) -> String? {
        var result: [Unicode.Scalar] = []
        for scalar in word.unicodeScalars {
            let value =
                (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            switch value {
            case 0x41...0x5A: result.append(Unicode.Scalar(UInt8(value + 0x20)))
            case 0x2D, 0x2E, 0x3A, 0x5F, 0x09...0x0D, 0x20, 0x3000, 0x30FB: continue
            case 0x21...0x7E, 0x3041...0x3094, 0x30A1...0x30FA, 0x30FC, 0x4E00...0x9FFF, 0x3001,
                0x3002,
                0x3010, 0x3011:
                guard let scalar = Unicode.Scalar(value) else { return nil }
                result.append(scalar)
            default: return nil
            }
        }
        return String(scalars: result)
    }

    /// What a word says of how settled a document is; nil for an unknown word.
    static func status(_ word: String, site: [String: SenderStatus]) -> SenderStatus? {
        let folded = folded(word)
        return site.first { Self.folded($0.key) == folded }?.value ?? statusWords[folded]
    }

    /// The kind that a word names; nil for an unknown word.
    static func kind(_ word: String, site: [String: DocumentKind]) -> DocumentKind? {
        let folded = folded(word)
        if let kind = site.first(where: { Self.folded($0.key) == folded })?.value { return kind }
        if let kind = DocumentKind.allCases.first(where: { Self.folded($0.rawValue) == folded }) {
            return kind
        }
        return partsOfKinds.first { pair in pair.parts.contains { folded.contains($0) } }?.kind
    }

    /// Whether a mark says that a document was taken back; nil for an unknown mark.
    static func isMarked(_ word: String) -> Bool? {
        let folded = folded(word)
        if ["", "0", "false", "f", "no", "n", "×", "無", "なし", "有効"].contains(folded) {
            return false
        }
        if ["1", "true", "t", "yes", "y", "○", "〇", "◯", "有", "あり", "レ"].contains(folded) {
            return true
        }
        return statusWords[folded] == .withdrawn ? true : nil
    }

    private static let statusWords: [String: SenderStatus] = {
        let words: [SenderStatus: String] = [
            .final: """
            確定 確定済 確定済み 最終 最終報告 完了 承認 承認済 承認済み 正式 本登録 登録済 登録済み 報告済 報告済み
            二次確定 final f completed complete finalized signed
            """,
            .preliminary: """
            仮 仮報告 仮登録 仮保存 仮確定 暫定 暫定報告 未確定 未承認 未完了 一次 一次報告 一次読影 一次確定 一時保存 下書き
            下書 作成中 記載中 記録中 途中 中間 中間報告 preliminary prelim draft p r partial registered
            """,
            .corrected: """
            訂正 訂正済 訂正済み 訂正報告 修正 修正済 修正済み 修正報告 改訂 変更 再報告 corrected c
            """,
            .amended: "追記 追記済 追記済み 追加 追加報告 追補 補足 amended addendum appended",
            .withdrawn: """
            取消 取消し 取り消し 取消済 取消済み 取り消し済み 削除 削除済 削除済み 廃止 無効 中止 破棄 撤回 誤登録 cancelled
            canceled withdrawn deleted enteredinerror x
            """,
        ]
        var result: [String: SenderStatus] = [:]
        for (status, list) in words {
            for word in list.split(whereSeparator: \.isWhitespace) { result[String(word)] = status }
        }
        return result
    }()

    /// What stands in the names of kinds; the first that fits counts.
    private static let partsOfKinds: [(parts: [String], kind: DocumentKind)] = [
        (["看護", "nursing"], .nursing),
        (["退院時サマリ", "退院サマリ", "退院時要約", "退院要約", "入院サマリ", "discharge"], .dischargeSummary),
        (["診療情報提供", "紹介状", "referral"], .referral),
        (["読影", "画像診断", "画像検査", "放射線", "画像レポート", "radiology"], .radiology),
        (["症例報告", "casereport"], .caseReport),
        (
            [
                "経過記録", "診療記録", "診療録", "医師記録", "医師記載", "カルテ", "外来記録", "入院記録", "プログレスノート",
                "progressnote",
            ], .progressNote
        ),
    ]
}
