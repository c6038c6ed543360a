// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import LinearHeads

/// What the second opinion sees of a report: its findings, not the rules' verdict.
package struct TNMFeatures: Sendable {
    /// Number of hash buckets; part of the bundle format.
    package static let bucketCount = 1 << 12
    /// Raised whenever a feature changes its meaning.
    package static let version = 1

    private var entries: [(index: UInt32, value: Float)] = []

    private mutating func add(_ family: String, _ parts: String...) {
        var hash = FeatureHash(family)
        for part in parts { hash.mix(part) }
        entries.append((hash.bucket(of: Self.bucketCount), 1))
    }

    /// The features of some findings.
    static func vector(_ findings: TNMFindings) -> SparseVector {
        var features = TNMFeatures()
        let rules = TNMRules(findings: findings)
        features.addTumour(findings, rules)
        features.addNodes(findings, rules)
        features.addSpread(findings, rules)
        for stated in findings.explicit {
            features.add("stated", String(stated.category.prefix(2)))
        }
        // A finding that is told twice is no stronger than one told once.
        var seen: Set<UInt32> = []
        return SparseVector(features.entries.filter { seen.insert($0.index).inserted })
    }

    private mutating func addTumour(_ findings: TNMFindings, _ rules: TNMRules) {
        if let primary = rules.primary {
            add("primary", primary.isMass ? "mass" : "nodule")
            add("size", Self.sizeName(primary.size?.millimetres))
        } else {
            add("primary", "none")
            if findings.isTreated { add("primary", "none-treated") }
            if findings.deniesLesions { add("primary", "denied") }
        }
        if findings.isTreated { add("treated") }
        if findings.placedCancer != nil { add("placed-cancer") }
        if findings.cancerMention == nil { add("no-cancer-mention") }
        if findings.obstruction != nil { add("obstruction") }
        if findings.mainBronchus != nil { add("main-bronchus") }
        for lesion in findings.lesions where lesion.isInMediastinum { add("in-mediastinum") }
        for invasion in findings.invasions {
            add("invasion", invasion.structure.featureName)
            add("invasion", invasion.structure.featureName, Self.name(invasion.assertion))
        }
        for nodule in rules.separateNodules {
            add("separate", "\(nodule.relation)")
            add("separate", "\(nodule.relation)", Self.name(nodule.assertion))
        }
    }

    private mutating func addNodes(_ findings: TNMFindings, _ rules: TNMRules) {
        if rules.regionalNodes.isEmpty { add("no-node") }
        if findings.deniesNodes { add("nodes-denied") }
        for node in rules.regionalNodes {
            let side = rules.isContralateral(node) ? "other" : "same"
            add("node", node.station.rawValue, side)
            add("node", node.station.rawValue, side, Self.name(node.assertion))
            if side == "other" { add("node-other-side") }
        }
    }

    private mutating func addSpread(_ findings: TNMFindings, _ rules: TNMRules) {
        for metastasis in findings.metastases {
            add("metastasis", Self.name(metastasis.assertion))
            add("metastasis", metastasis.site.featureName, Self.name(metastasis.assertion))
        }
        for node in findings.nodes where node.station == .distant {
            add("metastasis", Self.name(node.assertion))
        }
    }

    private static func sizeName(_ millimetres: Double?) -> String {
        switch millimetres {
        case nil: "unknown"
        case .some(...30): "T1"
        case .some(...50): "T2"
        case .some(...70): "T3"
        default: "T4"
        }
    }

    private static func name(_ assertion: Assertion) -> String {
        assertion >= .suspected ? "likely" : "possible"
    }
}
