// SPDX-License-Identifier: Apache-2.0

/// What a heading means that everybody uses; what could mean two things has no meaning here.
enum TableHeading: Hashable {
    /// A field; of several columns for one the lowest rank counts.
    case field(TableMapping.Field, rank: Int)
    /// The time of day beside a column with the date.
    case timeOfDay
    /// Text with a title.
    case section
    /// A letter of SOAP or of focus charting: text, if others stand beside it.
    case letter
    /// The document's text, without a title where it stands alone.
    case wholeText
    /// Understood, and no part of a document: names of persons, their age, codes.
    case passedOver

    /// What a heading means; nil for one that is not known.
    init?(_ heading: String) {
        let folded = TableWords.folded(heading)
        if let known = Self.meanings[folded] {
            self = known
        } else if let bare = Self.withoutNote(folded), let known = Self.meanings[bare] {
            // `S(主観的情報)`, `記録日時(yyyy/MM/dd)`
            self = known
        } else if Self.isLettered(folded) {
            self = .letter
        } else if Self.isNumbered(folded) {
            self = .section
        } else {
            return nil
        }
    }

    /// `所見1`, `所見2` and so on, of a report in several columns.
    private static func isNumbered(_ folded: String) -> Bool {
        guard let last = folded.last, ("1"..."9").contains(last) else { return false }
        return meanings[String(folded.dropLast())] == .section
    }

    /// `S:主観的情報`, `P 計画`.
    private static func isLettered(_ folded: String) -> Bool {
        guard let first = folded.first, meanings[String(first)] == .letter else { return false }
        let rest = String(folded.dropFirst())
        return meanings[rest] == .section || ["情報", "データ", "欄"].contains(rest)
    }

    /// A heading without what stands in brackets at its end.
    private static func withoutNote(_ folded: String) -> String? {
        guard folded.hasSuffix(")") || folded.hasSuffix("】"),
            let open = folded.firstIndex(where: { "(【".contains($0) })
        else { return nil }
        if open > folded.startIndex { return String(folded[..<open]) }
        return folded.hasPrefix("【") ? String(folded.dropFirst().dropLast()) : nil
    }

    private static let meanings: [String: TableHeading] = {
        var result: [String: TableHeading] = [:]
        for (meaning, list) in lists {
            for word in list.split(whereSeparator: \.isWhitespace) {
                result[TableWords.folded(String(word))] = meaning
            }
        }
        return result
    }()

    private static let lists: [(TableHeading, String)] = [
        (
            .field(.patient, rank: 0),
            "患者ID 患者番号 患者No 患者コード 患者識別番号 患者識別子 PatientID PatientNo PatientNumber Patient"
        ),
        (
            .field(.patient, rank: 1),
            "カルテ番号 カルテNo カルテID 診察券番号 診察券No 診察番号 診療録番号 MRN PID PtID"
        ),
        (
            .field(.id, rank: 0),
            """
            文書ID 文書番号 文書No 文書識別子 レポートID レポート番号 レポートNo 報告書ID 報告書番号 報告書No 記録ID 記録番号
            記録No 記事ID 記事番号 サマリID サマリーID サマリ番号 サマリー番号 書類ID 書類番号 DocumentID DocumentNo
            DocumentNumber DocID ReportID ReportNo RecordID RecordNo NoteID 管理番号 文書管理番号
            """
        ),
        (
            .field(.order, rank: 0),
            """
            オーダ番号 オーダー番号 オーダID オーダーID オーダNo オーダーNo 依頼番号 依頼ID 依頼No 検査ID 検査番号 検査No
            受付番号 アクセッション番号 AccessionNumber AccessionNo OrderID OrderNo OrderNumber
            """
        ),
        (
            .field(.authored, rank: 0),
            "記載日時 記録日時 作成日時 報告日時 読影日時 記事日時 AuthoredAt Authored CreatedAt RecordedAt"
        ),
        (
            .field(.authored, rank: 1),
            "記載日 記録日 作成日 報告日 読影日 記載年月日 記録年月日 作成年月日 文書日付 文書日時 文書作成日 文書作成日時"
        ),
        (
            .field(.authored, rank: 2),
            """
            検査日 検査日時 検査年月日 検査実施日 検査実施日時 実施日 実施日時 撮影日 撮影日時 診察日 診察日時 診療日 診療日時 受診日
            来院日 紹介日 StudyDate ExamDate VisitDate NoteDate DocumentDate ReportDate RecordDate
            """
        ),
        (.field(.authored, rank: 3), "日付 日時 年月日 Date DateTime"),
        (.field(.authored, rank: 4), "確定日 確定日時 承認日 承認日時 登録日 登録日時 退院日 退院年月日 入力日 入力日時"),
        (.timeOfDay, "時刻 時間 記載時刻 記録時刻 作成時刻 報告時刻 検査時刻 記載時間 記録時間 Time"),
        (
            .field(.changed, rank: 0),
            "更新日時 最終更新日時 改版日時 改版日 修正日時 訂正日時 改訂日時 変更日時 最終更新日 更新日 修正日 改訂日 UpdatedAt LastUpdated"
        ),
        (
            .field(.status, rank: 0),
            """
            ステータス 状態 文書状態 記録状態 レポート状態 報告状態 確定状態 確定区分 承認状態 文書ステータス レポートステータス
            報告ステータス Status
            """
        ),
        (
            .field(.withdrawn, rank: 0),
            "削除フラグ 取消フラグ 無効フラグ 削除 取消 無効 削除区分 取消区分 DeleteFlag Deleted IsDeleted"
        ),
        (
            .field(.version, rank: 0),
            "版 版数 版番 版番号 履歴番号 更新回数 版No バージョン リビジョン 改訂番号 改版番号 Version Revision Rev Ver"
        ),
        (
            .field(.kind, rank: 0),
            """
            記録種別 文書種別 文書種類 文書区分 記録区分 記録種類 レポート種別 書類種別 文書分類 文書タイプ Kind DocumentType
            """
        ),
        (.field(.kind, rank: 1), "種別 種類 区分 分類 Type Category"),
        (.field(.kind, rank: 2), "文書種別コード 文書コード 記録種別コード 文書種類コード LOINC"),
        (.field(.title, rank: 0), "タイトル 表題 題名 標題 件名 文書名 文書名称 文書タイトル Title"),
        (.field(.title, rank: 1), "検査名 検査項目 検査項目名 検査名称"),
        (
            .field(.author, rank: 0),
            """
            記録者 記載者 作成者 著者 読影医 読影者 報告医 報告者 記載医 記載医師 記録者名 記載者名 作成者名 読影医名 報告者名
            診断医 読影医師 報告医師 作成医 作成医師 読影医師名 Author
            """
        ),
        (
            .field(.author, rank: 1),
            "担当医 主治医 担当医師 医師 医師名 担当者 担当看護師 看護師 担当医名 主治医名 Doctor Physician Radiologist Nurse Writer"
        ),
        (.field(.department, rank: 0), "診療科 診療科名 科 科名 部署 部署名 所属 Department Dept"),
        (.field(.facility, rank: 0), "施設 施設名 医療機関 医療機関名 病院名 Facility Hospital"),
        (
            .field(.visit, rank: 0),
            "入院ID 入院番号 来院番号 来院ID 受診番号 受診ID VisitID VisitNo EncounterID EncounterNo"
        ),
        (
            .wholeText,
            """
            本文 記録 内容 記録内容 記載内容 文書内容 文書本文 レポート本文 レポート内容 報告内容 報告書本文 報告本文 記事 記事内容
            テキスト 全文 文章 フリーテキスト 看護記録 経過記録 診療記録 Text Note NoteText Body Content Report ReportText
            """
        ),
        (.letter, "S O A P D R F I E"),
        (.section, SectionTitles.headings),
        (
            .passedOver,
            """
            患者氏名 患者名 患者カナ氏名 患者氏名カナ 患者カナ 氏名 氏名カナ カナ氏名 氏名漢字 漢字氏名 カナ フリガナ ふりがな 患者漢字氏名
            PatientName 性別 患者性別 Sex Gender 年齢 患者年齢 Age 生年月日 患者生年月日 BirthDate DOB 入外 入外区分 入院外来区分
            外来入院区分 病棟 病棟名 病棟コード 病室 病床 部屋番号 モダリティ Modality 検査種別 検査種 検査部位 部位 撮影部位 検査方法
            依頼医 依頼医師 依頼医名 依頼医師名 依頼者 依頼科 依頼科名 依頼日 依頼日時 受付日 受付日時 確定者 承認者 承認医 確定医
            二次読影医 更新者 更新者名 登録者 最終更新者 行番号 連番 通番 項番 No # 施設コード 医療機関コード 診療科コード 職種
            職種名 勤務帯 勤務 シフト 曜日 造影 造影剤 造影有無 検査機器 検査装置 装置 検査室 緊急度 重要度 入院年月日 依頼元 記録者ID 記載者ID 作成者ID 記録者コード 記録者職種 記載者職種 医師ID 医師コード 入院日 ICD10 ICD10コード 病名コード
            """
        ),
    ]
}
