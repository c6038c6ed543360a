// SPDX-License-Identifier: Apache-2.0

/// One mention of a document, as far as cases are compared by it.
package struct CaseMention: Hashable, Sendable {
    /// What it names.
    package let type: EntityType
    /// Its words.
    package let surface: String
    /// Its standard name, where it has one.
    package let normalized: String?
    /// Its codes of ICD-10, joined by `;`, where it has any.
    package let icd10: String?
    /// What is said of it.
    package let status: AssertionStatus
    /// Whether it is the drug or the reaction of a pair of level 2 or 3.
    package let isCausal: Bool

    /// A mention.
    package init(
        type: EntityType, surface: String, normalized: String?, icd10: String?,
        status: AssertionStatus, isCausal: Bool
    ) {
        self.type = type
        self.surface = surface
        self.normalized = normalized
        self.icd10 = icd10
        self.status = status
        self.isCausal = isCausal
    }
}
