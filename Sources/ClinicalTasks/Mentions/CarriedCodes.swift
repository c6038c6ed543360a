// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import JapaneseText
import Terminology

/// Gives mentions the codes that a model's own lists have for them, and where a mention is a standard name, that.
///
/// The lists are hashes, so the standard name of another surface is not known here; a user dictionary gives it.
/// The whole text is looked up, of a disease then its core without words of side, degree, doubt or course.
struct CarriedCodes {
    private let diseases: TermTable?
    private let drugs: MentionLexicon?

    init(diseases: TermTable?, drugs: MentionLexicon?) {
        (self.diseases, self.drugs) = (diseases, drugs)
    }

    /// The mention with its code; as it was where the lists have none.
    func coded(_ entity: Entity, in text: AnalyzedText) -> Entity {
        let range = text.cleaned.cleanedRange(of: entity.span.range)
        // COPD stands for a name that a list has.
        let name =
            entity.normalized ?? String(scalars: text.cleaned.scalars[range.start..<range.end])
        return switch entity.type {
        case .disease: disease(entity, name)
        case .drug: drug(entity, name)
        case .dose: entity
        }
    }

    private func disease(_ entity: Entity, _ name: String) -> Entity {
        var entity = entity
        for (method, name) in [(NormalizationMethod.exact, name)]
            + TermModifiers.cores(of: name).map({ (.modifier, $0) })
        {
            guard let entry = diseases?.entry(of: name.unicodeScalars),
                entry.code != nil || entry.isStandard
            else { continue }
            entity.icd10 = entry.code
            if entry.isStandard { entity.normalized = entity.normalized ?? name }
            entity.normalizedBy = method
            return entity
        }
        return entity
    }

    private func drug(_ entity: Entity, _ name: String) -> Entity {
        guard let drugs, let entry = drugs.drugs.entry(of: name.unicodeScalars),
            entry.code != nil || entry.isStandard
        else { return entity }
        var entity = entity
        if let code = entry.code { (entity.drugCode, entity.codeEdition) = (code, drugs.edition) }
        if entry.isStandard { entity.normalized = entity.normalized ?? name }
        entity.normalizedBy = .exact
        return entity
    }
}
