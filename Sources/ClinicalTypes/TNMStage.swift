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
    /// The category that it speaks for, with its prefix where the report states it (`pT2a`); nil where it
    /// speaks for none by itself.
    package let category: String?
    /// Name of the rule, for example `size-over-5cm`.
    package let rule: String
    /// The words that it rests on; nil where the rule is that nothing was found.
    package let span: TextSpan?

    /// A piece of evidence.
    package init(axis: TNMAxis, category: String? = nil, rule: String, span: TextSpan?) {
        self.axis = axis
        self.category = category
        self.rule = rule
        self.span = span
    }
}

/// Why a report has no stage group; the raw value is what results name it by.
package enum NoStageReason: String, Codable, CaseIterable, Hashable, Sendable {
    /// The tumour is a metastasis of another organ's cancer, or the report is about such a cancer.
    case otherPrimary = "other-primary"
    case lymphoma
    /// Thymoma, or another tumour of the mediastinum.
    case thymoma
    /// A benign tumour, a scar, a cyst.
    case benign
    /// Pneumonia, abscess, tuberculosis and the like.
    case inflammation
    /// After surgery, without recurrence.
    case postOperative = "post-operative"
    /// After other treatment, without a tumour that is left or has come back.
    case afterTreatment = "after-treatment"
    /// The examination does not show the lungs.
    case notExamined = "not-examined"
    /// The lungs were looked at, and no tumour is told of.
    case noLungCancer = "no-lung-cancer"
    /// A model that follows instructions gave no answer, since the document is longer than its budget.
    case notAnswered = "not-answered"
    /// An axis is X, and the others do not decide.
    case unknownCategory = "unknown-category"
    /// The table has no cell for the categories, for example T0 N1 M0.
    case notInTable = "not-in-table"
    /// The sub-letters that are not told would decide.
    case ambiguousLetter = "ambiguous-letter"
}

/// TNM categories of a lung cancer with the stage group that follows.
package struct TNMStage: Hashable, Codable, Sendable {
    /// `TX`, `T0`, `Tis`, `T1` … `T4`, with the sub-letter where it is determined (`T1b`, `T1mi`); nil if the
    /// report is not staged.
    package let t: String?
    /// `NX`, `N0` … `N3`, `N2a`, `N2b`; nil if the report is not staged.
    package let n: String?
    /// `MX`, `M0`, `M1`, `M1a` … `M1c2`; nil if the report is not staged.
    package let m: String?
    /// Stage group (`IIIA`); nil where the categories do not determine one.
    package let stage: String?
    /// Why there is no stage group; nil if there is one.
    package let reason: NoStageReason?
    /// How the categories that the report states were gained: `c`, `p`, `yc`, `yp`, `r`, `a`; nil if it
    /// states none, or no prefix.
    package let prefix: String?
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
    /// Axes that a person should look at: the second opinion differs, the report contradicts itself, hesitates
    /// or says something that was not understood.
    package let needsReview: [TNMAxis]

    /// A stage.
    package init(
        t: String?, n: String?, m: String?, stage: String?, reason: NoStageReason? = nil,
        prefix: String? = nil, edition: String,
        tScore: Double, nScore: Double, mScore: Double,
        evidence: [TNMEvidence], needsReview: [TNMAxis]
    ) {
        self.t = t
        self.n = n
        self.m = m
        self.stage = stage
        self.reason = reason
        self.prefix = prefix
        self.edition = edition
        self.tScore = tScore
        self.nScore = nScore
        self.mScore = mScore
        self.evidence = evidence
        self.needsReview = needsReview
    }
}

extension TNMStage {
    private func category(_ axis: TNMAxis) -> String? {
        switch axis {
        case .t: t
        case .n: n
        case .m: m
        }
    }

    /// Whether any axis has a category other than X.
    package var tellsCategory: Bool {
        TNMAxis.allCases.contains { category($0).map { !$0.hasSuffix("X") } ?? false }
    }

    /// The same stage with every category for review that the text does not state.
    package var reviewingInferred: TNMStage {
        let stated = Set(evidence.filter { $0.rule == "stated-in-report" }.map(\.axis))
        return TNMStage(
            t: t, n: n, m: m, stage: stage, reason: reason, prefix: prefix, edition: edition,
            tScore: tScore, nScore: nScore, mScore: mScore, evidence: evidence,
            needsReview: TNMAxis.allCases.filter {
                needsReview.contains($0) || !stated.contains($0) && category($0) != nil
            })
    }
}
