// SPDX-License-Identifier: Apache-2.0

/// What an entity names; the raw value stands in the database.
package enum EntityType: String, Codable, CaseIterable, Hashable, Sendable {
    /// A disease or symptom (PRISM tag `d`).
    case disease
    /// A drug's name (PRISM tag `m-key`).
    case drug
    /// An amount of a drug (PRISM tag `m-val`).
    case dose
}

/// How sure the text is that the patient has it (PRISM attribute `certainty`).
package enum Certainty: String, Codable, CaseIterable, Hashable, Sendable {
    case positive
    case suspicious
    case negative
    case general
}

/// How the standard name of an entity was found; the raw value stands in the database.
package enum NormalizationMethod: String, Codable, CaseIterable, Hashable, Sendable {
    /// The entity's text is a term of the dictionary.
    case exact
    /// It is one without words of side, degree, doubt or course.
    case modifier
    /// It ends in one.
    case head
}

/// A disease or symptom that the patient has, a drug, or a dose, with its place in the text.
package struct Entity: Hashable, Codable, Sendable {
    /// What it names.
    package let type: EntityType
    /// Where it stands and what stands there.
    package let span: TextSpan
    /// How sure the text is.
    package let certainty: Certainty
    /// Standard name, where a dictionary knows one.
    package let normalized: String?
    /// How the standard name was found; nil where there is none.
    package let normalizedBy: NormalizationMethod?
    /// ICD-10 code without the point, where a dictionary knows one; several are joined by `;`.
    package let icd10: String?
    /// Probability that the whole span is such an entity, 0 to 1.
    package let score: Double

    /// An entity.
    package init(
        type: EntityType, span: TextSpan, certainty: Certainty = .positive,
        normalized: String? = nil, normalizedBy: NormalizationMethod? = nil, icd10: String? = nil,
        score: Double
    ) {
        self.type = type
        self.span = span
        self.certainty = certainty
        self.normalized = normalized
        self.normalizedBy = normalizedBy
        self.icd10 = icd10
        self.score = score
    }
}
