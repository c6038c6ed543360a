// SPDX-License-Identifier: Apache-2.0

/// Stage groups of lung cancer by the eighth edition of the UICC classification.
///
/// The cells are those of the table that AJCC and UICC print for the eighth edition (in force since
/// 2017/2018); the descriptors behind T, N and M are applied in `TNMRules`. Categories may be less
/// precise than the table ("T2" without a letter): a group is then given only as far as every
/// possible letter agrees, and otherwise none, with the reason. Nothing is guessed.
package enum StageGroups {
    /// The edition, as stored beside every stage.
    package static let edition = "UICC-8"

    /// What a combination of categories leads to.
    package enum Outcome: Hashable, Sendable {
        /// A group, for example `IIIA`; `IA` or `IV` where only the common part is determined.
        case group(String)
        /// No group.
        case notDeterminable(Reason)

        /// The group's name, if there is one.
        package var name: String? {
            if case .group(let name) = self { name } else { nil }
        }
    }

    /// Why no group is given.
    package enum Reason: String, Hashable, Sendable {
        /// A category is not stated and the others do not decide.
        case missingCategory
        /// A category is not one of the eighth edition.
        case unknownCategory
        /// The table has no cell for the combination, for example T0 N1 M0.
        case notInTable
        /// The possible sub-letters lead to groups without a common parent.
        case ambiguousLetter
    }

    /// The group of the categories, for example `T2b`, `N1`, `M0`.
    package static func group(t: String?, n: String?, m: String?) -> Outcome {
        if let m, m.hasPrefix("M1") { return groupOfMetastasis(m) }
        guard let t, let n, let m else { return .notDeterminable(.missingCategory) }
        guard m == "M0", let candidates = letters[t], nodeColumns[n] != nil || n == "NX" else {
            return .notDeterminable(.unknownCategory)
        }
        if n == "N0", t == "TX" { return .group("occult") }
        if n == "N0", t == "Tis" { return .group("0") }
        guard let column = nodeColumns[n] else { return .notDeterminable(.notInTable) }
        let groups = candidates.compactMap { cell(t: $0, column: column) }
        guard groups.count == candidates.count, !groups.isEmpty else {
            return .notDeterminable(.notInTable)
        }
        guard let name = commonAncestor(of: groups) else {
            return .notDeterminable(.ambiguousLetter)
        }
        return .group(name)
    }

    private static func groupOfMetastasis(_ m: String) -> Outcome {
        switch m {
        case "M1a", "M1b": .group("IVA")
        case "M1c": .group("IVB")
        case "M1": .group("IV")
        default: .notDeterminable(.unknownCategory)
        }
    }

    /// Every row of the table that a category may stand for.
    private static let letters: [String: [String]] = [
        "T1mi": ["T1mi"], "T1a": ["T1a"], "T1b": ["T1b"], "T1c": ["T1c"],
        "T1": ["T1a", "T1b", "T1c"], "T2a": ["T2a"], "T2b": ["T2b"], "T2": ["T2a", "T2b"],
        "T3": ["T3"], "T4": ["T4"], "T0": [], "TX": [], "Tis": [],
    ]

    private static let nodeColumns = ["N0": 0, "N1": 1, "N2": 2, "N3": 3]

    /// Columns N0, N1, N2, N3 of M0.
    private static let table: [String: [String]] = [
        "T1mi": ["IA1"],
        "T1a": ["IA1", "IIB", "IIIA", "IIIB"],
        "T1b": ["IA2", "IIB", "IIIA", "IIIB"],
        "T1c": ["IA3", "IIB", "IIIA", "IIIB"],
        "T2a": ["IB", "IIB", "IIIA", "IIIB"],
        "T2b": ["IIA", "IIB", "IIIA", "IIIB"],
        "T3": ["IIB", "IIIA", "IIIB", "IIIC"],
        "T4": ["IIIA", "IIIA", "IIIB", "IIIC"],
    ]

    private static func cell(t: String, column: Int) -> String? {
        guard let row = table[t], column < row.count else { return nil }
        return row[column]
    }

    /// The group that all share: themselves if equal, `IA` for IA1 to IA3, otherwise none.
    private static func commonAncestor(of groups: [String]) -> String? {
        guard let first = groups.first else { return nil }
        if groups.allSatisfy({ $0 == first }) { return first }
        return groups.allSatisfy { $0.hasPrefix("IA") } ? "IA" : nil
    }
}
