// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What a person should look at.
extension TNMRules {
    /// Axes on which the report hesitates, contradicts itself, or says what was not understood.
    var doubts: Set<TNMAxis> {
        var doubts = Set(findings.possibleCategories.map(\.axis))
        for axis in TNMAxis.allCases {
            if let stated = findings.explicit.chosen(axis) {
                if stated.isDoubtful || contradicts(stated) || isAmbiguous(stated) {
                    doubts.insert(axis)
                }
            } else if hesitates(axis) {
                doubts.insert(axis)
            }
        }
        return doubts
    }

    /// Whether findings of the report lead to another category than it states.
    private func contradicts(_ stated: ExplicitCategory) -> Bool {
        var reasons: [TNMDecision.Reason] = []
        let inferred =
            switch stated.axis {
            case .t: inferredTumour(&reasons)
            case .n: inferredNodes(&reasons)
            case .m: inferredMetastasis(&reasons)
            }
        guard inferred.number > 0 else { return false }
        let digit = Verdict(stated.category).number
        if stated.axis == .t, inferred.category == "TX" { return false }
        if stated.axis == .t, stated.category == "Tis" { return inferred.category != "Tis" }
        if digit != inferred.number { return true }
        // A letter that the measured size refutes.
        let letters =
            stated.axis == .t && stated.category.count == 3 && inferred.category.count == 3
        return letters && stated.category != inferred.category && !isPathological(stated)
    }

    private func isPathological(_ stated: ExplicitCategory) -> Bool {
        stated.prefix.contains("p") || stated.prefix.contains("y")
    }

    /// Whether the report states two categories of an axis without a word for which of them counts, or
    /// states this one for the past and others for today.
    private func isAmbiguous(_ stated: ExplicitCategory) -> Bool {
        let others = findings.explicit.filter {
            $0.axis == stated.axis && $0.category != stated.category && $0.prefix == stated.prefix
                && $0.standing == stated.standing && $0.edition == stated.edition
        }
        let isPast =
            stated.standing == .former && findings.explicit.contains { $0.standing == .current }
        return isPast || !others.isEmpty
    }

    private func hesitates(_ axis: TNMAxis) -> Bool {
        switch axis {
        case .t:
            let unread = findings.bareSize != nil && primary?.size == nil
            let invasions = findings.invasions.contains {
                $0.assertion == .possible || $0.structure == .brachialPlexus
            }
            let glass = primary.map { $0.isGroundGlass && !$0.isPureGroundGlass } ?? false
            return unread || invasions || glass
        case .n:
            return findings.hasUnsettledNodes
                || regionalNodes.contains { $0.assertion == .possible }
        case .m:
            return findings.metastases.contains { $0.assertion == .possible }
                || separateNodules.contains {
                    $0.relation == .otherLung && $0.assertion == .possible
                }
                || findings.nodes.contains { $0.station == .distant && $0.assertion == .possible }
        }
    }
}
