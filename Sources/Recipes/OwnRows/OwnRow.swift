// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import ClinicalTypes

/// A text of a site's own with what people say of it: a row of its data, of whichever tasks.
package struct OwnRow: Hashable, Sendable {
    /// A mention that somebody marked.
    package struct Mention: Hashable, Sendable {
        /// What it names.
        package var type: EntityType
        /// Where it stands, in Unicode scalars of the text.
        package var range: SourceRange
        /// How sure the text is of it; nil where nobody says.
        package var certainty: Certainty?
        /// Whose it is; nil where nobody says.
        package var subject: MentionSubject?
        /// How likely it takes part in an adverse event; nil where nobody says.
        package var level: AdverseEventLevel?

        /// Whether the patient has it, as far as anybody says: what heads for entities learn to find.
        var isThePatients: Bool {
            (certainty ?? .positive) == .positive && (subject ?? .patient) == .patient
        }
    }

    /// How likely a name takes part in an adverse event, wherever it stands.
    package struct Grade: Hashable, Sendable {
        /// The name, as the text has it.
        package var surface: String
        /// Event or suspected cause.
        package var role: AdverseEventRole
        /// How likely.
        package var level: AdverseEventLevel

        /// A grade.
        package init(surface: String, role: AdverseEventRole, level: AdverseEventLevel) {
            (self.surface, self.role, self.level) = (surface, role, level)
        }
    }

    /// The line, from 1.
    package var line: Int
    /// The text.
    package var text: String
    /// The second text of a pair; nil where there is one text.
    package var second: String?
    /// What kind of document it is.
    package var kind: DocumentKind
    /// The fold that the row says it is in, 0 to 4.
    package var fold: Int?
    /// The mentions, in the order of the text; nil where nobody looked for them.
    package var mentions: [Mention]?
    /// The types that were looked for.
    package var annotated = Set(EntityType.allCases)
    /// Grades of names, each name and role once.
    package var grades: [Grade] = []
    /// The categories that people read in it.
    package var categories: [TNMAxis: String] = [:]
    /// The stage group beside them; heads do not learn it.
    package var stage: String?
    /// How alike the two texts are, 0 to 5.
    package var similarity: Int?
    /// Symptoms that were asked for, and whether they are there.
    package var symptoms: [Symptom: Bool] = [:]

    /// Whether a task can learn from it.
    package func serves(_ task: OwnRowTask) -> Bool {
        switch task {
        case .entities: mentions != nil
        case .tnm: !categories.isEmpty
        case .adverseEvents: !grades.isEmpty
        case .similarity: similarity != nil
        case .symptoms: !symptoms.isEmpty
        }
    }
}

/// The tasks that rows of one's own can teach; raw values as in `[heads]`.
package enum OwnRowTask: String, CaseIterable, Hashable, Sendable {
    case entities, tnm
    case adverseEvents = "adverse-events"
    case similarity, symptoms
}
