// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Decides whether a report has a primary lung cancer to stage, before any category is given.
///
/// A stated category of a lung cancer is always taken over. Otherwise the surest of the diseases that the
/// report names decides; where it hesitates between lung cancer and another, the answer is marked for a person.
struct StagingGate {
    /// What the gate lets through.
    struct Verdict: Equatable, Sendable {
        /// Why the report is not staged; nil if it is.
        let reason: NoStageReason?
        /// Whether a person should look at the decision.
        let isDoubtful: Bool

        static let staged = Verdict(reason: nil, isDoubtful: false)
    }

    private let findings: TNMFindings
    private let hasPrimary: Bool
    private let hasSpread: Bool
    /// How sure the report is of a primary lung cancer, by its last word on it; nil if it names none.
    private let lung: Assertion?

    /// A gate for findings and what the rules make of nodes and metastases.
    init(findings: TNMFindings, hasPrimary: Bool, hasSpread: Bool) {
        self.findings = findings
        self.hasPrimary = hasPrimary
        self.hasSpread = hasSpread
        lung = Self.lungCancer(findings)
    }

    private static func lungCancer(_ findings: TNMFindings) -> Assertion? {
        let lesions = findings.lesions.filter { ($0.spread ?? .negated) <= .negated }
        let ofLesions = lesions.compactMap(\.cancer).max()
        guard findings.isLungCancerDenied else { return max(findings.lungCancer, ofLesions) }
        return (ofLesions ?? .asked) >= .suspected ? ofLesions : .negated
    }

    private static func max(_ left: Assertion?, _ right: Assertion?) -> Assertion? {
        guard let left else { return right }
        return right.map { Swift.max(left, $0) } ?? left
    }

    /// The decision.
    var verdict: Verdict {
        if statesCategories { return .staged }
        // 骨シンチ(肺癌):多発骨転移です tells M, though nothing of the lungs was seen.
        let tellsSpread =
            namesLungCancer && findings.metastases.contains { $0.assertion == .stated }
        if findings.showsOtherRegion, !findings.showsLung, !isMeasured, !tellsSpread {
            return stop(.notExamined)
        }
        return tumourElsewhere ?? treated ?? harmless ?? staged
    }

    private func stop(_ reason: NoStageReason, doubtful: Bool = false) -> Verdict {
        Verdict(reason: reason, isDoubtful: doubtful)
    }

    private var statesCategories: Bool {
        let axes = Set(findings.explicit.map(\.axis))
        return axes.count >= 2 || !axes.isEmpty && lung != nil && lung != .negated
    }

    /// Whether the report is surer of lung cancer than a possibility, or asks for its examination.
    private var namesLungCancer: Bool { lung == .asked || (lung ?? .negated) >= .suspected }

    private func surest(_ kind: Diagnosis.Kind) -> Assertion? {
        findings.diagnoses.filter { $0.kind == kind && $0.assertion != .asked }.map(\.assertion)
            .max()
    }

    private func names(_ kind: Diagnosis.Kind) -> Bool {
        findings.diagnoses.contains { $0.kind == kind && $0.assertion != .negated }
    }

    // MARK: - Reasons

    private var tumourElsewhere: Verdict? {
        guard !namesLungCancer else { return nil }
        for (kind, reason) in [
            (Diagnosis.Kind.lymphoma, NoStageReason.lymphoma), (.thymoma, .thymoma),
        ] {
            guard let state = surest(kind), state > .negated else { continue }
            if state >= .suspected { return stop(reason, doubtful: lung == .possible) }
            if lung == nil || lung == .negated { return stop(reason) }
        }
        let metastasis = surest(.lungMetastasis) ?? .negated
        let nodules = findings.lesions.compactMap(\.spread).max() ?? .negated
        let spread = Swift.max(metastasis, nodules)
        if names(.otherCancer) || findings.statesOtherCancer {
            let uncertain = lung == .possible && spread < .suspected
            if !uncertain {
                return stop(.otherPrimary, doubtful: lung == .possible || isUnexplained)
            }
            return Verdict(reason: nil, isDoubtful: true)
        }
        let isMany = findings.primary.map { findings.lesions[$0].isMultiple } ?? true
        if spread >= .suspected, isMany, lung == nil || lung == .negated {
            return stop(.otherPrimary, doubtful: hasPrimary)
        }
        return nil
    }

    /// A nodule of the lung that the report does not explain.
    private var isUnexplained: Bool {
        hasPrimary && (surest(.lungMetastasis) ?? .negated) < .suspected
    }

    private var treated: Verdict? {
        guard findings.isTreated || findings.deniesRecurrence || names(.surgery) else { return nil }
        guard namesLungCancer || findings.isTreated || findings.deniesRecurrence else { return nil }
        guard !hasPrimary, !hasSpread else { return nil }
        let recurrence = surest(.recurrence) ?? .negated
        guard recurrence < .suspected else { return nil }
        let reason: NoStageReason = names(.surgery) ? .postOperative : .afterTreatment
        return stop(reason, doubtful: recurrence == .possible)
    }

    private var harmless: Verdict? {
        let benign = surest(.benign) ?? .negated
        let inflammation = surest(.inflammation) ?? .negated
        let surest = Swift.max(benign, inflammation)
        guard surest > .negated else { return nil }
        let reason: NoStageReason = inflammation >= benign ? .inflammation : .benign
        if (lung ?? .negated) >= .suspected {
            return refutesSuspicion ? stop(reason, doubtful: true) : nil
        }
        let isOpen = lung == .possible || lung == .asked
        if surest == .possible, isOpen { return nil }
        guard explainsPrimary else { return nil }
        return stop(reason, doubtful: isOpen)
    }

    /// `肺癌の疑いで紹介。右上葉の陰影は瘢痕と考える`: what was suspected is explained otherwise, and nothing
    /// in the lungs is called cancer.
    private var refutesSuspicion: Bool {
        guard lung == .suspected, !hasPrimary, !hasSpread else { return false }
        guard !findings.lesions.contains(where: { ($0.cancer ?? .negated) > .negated }) else {
            return false
        }
        return findings.diagnoses.contains {
            ($0.kind == .benign || $0.kind == .inflammation) && $0.assertion >= .suspected
                && ($0.side == .left || $0.side == .right) && !$0.lobes.isEmpty
        }
    }

    /// Whether a harmless disease is named for the lesion that may be a cancer, before another lesion and
    /// not for another place of the lungs.
    private var explainsPrimary: Bool {
        let suspect = findings.lesions.firstIndex { ($0.cancer ?? .negated) > .negated }
        guard let index = findings.primary ?? suspect else { return true }
        let lesion = findings.lesions[index]
        let next = findings.lesions.map(\.range.lowerBound).filter { $0 > lesion.range.lowerBound }
            .min()
        return findings.diagnoses.contains {
            ($0.kind == .benign || $0.kind == .inflammation) && $0.assertion > .negated
                && $0.range.lowerBound >= lesion.range.lowerBound
                && $0.range.lowerBound < next ?? Int.max && isPlace(of: lesion, $0)
        }
    }

    private func isPlace(of lesion: LungLesion, _ diagnosis: Diagnosis) -> Bool {
        let side = diagnosis.side == nil || lesion.side == nil || diagnosis.side == lesion.side
        let lobe =
            diagnosis.lobes.isEmpty || lesion.lobes.isEmpty
            || !diagnosis.lobes.isDisjoint(with: lesion.lobes)
        return side && lobe
    }

    /// Whether a cancer of the lung is told of with its size, whatever else was examined.
    private var isMeasured: Bool {
        guard let primary = findings.primary else { return false }
        let lesion = findings.lesions[primary]
        return !lesion.sizes.isEmpty && (lesion.cancer ?? .negated) >= .suspected
    }

    private var staged: Verdict {
        if lung == nil || lung == .negated {
            guard hasPrimary else { return stop(nothingReason) }
            // A mass or nodule that no one calls cancer, but for what it does.
            return Verdict(reason: nil, isDoubtful: !hasSpread && findings.invasions.isEmpty)
        }
        // Cancer is suspected, the lungs were looked at, and nothing is there.
        if !hasPrimary, !hasSpread, findings.deniesLesions { return stop(.noLungCancer) }
        // A metastasis is as possible as a cancer of the lung.
        if lung == .possible, (surest(.lungMetastasis) ?? .negated) > .negated {
            return Verdict(reason: nil, isDoubtful: true)
        }
        return .staged
    }

    private var nothingReason: NoStageReason {
        findings.showsOtherRegion && !findings.showsLung ? .notExamined : .noLungCancer
    }
}
