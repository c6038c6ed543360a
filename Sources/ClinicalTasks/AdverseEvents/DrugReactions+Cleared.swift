// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText

/// Drugs and diseases that no pair names and that take no part in a reaction, as the document tells.
extension DrugReactions {
    /// Drugs that the document clears: those that only treat a reaction, and those that were borne well; none that a
    /// pair names.
    ///
    /// Numbers of entities, of every mention of such a drug.
    package static func cleared(
        of entities: [Entity], in text: AnalyzedText, pairs: [AdverseEventPair]
    ) -> Set<Int> {
        guard entities.contains(where: { $0.type == .drug }) else { return [] }
        let read = CausalText(entities, in: text)
        let suspects = Set(pairs.filter { $0.rule != .excluded }.map { read.name(of: $0.drug) })
        let treating = Set(TreatedDiseases(read).pairs.map(\.drug))
        var borne = Set(pairs.filter { $0.level == .unrelated }.map { read.name(of: $0.drug) })
        let began =
            pairs.filter { $0.level >= .probable || $0.rule == .excluded }
            .map { entities[$0.disease].span.range.start }.min()
            // 薬剤性ではなかった。…療法を実施: what is begun after all drugs were cleared.
            ?? CausalWords.noDrug.first(in: read.scalars, read.scalars.indices)
            .map { read.span(of: $0).range.start }
        for (number, group) in read.groups.enumerated() where group.type == .drug {
            // …を認め、グルコン酸カルシウムを静注した: begun after the reaction, and in no pair.
            let isRescue =
                began.map { began in
                    group.members.allSatisfy { member in
                        let name = read.name(of: member)
                        return entities.indices.allSatisfy {
                            entities[$0].type != .drug || read.name(of: $0) != name
                                || entities[$0].span.range.start > began
                        }
                    }
                } == true
                && (read.has(
                    CausalWords.begun, read.clause(read.rest(after: number), atMost: 14))
                    || read.has(
                        CausalWords.rescues, read.clause(read.rest(after: number), atMost: 14))
                    || read.has(
                        CausalWords.improvements,
                        read.clause(read.rest(after: number), atMost: 14)))
            let rest = read.clause(read.tail(after: number), atMost: 30, stopsAtComma: false)
            let next = read.groups[(number + 1)...].first { $0.type == .drug }
            let end = next?.range.lowerBound ?? read.scalars.count
            let own = read.clause(
                read.tail(after: number).clamped(to: 0..<end), atMost: 40, stopsAtComma: false)
            let isAcquitted =
                read.has(CausalWords.acquittals, own) && !read.has(CausalWords.noDenials, own)
            let isUnchanged =
                read.has(CausalWords.persistence, rest) && read.has(CausalWords.negatives, rest)
            // カンデサルタンへ変更したところ消失: what took the culprit's place.
            let isReplacement = CausalWords.replacements.prefix(of: read.scalars, rest) != nil
            guard
                read.has(CausalWords.tolerated, rest) || isUnchanged || isReplacement
                    || isAcquitted || isRescue
                    || Self.treats(number, in: read)
            else { continue }
            borne.formUnion(group.members.map { read.name(of: $0) })
        }
        // 治療中に特記すべき有害事象は認めなかった, of the drugs of the sentences before.
        for (number, sentence) in read.sentences.enumerated()
        where read.has(CausalWords.tolerated, sentence) {
            for group in read.groups
            where group.type == .drug && (number - 2..<number).contains(group.sentence) {
                borne.formUnion(group.members.map { read.name(of: $0) })
            }
        }
        let names = treating.union(borne).subtracting(suspects)
        return Set(
            entities.indices.filter {
                entities[$0].type == .drug && names.contains(read.name(of: $0))
            }
        ).union(backgrounds(in: read, pairs: pairs))
    }

    /// Diseases that the document only tells as what the patient had or was treated for, and that no pair names:
    /// 統合失調症で通院中, 高尿酸血症に投与開始, 関節リウマチに対し (a suspect).
    private static func backgrounds(in text: CausalText, pairs: [AdverseEventPair]) -> Set<Int> {
        // What only comes in the same breath as a drug, and is what another is given for, was there before.
        let given = TreatedDiseases(text).pairs
        let statedReactions = Set(
            pairs.filter { $0.rule != .afterStart && $0.level > .unrelated }
                .map { text.name(of: $0.disease) })
        func isCertainlyTreated(_ disease: Int) -> Bool {
            let name = text.name(of: disease)
            return !statedReactions.contains(name)
                && given.contains { treatment in
                    treatment.disease == name
                        && pairs.contains {
                            $0.rule == .statedCause && text.name(of: $0.drug) == treatment.drug
                        }
                }
        }
        let caused = Set(
            pairs.filter {
                $0.level > .unrelated && !($0.rule == .afterStart && isCertainlyTreated($0.disease))
            }.map { text.name(of: $0.disease) })
        let suspects = Set(
            pairs.filter { $0.rule != .excluded && $0.level > .unrelated }
                .map { text.name(of: $0.drug) })
        // アムロジピンは5年前から変更なく内服: a drug of long standing.
        let standing = Set(
            text.groups.indices.filter {
                text.groups[$0].type == .drug
                    && text.has(
                        CausalWords.standing,
                        text.clause(text.rest(after: $0), stopsAtComma: false))
            }.flatMap { text.groups[$0].members.map(text.name(of:)) })
        let treated = Set(
            TreatedDiseases(text).pairs
                .filter { suspects.contains($0.drug) || standing.contains($0.drug) }
                .map(\.disease))
        var background: Set<String> = []
        var other: Set<String> = []
        var members: [Int] = []
        for (number, group) in text.groups.enumerated() where group.type == .disease {
            members += group.members
            let isCause =
                CausalWords.explanations.prefix(of: text.scalars, text.rest(after: number)) != nil
                && text.neighbour(number - 1, of: number)?.type == .disease
            let isBackground = text.isBackground(number) || isCause
            for name in group.members.map(text.name(of:)) {
                if isBackground || treated.contains(name) {
                    background.insert(name)
                } else {
                    other.insert(name)
                }
            }
        }
        let names = background.subtracting(other).subtracting(caused)
        return Set(members.filter { names.contains(text.name(of: $0)) })
    }

    /// 同薬を中止してプレドニゾロンを開始した, 術前治療としてゲムシタビンを2コース: what was begun against a disease.
    private static func treats(_ number: Int, in text: CausalText) -> Bool {
        let lead = text.lead(before: number)
        let near = text.clause(text.tail(after: number), atMost: 24, stopsAtComma: false)
        if CausalWords.asTreatment.ends(text.scalars, lead)
            || CausalWords.treatmentLabels.ends(text.scalars, lead)
            || CausalWords.treatmentLabels.prefix(
                of: text.scalars, text.sentences[text.groups[number].sentence]) != nil
            || text.has(CausalWords.supports, near)
        {
            return true
        }
        guard text.has(CausalWords.begun, near) else { return false }
        if CausalWords.afterStop.ends(text.scalars, lead) { return true }
        // …と診断した。グルコン酸カルシウムを静注し軽快した。
        let sentence = text.groups[number].sentence
        return lead.isEmpty && sentence > 0 && text.has(["診断"], text.sentences[sentence - 1])
            && text.has(CausalWords.improvements, text.tail(after: number))
    }
}

extension CausalWords {
    /// Behind a drug that the patient has taken for long.
    static let standing: WordList = [
        "年前から", "年前より", "年来", "以前から", "以前より", "変更なく", "長年", "長期に", "は継続し", "を継続して", "は続けて", "は続行",
    ]
    static let asTreatment: WordList = [
        "治療として", "療法として", "補助療法として", "レジメンとして", "治療目的に", "治療薬として", "対症療法として",
    ]
    static let afterStop: WordList = [
        "中止して", "中止し", "中止し、", "休薬し", "休薬し、", "休薬して", "中止のうえ", "中止のうえ、", "中止の上", "中止の上、", "中止とし",
        "中止とし、",
    ]
    static let replacements: WordList = [
        "へ変更", "に変更", "へ切り替え", "に切り替え", "へ切替", "に切替", "へスイッチ", "へ置換", "に置き換え", "へ移行", "に移行",
        "内服へ移行", "内服に移行", "経口へ移行", "内服へ切り替え", "内服に切り替え",
    ]
    /// Behind a drug that was tried against a reaction.
    static let rescues: WordList = [
        "が選択", "を選択",
        "抵抗性", "無効", "不応", "効果不十分", "効果なく", "を用い", "で制御", "で管理", "を要し", "に反応", "が奏効", "が著効",
    ]
    /// Headings before what was done about an event.
    static let treatmentLabels: WordList = [
        "処置:", "処置>", "処置】", "処置〉", "治療:", "治療>", "治療】", "対応:", "対応>", "対応】", "対処:", "対処>", "対処】",
    ]
    /// Behind drugs that support the patient through an event.
    static let supports: WordList = [
        "で支持療法", "による支持療法", "で対症療法", "による対症療法", "で是正", "で補正", "にて是正", "にて補正", "を補充", "で拮抗",
    ]
    /// Behind a drug that is cleared.
    static let acquittals: WordList = [
        "関連なし", "関連なく", "因果関係は否定", "因果関係は乏", "因果関係は低",
        "関与しな", "関与はな", "関与せず", "関与していな", "関連しな", "関連はな", "無関係", "関与は否定", "因果関係はな", "因果関係なし",
        "(関連なし",
        "(因果関係なし", "(関連性なし", "とは関係な", "は無関係",
    ]
    /// Behind a drug: nothing came of it.
    static let tolerated: WordList = [
        "再投与しても問題な", "再開しても問題な", "問題なく完遂", "問題なく終了", "で問題なかっ", "問題なかった", "は継続のまま", "継続のまま",
        "継続で再燃な",
        "忍容性は良好", "忍容性良好", "忍容性は保た", "忍容性に問題な", "有害事象な", "有害事象はな", "有害事象を認めず", "有害事象は認めず",
        "有害事象は認めな", "有害事象はみられ", "副作用な", "副作用はな", "副作用を認めず", "副作用は認めず", "副作用は認めな", "副作用はみられ",
        "副作用もな", "副作用なく", "問題なく継続", "問題なく投与", "問題なく内服", "問題なく使用", "中止せず", "変更なく継続", "副反応な", "副反応はな",
        "副反応を認めず", "副反応は認めず",
    ]
}
