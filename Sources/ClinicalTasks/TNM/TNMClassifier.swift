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

    /// The stage that a report tells; nil if it is not about a lung tumour.
    package func stage(of document: DocumentReading) -> TNMStage? {
        stage(of: document.text)
    }

    /// The stage that a text tells; nil if it is not about a lung tumour.
    package func stage(of text: AnalyzedText) -> TNMStage? {
        let report = FoldedReport(text.cleaned.scalars)
        let findings = TNMReportParser.findings(in: report)
        let decision = TNMRules(findings: findings).decide()
        guard decision.concernsLungCancer else { return nil }
        let opinions = opinions(on: findings)
        let evidence = decision.reasons.map { reason in
            TNMEvidence(
                axis: reason.axis, rule: reason.rule,
                span: reason.range.map { text.textSpan(of: report.cleanedRange($0)) })
        }
        func score(_ axis: TNMAxis) -> Double {
            opinions[axis]?[decision.number(of: axis)] ?? 0
        }
        return TNMStage(
            t: decision.t, n: decision.n, m: decision.m,
            stage: StageGroups.group(t: decision.t, n: decision.n, m: decision.m).name,
            edition: StageGroups.edition,
            tScore: score(.t), nScore: score(.n), mScore: score(.m), evidence: evidence,
            needsReview: TNMAxis.allCases.filter { axis in
                Self.likeliest(opinions[axis] ?? []) != decision.number(of: axis)
            })
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
