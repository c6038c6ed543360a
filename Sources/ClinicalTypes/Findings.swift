// SPDX-License-Identifier: Apache-2.0

/// What was found in one document: the value that goes from the tasks to the database's rows.
package struct Findings: Hashable, Sendable {
    /// Entities in order of the text.
    package var entities: [Entity] = []
    /// TNM, for a report on lung cancer.
    package var tnm: TNMStage?
    /// Grades of the entities.
    package var adverseEvents: [AdverseEvent] = []
    /// Drugs with the reactions that the text says they caused, or did not cause.
    package var adverseEventPairs: [AdverseEventPair] = []
    /// Keys under which similar documents meet; empty if similarity is not asked for.
    package var similarityBands: [UInt64] = []
    /// What the document is compared by; nil if similarity is not asked for.
    package var profile: SentenceProfile?
    /// How alike it is to earlier documents, once it has been compared with them.
    package var similarities: [Similarity] = []

    /// Nothing found.
    package init() {}
}
