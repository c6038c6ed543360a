// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Whether a model may take the place of the one that is active.
package struct ActivationGate: Sendable {
    /// Why it may not.
    package enum Objection: Hashable, Sendable {
        /// The active model answers a task that it does not.
        case lacks(String)
        /// It is right in nothing that a measure asks for.
        case nothingRight(GoldenScore.Measure, wanted: Int)
        /// It is worse than the active model by more than the margin.
        case worse(GoldenScore.Measure, candidate: Double, active: Double)
    }

    /// How much worse it may be in each measure, 0 to 1.
    package let margin: Double

    /// A gate.
    package init(margin: Double) { self.margin = margin }

    /// What speaks against a candidate; `tasks` are those that each answers. Without an active model, or a task of
    /// its own, only what is right at all counts.
    package func objections(
        to candidate: GoldenScore, tasks: Set<String>,
        active: (score: GoldenScore, tasks: Set<String>)?
    ) -> [Objection] {
        let lacking = (active?.tasks ?? []).subtracting(tasks).sorted().map(Objection.lacks)
        let faults = GoldenScore.Measure.allCases.compactMap { measure -> Objection? in
            guard tasks.contains(measure.task.rawValue), let value = candidate.value(of: measure)
            else { return nil }
            let wanted = candidate.wanted(of: measure)
            if value == 0 { return .nothingRight(measure, wanted: wanted) }
            guard let former = active?.score.value(of: measure), value < former - margin else {
                return nil
            }
            return .worse(measure, candidate: value, active: former)
        }
        return lacking + faults
    }
}

extension ActivationGate.Objection {
    /// It in words, without full stop.
    package var sentence: String {
        switch self {
        case .lacks(let task): "it does not answer \(task), which the active model does"
        case .nothingRight(let measure, let wanted):
            "\(measure.rawValue): it has none of \(wanted) right"
        case .worse(let measure, let candidate, let active):
            "\(measure.rawValue): \(Self.share(candidate)), the active model \(Self.share(active))"
        }
    }

    private static func share(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
