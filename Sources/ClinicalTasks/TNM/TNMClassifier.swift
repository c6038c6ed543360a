// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import Foundation
import JSONFiles
package import JapaneseText
package import LinearHeads
import Tensors

/// Stages a lung cancer from a radiology report: written rules decide, a learned head checks.
///
/// The rules (`TNMRules`) work on findings that a parser took from the report, each with its place;
/// the head is a multinomial logistic regression over the same findings. Where the two differ, the
/// axis stands in `needsReview` and the score is low, for the score of a category is the head's
/// probability of it. The parser, the rules and the generator of training reports were written
/// after the RRTNM training reports had been read.
package struct TNMClassifier: TaskModel {
    package static let taskName = "tnm"

    /// The second opinion of each axis.
    private let heads: [TNMAxis: LinearHead]
    /// The edition of stages where a report says nothing of it.
    package var edition = StageGroups.Edition.eighth

    /// A classifier from fitted heads with `classCount(of:)` classes over `TNMFeatures`.
    package init(t: LinearHead, n: LinearHead, m: LinearHead) {
        heads = [.t: t, .n: n, .m: m]
        for (axis, head) in heads {
            precondition(head.classCount == Self.classCount(of: axis), "classes of the axis")
            precondition(head.featureCount == TNMFeatures.bucketCount, "buckets")
        }
    }

    /// Number of classes: T0–T4, N0–N3, M0–M1.
    package static func classCount(of axis: TNMAxis) -> Int {
        switch axis {
        case .t: 5
        case .n: 4
        case .m: 2
        }
    }

    // MARK: - Storage

    private struct Settings: Codable {
        let featureVersion: Int
        let edition: String
    }

    package init(parameters: TaskParameters) throws {
        guard let settings = try? JSONDecoder().decode(Settings.self, from: parameters.settings)
        else { throw TaskParameterError.settings(task: Self.taskName, field: "settings") }
        guard settings.featureVersion == TNMFeatures.version else {
            throw TaskParameterError.settings(task: Self.taskName, field: "featureVersion")
        }
        guard settings.edition == StageGroups.edition else {
            throw TaskParameterError.settings(task: Self.taskName, field: "edition")
        }
        var heads: [TNMAxis: LinearHead] = [:]
        for axis in TNMAxis.allCases {
            heads[axis] = try LinearHead(
                tensors: parameters.tensors, prefix: axis.rawValue, task: Self.taskName,
                classCount: Self.classCount(of: axis), featureCount: TNMFeatures.bucketCount,
                link: .exclusive)
        }
        self.heads = heads
    }

    package func parameters() throws -> TaskParameters {
        let settings = Settings(
            featureVersion: TNMFeatures.version, edition: StageGroups.edition)
        var tensors: [String: Tensor] = [:]
        for (axis, head) in heads {
            tensors.merge(head.tensors(prefix: axis.rawValue)) { first, _ in first }
        }
        return TaskParameters(settings: try JSONEncoder.sorted().encode(settings), tensors: tensors)
    }

    // MARK: - Staging

    /// The stage that a text tells, or why it tells none; what it tells of relatives and of earlier times
    /// (`histories`) is no finding of today's.
    package func stage(
        of text: AnalyzedText, histories: DocumentHistories = DocumentHistories()
    ) -> TNMStage {
        let report = FoldedReport(text.cleaned)
        let findings = TNMReportParser.findings(in: report, histories: histories)
        let decision = TNMRules(findings: findings, edition: edition).decide()
        let evidence = decision.reasons.map { reason in
            TNMEvidence(
                axis: reason.axis, category: reason.category, rule: reason.rule,
                span: reason.range.map { text.textSpan(of: report.cleanedRange($0)) })
        }
        if let reason = decision.gate.reason {
            return TNMStage(
                t: nil, n: nil, m: nil, stage: nil, reason: reason,
                edition: decision.edition.rawValue, tScore: 0, nScore: 0, mScore: 0,
                evidence: evidence,
                needsReview: decision.gate.isDoubtful ? TNMAxis.allCases : [])
        }
        let opinion = SecondOpinion(decision, opinions(on: findings))
        let outcome = Self.group(decision)
        return TNMStage(
            t: decision.t, n: decision.n, m: decision.m, stage: outcome.name,
            reason: outcome.reason, prefix: decision.prefix, edition: decision.edition.rawValue,
            tScore: opinion.score(.t), nScore: opinion.score(.n), mScore: opinion.score(.m),
            evidence: evidence,
            needsReview: TNMAxis.allCases.filter {
                decision.doubts.contains($0) || opinion.differs(on: $0)
            })
    }

    /// The stage group; a tumour that the report does not describe is no occult carcinoma.
    private static func group(_ decision: TNMDecision) -> StageGroups.Outcome {
        if decision.t == "TX", !decision.stated.contains(.t), decision.m == "M0" {
            return .notDeterminable(.unknownCategory)
        }
        return StageGroups.group(
            t: decision.t, n: decision.n, m: decision.m, edition: decision.edition)
    }

    /// What the learned head makes of the same findings.
    private struct SecondOpinion {
        let decision: TNMDecision
        let opinions: [TNMAxis: [Double]]

        init(_ decision: TNMDecision, _ opinions: [TNMAxis: [Double]]) {
            (self.decision, self.opinions) = (decision, opinions)
        }

        /// Score of a category that the report states and nothing in it contradicts.
        static let stated = 0.95

        func score(_ axis: TNMAxis) -> Double {
            if isStated(axis) { return Self.stated }
            return opinions[axis]?[decision.number(of: axis)] ?? 0
        }

        /// The head knows neither X nor what is stated, and sees findings only.
        func differs(on axis: TNMAxis) -> Bool {
            if isStated(axis) { return false }
            return TNMClassifier.likeliest(opinions[axis] ?? []) != decision.number(of: axis)
        }

        private func isStated(_ axis: TNMAxis) -> Bool {
            decision.stated.contains(axis) && !decision.doubts.contains(axis)
        }
    }

    /// The benchmark's answer, `A` for T0, N0 or M0 and so on; answers for any text.
    package func letter(for axis: TNMAxis, text: AnalyzedText) -> String {
        let findings = TNMReportParser.findings(in: FoldedReport(text.cleaned.scalars))
        return Self.letter(TNMRules(findings: findings).decide().number(of: axis))
    }

    /// The same answer by the learned head alone, to measure it.
    package func learnedLetter(for axis: TNMAxis, text: AnalyzedText) -> String {
        let findings = TNMReportParser.findings(in: FoldedReport(text.cleaned.scalars))
        return Self.letter(Self.likeliest(opinions(on: findings)[axis] ?? []))
    }

    /// The probability that the learned head gives to that answer.
    package func learnedScore(for axis: TNMAxis, text: AnalyzedText) -> Double {
        let findings = TNMReportParser.findings(in: FoldedReport(text.cleaned.scalars))
        return opinions(on: findings)[axis]?.max() ?? 0
    }

    /// The features of a text, for training.
    package static func features(of text: CleanedText) -> SparseVector {
        TNMFeatures.vector(TNMReportParser.findings(in: FoldedReport(text.scalars)))
    }

    private func opinions(on findings: TNMFindings) -> [TNMAxis: [Double]] {
        let vector = TNMFeatures.vector(findings)
        return heads.mapValues { $0.probabilities(vector) }
    }

    private static func likeliest(_ probabilities: [Double]) -> Int {
        probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    }

    private static func letter(_ number: Int) -> String {
        ["A", "B", "C", "D", "E"][min(number, 4)]
    }
}
