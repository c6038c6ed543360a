// SPDX-License-Identifier: Apache-2.0

/// Which of the three categories.
package enum TNMAxis: String, Codable, CaseIterable, Hashable, Sendable {
    case t = "T"
    case n = "N"
    case m = "M"
}

/// Why a category was given: the words of the report that decided it, and the rule applied.
package struct TNMEvidence: Hashable, Codable, Sendable {
    /// Which category it speaks of.
    package let axis: TNMAxis
    /// Name of the rule, for example `size-over-5cm`.
    package let rule: String
    /// The words that it rests on; nil where the rule is that nothing was found.
    package let span: TextSpan?

    /// A piece of evidence.
    package init(axis: TNMAxis, rule: String, span: TextSpan?) {
        self.axis = axis
        self.rule = rule
        self.span = span
    }
}

/// TNM categories of a lung cancer with the stage group that follows.
package struct TNMStage: Hashable, Codable, Sendable {
    /// `T0`, `T1` … `T4`, with the sub-letter where it is determined (`T1b`); nil if not stated.
    package let t: String?
    /// `N0` … `N3`; nil if not stated.
    package let n: String?
    /// `M0`, `M1`, `M1a` …; nil if not stated.
    package let m: String?
    /// Stage group (`IIIA`); nil where the categories do not determine one.
    package let stage: String?
    /// Edition of the classification that `stage` follows, for example `UICC-8`.
    package let edition: String
    /// Confidence in T, 0 to 1.
    package let tScore: Double
    /// Confidence in N, 0 to 1.
    package let nScore: Double
    /// Confidence in M, 0 to 1.
    package let mScore: Double
    /// What the categories rest on.
    package let evidence: [TNMEvidence]
    /// Axes on which the second opinion differs, which a person should look at.
    package let needsReview: [TNMAxis]

    /// A stage.
    package init(
        t: String?, n: String?, m: String?, stage: String?, edition: String,
        tScore: Double, nScore: Double, mScore: Double,
        evidence: [TNMEvidence], needsReview: [TNMAxis]
    ) {
        self.t = t
        self.n = n
        self.m = m
        self.stage = stage
        self.edition = edition
        self.tScore = tScore
        self.nScore = nScore
        self.mScore = mScore
        self.evidence = evidence
        self.needsReview = needsReview
    }
}
