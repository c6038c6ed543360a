// SPDX-License-Identifier: Apache-2.0

/// Which part an entity plays in a possible adverse drug event.
package enum AdverseEventRole: String, Codable, CaseIterable, Hashable, Sendable {
    /// The disease or symptom that may be the event.
    case disease
    /// The drug that may have caused it.
    case drug
}

/// How likely an entity takes part in an adverse drug event: the report's own four levels.
///
/// Not a WHO-UMC verdict, which needs a reviewer.
package enum AdverseEventLevel: Int, Codable, CaseIterable, Hashable, Comparable, Sendable {
    case unrelated = 0
    case unlikely = 1
    case probable = 2
    case certain = 3

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The grade of one entity of a case report.
package struct AdverseEvent: Hashable, Codable, Sendable {
    /// Index of the entity in the document's list of entities.
    package let entityIndex: Int
    /// Event or suspected cause.
    package let role: AdverseEventRole
    /// The level.
    package let level: AdverseEventLevel
    /// Probability of that level, 0 to 1.
    package let score: Double

    /// A grade.
    package init(entityIndex: Int, role: AdverseEventRole, level: AdverseEventLevel, score: Double)
    {
        self.entityIndex = entityIndex
        self.role = role
        self.level = level
        self.score = score
    }
}
