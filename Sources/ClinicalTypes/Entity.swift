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

/// How the standard name or code of an entity was found; the raw value stands in the database.
package enum NormalizationMethod: String, Codable, CaseIterable, Hashable, Sendable {
    /// The entity's text is a term of the dictionary.
    case exact
    /// It is one without words of side, degree, doubt or course.
    case modifier
    /// It ends in one.
    case head
}

/// How a mention was found; the raw value stands in the database.
package enum MentionMethod: String, Codable, CaseIterable, Hashable, Sendable {
    /// By the model.
    case model
    /// By a list of terms, where the model saw nothing that the patient has.
    case dictionary
    /// By written rules for what looks like a dose.
    case rules
}

/// A mention of a disease or symptom, a drug, or a dose, with its place and what is said of it.
package struct Entity: Hashable, Codable, Sendable {
    /// What it names.
    package let type: EntityType
    /// Where it stands and what stands there.
    package let span: TextSpan
    /// What the text says of it.
    package var status: AssertionStatus
    /// Standard name, where a dictionary knows one.
    package var normalized: String?
    /// How the standard name or code was found; nil where there is none.
    package var normalizedBy: NormalizationMethod?
    /// ICD-10 code without the point, where a dictionary knows one; several are joined by `;`.
    package var icd10: String?
    /// Of a drug, its code in the price list: seven digits for an ingredient and route, four for a class.
    package var drugCode: String?
    /// The edition of the list that the code of a drug is of.
    package var codeEdition: String?
    /// The code of a disease or of a drug.
    package var code: String? { type == .drug ? drugCode : icd10 }
    /// Of what a model found, the probability that the whole span is such an entity of the patient's, 0 to 1; 0.5
    /// of what lists and rules found, which give none.
    package var score: Double
    /// The part of the model that finds it by itself; nil for a model of one part.
    package var part: ModelPart?
    /// How it was found.
    package var foundBy: MentionMethod
    /// For a dose, the index of its drug in the document's list of entities.
    package var drug: Int?
    /// Whether a person should look: the written layer and the model differ, or the words are unclear.
    package var needsReview: Bool

    /// How sure the text is that the patient has it.
    package var certainty: Certainty { status.certainty }

    /// An entity.
    package init(
        type: EntityType, span: TextSpan, certainty: Certainty = .positive,
        normalized: String? = nil, normalizedBy: NormalizationMethod? = nil, icd10: String? = nil,
        score: Double, foundBy: MentionMethod = .model, needsReview: Bool = false
    ) {
        self.type = type
        self.span = span
        status = AssertionStatus(certainty: certainty)
        self.normalized = normalized
        self.normalizedBy = normalizedBy
        self.icd10 = icd10
        self.score = score
        self.foundBy = foundBy
        self.needsReview = needsReview
    }
}
