// SPDX-License-Identifier: Apache-2.0

package import ClinicalTypes

/// Stage groups of lung cancer by the eighth and ninth edition of the UICC classification.
///
/// The cells of the eighth edition are those of the table that AJCC and UICC print (in force since 2017/2018);
/// those of the ninth (in force since 2025) part N2 into N2a and N2b. The descriptors behind T, N and M are
/// applied in `TNMRules`. Categories may be less precise than the table ("T2" without a letter): a group is
/// then given only as far as every possible letter agrees, and otherwise none, with the reason. Nothing is
/// guessed.
package enum StageGroups {
    /// An edition of the classification; the raw value is stored beside every stage.
    package enum Edition: String, CaseIterable, Hashable, Sendable {
        case eighth = "UICC-8"
        case ninth = "UICC-9"
    }

    /// The edition where a report names none, and that of models' heads.
    package static let edition = Edition.eighth.rawValue

    /// What a combination of categories leads to.
    package enum Outcome: Hashable, Sendable {
        /// A group, for example `IIIA`; `IA` or `IV` where only the common part is determined.
        case group(String)
        /// No group.
        case notDeterminable(NoStageReason)

        /// The group's name, if there is one.
        package var name: String? {
            if case .group(let name) = self { name } else { nil }
        }

        /// Why there is none.
        package var reason: NoStageReason? {
            if case .notDeterminable(let reason) = self { reason } else { nil }
        }
    }

    /// The group of the categories, for example `T2b`, `N1`, `M0`.
    package static func group(
        t: String, n: String, m: String, edition: Edition = .eighth
    ) -> Outcome {
        if m.hasPrefix("M1") { return groupOfMetastasis(m) }
        guard m == "M0" else { return .notDeterminable(.unknownCategory) }
        if n == "N0", t == "TX" { return .group("occult") }
        if n == "N0", t == "Tis" { return .group("0") }
        if t == "TX" || n == "NX" { return .notDeterminable(.unknownCategory) }
        guard let rows = letters[t], let columns = columns(n, edition) else {
            return .notDeterminable(.notInTable)
        }
        let table = table(edition)
        var groups: [String] = []
        for row in rows {
            for column in columns {
                guard let cells = table[row], column < cells.count else {
                    return .notDeterminable(.notInTable)
                }
                groups.append(cells[column])
            }
        }
        guard !groups.isEmpty else { return .notDeterminable(.notInTable) }
        guard let name = commonAncestor(of: groups) else {
            return .notDeterminable(.ambiguousLetter)
        }
        return .group(name)
    }

    private static func groupOfMetastasis(_ m: String) -> Outcome {
        switch m {
        case "M1a", "M1b": .group("IVA")
        case "M1c", "M1c1", "M1c2": .group("IVB")
        case "M1": .group("IV")
        default: .notDeterminable(.unknownCategory)
        }
    }

    /// Every row of the table that a category may stand for.
    private static let letters: [String: [String]] = [
        "T1mi": ["T1mi"], "T1a": ["T1a"], "T1b": ["T1b"], "T1c": ["T1c"],
        "T1": ["T1a", "T1b", "T1c"], "T2a": ["T2a"], "T2b": ["T2b"], "T2": ["T2a", "T2b"],
        "T3": ["T3"], "T4": ["T4"],
    ]

    /// Every column that a category may stand for; the eighth edition does not part N2.
    private static func columns(_ n: String, _ edition: Edition) -> [Int]? {
        switch (n, edition) {
        case ("N0", _): [0]
        case ("N1", _): [1]
        case ("N2", .eighth), ("N2a", .eighth), ("N2b", .eighth), ("N2a", .ninth): [2]
        case ("N2b", .ninth): [3]
        case ("N2", .ninth): [2, 3]
        case ("N3", .eighth): [3]
        case ("N3", .ninth): [4]
        default: nil
        }
    }

    private static func table(_ edition: Edition) -> [String: [String]] {
        edition == .eighth ? eighth : ninth
    }

    /// Columns N0, N1, N2, N3 of M0.
    private static let eighth: [String: [String]] = [
        "T1mi": ["IA1"],
        "T1a": ["IA1", "IIB", "IIIA", "IIIB"],
        "T1b": ["IA2", "IIB", "IIIA", "IIIB"],
        "T1c": ["IA3", "IIB", "IIIA", "IIIB"],
        "T2a": ["IB", "IIB", "IIIA", "IIIB"],
        "T2b": ["IIA", "IIB", "IIIA", "IIIB"],
        "T3": ["IIB", "IIIA", "IIIB", "IIIC"],
        "T4": ["IIIA", "IIIA", "IIIB", "IIIC"],
    ]

    /// Columns N0, N1, N2a, N2b, N3 of M0.
    private static let ninth: [String: [String]] = [
        "T1mi": ["IA1"],
        "T1a": ["IA1", "IIA", "IIB", "IIIA", "IIIB"],
        "T1b": ["IA2", "IIA", "IIB", "IIIA", "IIIB"],
        "T1c": ["IA3", "IIA", "IIB", "IIIA", "IIIB"],
        "T2a": ["IB", "IIB", "IIIA", "IIIB", "IIIB"],
        "T2b": ["IIA", "IIB", "IIIA", "IIIB", "IIIB"],
        "T3": ["IIB", "IIIA", "IIIA", "IIIB", "IIIC"],
        "T4": ["IIIA", "IIIA", "IIIB", "IIIB", "IIIC"],
    ]

    /// The group that all share: themselves if equal, `IA` for IA1 to IA3, otherwise none.
    private static func commonAncestor(of groups: [String]) -> String? {
        guard let first = groups.first else { return nil }
        if groups.allSatisfy({ $0 == first }) { return first }
        return groups.allSatisfy { $0.hasPrefix("IA") } ? "IA" : nil
    }
}
