// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Diseases whose names say which drug did it.
extension DrugReactions {
    /// アシクロビル脳症, 急性カフェイン中毒, サイアザイド誘発性低Na血症, HIT: the drug itself, one of the class that is named, or one
    /// that becomes the substance that is named (バラシクロビル); an allergy is no event.
    mutating func readNames() {
        for (number, group) in text.groups.enumerated() where group.type == .disease {
            for disease in group.members {
                let surface = Array(text.entities[disease].span.surface.unicodeScalars)
                guard !CausalWords.dispositions.occurs(in: surface, surface.indices) else {
                    continue
                }
                let drugs = drugsNamed(by: disease, surface, before: group)
                let names = Set(drugs.map(text.name(of:)))
                func part(_ type: EntityType, _ members: [Int]) -> CausalText.Group {
                    CausalText.Group(
                        type: type, members: members, range: group.range, sentence: group.sentence)
                }
                guard !drugs.isEmpty else { continue }
                add(
                    drugs: part(.drug, drugs), diseases: part(.disease, [disease]), level: .certain,
                    rule: .statedCause, cue: group.range, review: names.count > 2)
                // テオフィリン中毒のため痙攣をきたした
                readConsequence(of: part(.drug, drugs), number, cue: group.range)
            }
        }
    }

    /// The drugs that the name of a disease begins with.
    private func drugsNamed(
        by disease: Int, _ surface: [Unicode.Scalar], before group: CausalText.Group
    ) -> [Int] {
        let whole = text.entities[disease].span.range
        let skipped =
            CausalWords.beginningsOfNames.prefix(of: surface, surface.indices)?.count ?? 0
        let within = text.entities.indices.first {
            text.entities[$0].type == .drug && whole.contains(text.entities[$0].span.range)
                && text.entities[$0].span.range.start - whole.start <= skipped
        }
        if let within {
            // The same drug where it was given stands for its name within the disease.
            let name = text.name(of: within)
            let given = drugs(before: group).filter { text.name(of: $0) == name }
            if !given.isEmpty { return [within] + given }
        }
        if let named = DrugClass.named(in: surface, at: skipped, end: surface.count) {
            let all = text.entities.indices.filter { text.entities[$0].type == .drug }
            for drugs in [drugs(before: group), all] {
                let members = drugs.filter {
                    $0 != within && named.drugs.holds($0, of: text.entities)
                }
                if !members.isEmpty { return members + [within].compactMap { $0 } }
            }
        }
        let run = surface[skipped...].prefix { (0x30A1...0x30FC).contains($0.value) }
        if run.count >= 4 {
            let members = drugs(before: group).filter { text.isOrBecomes($0, run) }
            if !members.isEmpty { return members }
        }
        return within.map { [$0] } ?? []
    }

    /// The drugs that the text names before a group, outside of the names of diseases.
    private func drugs(before group: CausalText.Group) -> [Int] {
        text.groups.filter {
            $0.type == .drug && !$0.isReference && $0.range.upperBound <= group.range.lowerBound
        }.flatMap(\.members)
    }
}

extension CausalText {
    /// Whether a drug is the substance of a name in katakana, or one that it comes from: 炭酸リチウム, バラシクロビル.
    func isOrBecomes(_ drug: Int, _ name: ArraySlice<Unicode.Scalar>) -> Bool {
        names(of: drug).contains { other in
            let scalars = Array(other.unicodeScalars).filter {
                (0x30A1...0x30FC).contains($0.value)
            }
            if scalars.count >= 4, scalars.starts(with: name) || name.starts(with: scalars) {
                return true
            }
            let common = zip(scalars.reversed(), name.reversed()).prefix { $0 == $1 }.count
            // シクロビル, リチウム; グリプチン or マイシン alone are no substance.
            return common >= 5 || common == name.count
        }
    }

    private func names(of drug: Int) -> [String] {
        [entities[drug].span.surface, entities[drug].normalized].compactMap { $0 }
    }
}

extension CausalWords {
    /// What the name of a disease may begin with, before the drug.
    static let beginningsOfNames: WordList = ["急性", "慢性", "遅発性", "重症", "二次性", "続発性", "薬剤性", "亜急性"]
    /// Diseases that a drug names because of what may come, not of what came.
    static let dispositions: WordList = [
        "不応", "無効", "アレルギー", "過敏", "喘息", "不耐", "抵抗", "耐性", "依存",
    ]
}
