// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import Glibc
package import ResultStore

/// A recorded case and how alike it is to the one that was asked about.
package struct SimilarCase: Sendable {
    /// The document.
    package let stored: StoredCase
    /// How alike, and by what.
    package let likeness: CaseLikeness
}

/// Looks for recorded cases like one: first the documents that share its rarest names, then these one by one.
package struct SimilarCases {
    private let reader: ResultReader
    private let filter: CaseFilter
    /// Names that are looked up, the weightiest.
    private static let mostNames = 12
    /// Documents that are compared.
    private static let mostDocuments = 100
    /// Mentions of a name that are counted: one that has more is common.
    private static let mostCounted = 10_000

    /// A search within what a filter lets through.
    package init(reader: ResultReader, filter: CaseFilter) {
        (self.reader, self.filter) = (reader, filter)
    }

    /// The cases like a profile, best first; the document that was asked about and its other versions are
    /// left out. Throws `StoreError`.
    package func cases(
        like asked: CaseProfile, otherThan own: StoredCase?
    ) throws -> [SimilarCase] {
        let rarities = try rarities(of: asked)
        // What only the other case tells of weighs as the middle of what this one does.
        let typical = rarities.isEmpty ? 1 : rarities.values.reduce(0, +) / Double(rarities.count)
        let names = asked.concepts.filter { !$0.isDenied }.flatMap { concept in
            let weight = (rarities[concept.name] ?? typical) * (concept.isCausal ? 2 : 1)
            return concept.spellings.map { (name: $0, type: concept.type, weight: weight) }
        }.sorted { $0.weight > $1.weight }
        let candidates = try reader.documents(
            speakingOf: Array(names.prefix(Self.mostNames)), within: filter,
            limit: Self.mostDocuments)
        var found: [SimilarCase] = []
        for document in candidates where document != own?.document {
            guard let stored = try reader.storedCase(ofDocument: document),
                stored.key == nil || stored.key != own?.key
            else { continue }
            let likeness = CaseLikeness(of: asked, and: CaseProfile(of: stored.mentions)) {
                rarities[$0.name] ?? typical
            }
            found.append(SimilarCase(stored: stored, likeness: likeness))
        }
        return found.sorted {
            ($0.likeness.score, $0.stored.document) > ($1.likeness.score, $1.stored.document)
        }
    }

    /// How rare each concept is among all documents, by its name: 1, and the logarithm of how many there are
    /// for each that speaks of it.
    private func rarities(of asked: CaseProfile) throws -> [String: Double] {
        let documents = Double(try reader.currentDocuments() + 1)
        var rarities: [String: Double] = [:]
        for concept in asked.concepts where rarities[concept.name] == nil {
            let counts = try concept.spellings.map {
                try reader.frequency(of: $0, type: concept.type, upTo: Self.mostCounted)
            }
            rarities[concept.name] = 1 + max(0, log(documents / Double((counts.max() ?? 0) + 1)))
        }
        return rarities
    }
}
