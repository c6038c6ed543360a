// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ClinicalTasks

@Suite("Stage groups")
struct StageGroupsTests {
    @Test(
        "Every cell of the table",
        arguments: [
            ("T1mi", ["IA1"]), ("T1a", ["IA1", "IIB", "IIIA", "IIIB"]),
            ("T1b", ["IA2", "IIB", "IIIA", "IIIB"]), ("T1c", ["IA3", "IIB", "IIIA", "IIIB"]),
            ("T2a", ["IB", "IIB", "IIIA", "IIIB"]), ("T2b", ["IIA", "IIB", "IIIA", "IIIB"]),
            ("T3", ["IIB", "IIIA", "IIIB", "IIIC"]), ("T4", ["IIIA", "IIIA", "IIIB", "IIIC"]),
        ])
    func cells(t: String, groups: [String]) {
        for (n, group) in groups.enumerated() {
            #expect(StageGroups.group(t: t, n: "N\(n)", m: "M0") == .group(group))
        }
    }

    @Test(
        "A category without letter gives the common part only",
        arguments: [
            ("T1", "N0", "M0", "IA"), ("T1", "N1", "M0", "IIB"), ("T2", "N1", "M0", "IIB"),
            ("T2", "N2", "M0", "IIIA"), ("T1", "N3", "M0", "IIIB"), ("T0", "N2", "M1", "IV"),
            ("T2", "N0", "M1", "IV"), ("T4", "N0", "M1a", "IVA"), ("T1a", "N0", "M1b", "IVA"),
            ("TX", "NX", "M1c", "IVB"), ("TX", "N0", "M0", "occult"), ("Tis", "N0", "M0", "0"),
        ])
    func common(t: String, n: String, m: String, group: String) {
        #expect(StageGroups.group(t: t, n: n, m: m) == .group(group))
    }

    @Test("T2 N0 may be IB or IIA, so there is no group")
    func ambiguous() {
        #expect(
            StageGroups.group(t: "T2", n: "N0", m: "M0") == .notDeterminable(.ambiguousLetter))
    }

    @Test(
        "Combinations outside the table have no group",
        arguments: [
            ("T0", "N0", "M0"), ("T0", "N1", "M0"), ("T1mi", "N1", "M0"), ("Tis", "N1", "M0"),
            ("T5", "N0", "M0"),
        ])
    func outside(t: String, n: String, m: String) {
        #expect(StageGroups.group(t: t, n: n, m: m) == .notDeterminable(.notInTable))
    }

    @Test(
        "An unknown category gives no group unless M decides",
        arguments: [
            ("TX", "N2", "M0"), ("T1a", "NX", "M0"), ("T1", "N0", "MX"), ("T1", "N0", "M2"),
            ("T1", "N0", "M1d"),
        ])
    func unknown(t: String, n: String, m: String) {
        #expect(StageGroups.group(t: t, n: n, m: m) == .notDeterminable(.unknownCategory))
    }

    @Test(
        "Cells that the ninth edition changed, and plain N2 as far as it is decided",
        arguments: [
            ("T1b", "N1", "IIA"), ("T1c", "N2a", "IIB"), ("T1a", "N2b", "IIIA"),
            ("T2a", "N2a", "IIIA"), ("T2b", "N2b", "IIIB"), ("T3", "N2a", "IIIA"),
            ("T3", "N2b", "IIIB"), ("T4", "N2", "IIIB"), ("T4", "N3", "IIIC"), ("T2a", "N0", "IB"),
            ("T2", "N1", "IIB"), ("T1", "N3", "IIIB"),
        ])
    func ninth(t: String, n: String, group: String) {
        #expect(StageGroups.group(t: t, n: n, m: "M0", edition: .ninth) == .group(group))
    }

    @Test(
        "Sub-categories of the ninth edition: N2 alone is not enough, the eighth does not part it")
    func subcategories() {
        #expect(
            StageGroups.group(t: "T1a", n: "N2", m: "M0", edition: .ninth)
                == .notDeterminable(.ambiguousLetter))
        #expect(StageGroups.group(t: "T1a", n: "N2b", m: "M0") == .group("IIIA"))
        #expect(StageGroups.group(t: "TX", n: "NX", m: "M1c2", edition: .ninth) == .group("IVB"))
    }
}
