// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@Suite("Tasks of kinds of document")
struct ClinicalTaskTests {
    @Test("what is asked where nothing is configured is what shoken.toml(5) says")
    func standard() {
        #expect(DocumentKind.nursing.standardTasks == [.entities, .tnm, .similarity])
        #expect(DocumentKind.radiology.standardTasks == [.entities, .tnm, .similarity])
        #expect(
            DocumentKind.caseReport.standardTasks == [
                .entities, .tnm, .adverseEvents, .similarity,
            ])
    }

    @Test("a key has underscores where the name in a bundle has hyphens")
    func keys() {
        #expect(
            ClinicalTask.allCases.map(\.configurationKey) == [
                "entities", "tnm", "adverse_events", "similarity",
            ])
    }
}
