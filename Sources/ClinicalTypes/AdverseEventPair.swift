// SPDX-License-Identifier: Apache-2.0

/// The kind of wording by which a text joins a drug to a reaction; the raw value stands in the database.
package enum CausalRule: String, Codable, CaseIterable, Hashable, Sendable {
    /// X による Y, X 誘発性 Y, X の副作用で Y.
    case statedCause = "stated-cause"
    /// Y の被疑薬は X, Y は X によるもの.
    case namedCulprit = "named-culprit"
    /// X 開始 5 日後に Y, X 投与中に Y.
    case afterStart = "after-start"
    /// Y を認め X を中止し改善.
    case withdrawal
    /// X 再投与で Y 再燃.
    case rechallenge
    /// X の DLST 陽性.
    case positiveTest = "positive-test"
    /// Y は X とは関連しない: the text speaks of the pair to deny it.
    case excluded
}

/// A drug of a case report with a reaction that the text says it caused, or did not cause.
///
/// Not a WHO-UMC verdict, which needs a reviewer.
package struct AdverseEventPair: Hashable, Codable, Sendable {
    /// Index of the drug in the document's list of entities.
    package let drug: Int
    /// Index of the reaction in the document's list of entities.
    package let disease: Int
    /// How sure the text is: `unrelated` and `unlikely` for what it denies or doubts.
    package let level: AdverseEventLevel
    /// The kind of wording that decided.
    package let rule: CausalRule
    /// The words that decided.
    package let cue: TextSpan
    /// Whether a person should look, because only nearness tells which drug or which reaction is meant.
    package let needsReview: Bool

    /// A pair.
    package init(
        drug: Int, disease: Int, level: AdverseEventLevel, rule: CausalRule, cue: TextSpan,
        needsReview: Bool
    ) {
        self.drug = drug
        self.disease = disease
        self.level = level
        self.rule = rule
        self.cue = cue
        self.needsReview = needsReview
    }
}
