// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText

/// Sentences that name a drug as the cause of a disease in so many words: シスプラチンによる急性腎障害.
///
/// A grade learnt from few reports misses short ones; a named culprit must not count as unrelated.
struct CausalWording {
    private let entities: [Entity]
    private let text: CleanedText
    /// Places of the entities in the cleaned text.
    private let places: [CleanedRange]

    init(_ entities: [Entity], in text: CleanedText) {
        self.entities = entities
        self.text = text
        places = entities.map { text.cleanedRange(of: $0.span.range) }
    }

    private static let causes: WordList = [
        "による", "によると考え", "によって生じ", "により", "に起因", "が原因", "を原因", "誘発性", "起因性", "関連", "が被疑薬", "を被疑薬",
        "に続発", "に伴う",
        "によるもの", "が誘因", "に関連", "性",
    ]
    /// What a drug does for a disease, not to the patient: プレドニゾロンによる肺炎の治療.
    private static let remedies: WordList = [
        "の治療", "治療", "の改善", "の予防", "予防", "の軽快", "に対", "の加療", "は改善", "は軽快", "が改善", "が軽快", "は消失",
        "のコントロール", "の寛解",
    ]
    private static let suspects: WordList = ["が被疑", "を被疑", "が原因", "を原因", "が疑わし", "の副作用", "による副作用"]
    /// Most characters between the wording and the disease: による重篤な急性腎障害.
    private static let reach = 16

    /// The indexes of the drugs and diseases that are named as cause and effect.
    var indexes: Set<Int> {
        var found: Set<Int> = []
        for (drug, entity) in entities.enumerated() where entity.type == .drug {
            let end = places[drug].end
            guard
                let wording = Self.causes.match(
                    in: text.scalars, at: end, end: min(text.scalars.count, end + 12))
            else { continue }
            if Self.suspects.match(in: text.scalars, at: end, end: text.scalars.count) != nil {
                found.insert(drug)
            }
            guard let disease = effect(after: wording.upperBound) else { continue }
            found.formUnion([drug, disease])
        }
        return found
    }

    /// The disease that a causal wording speaks of.
    private func effect(after place: Int) -> Int? {
        entities.indices.first { index in
            let range = places[index]
            guard entities[index].type == .disease, entities[index].certainty != .negative,
                range.start >= place, range.start <= place + Self.reach,
                !text.scalars[place..<range.start].contains(where: {
                    "。\n".unicodeScalars.contains($0)
                })
            else { return false }
            return Self.remedies.match(in: text.scalars, at: range.end, end: text.scalars.count)
                == nil
        }
    }
}
