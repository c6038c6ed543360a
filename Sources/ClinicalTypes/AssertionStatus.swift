// SPDX-License-Identifier: Apache-2.0

/// How sure the text is that the patient has it (PRISM attribute `certainty`).
///
/// What is said of somebody else, of a condition ("if it occurs") or of a risk is `general`, so that
/// `positive` alone always means: the patient has it, as far as the text goes.
package enum Certainty: String, Codable, CaseIterable, Hashable, Sendable {
    case positive
    case suspicious
    case negative
    case general
}

/// Whose finding it is; the raw value stands in the database.
package enum MentionSubject: String, Codable, CaseIterable, Hashable, Sendable {
    case patient
    case family
    /// Somebody else: a room-mate, a member of staff.
    case other
}

/// When it holds; the raw value stands in the database.
package enum Temporality: String, Codable, CaseIterable, Hashable, Sendable {
    case current
    /// Of earlier times, or resolved.
    case past
    /// Planned, or only on a condition.
    case planned
}

/// What is done with a drug; the raw value stands in the database.
package enum DrugState: String, Codable, CaseIterable, Hashable, Sendable {
    case given
    case planned
    case stopped
    case notGiven = "not-given"
    /// The patient must not have it.
    case allergy
}

/// What a text says of something that it mentions, and by which words.
package struct AssertionStatus: Hashable, Codable, Sendable {
    /// How sure the text is that the patient has it.
    package var certainty: Certainty
    /// Whose it is.
    package var subject: MentionSubject
    /// When it holds.
    package var temporality: Temporality
    /// For a drug or its dose, what is done with it.
    package var state: DrugState?
    /// The words that say so; nil where nothing but the mention itself says it.
    package var cue: TextSpan?

    /// A status; without arguments, that of a finding which is simply stated.
    package init(
        certainty: Certainty = .positive, subject: MentionSubject = .patient,
        temporality: Temporality = .current, state: DrugState? = nil, cue: TextSpan? = nil
    ) {
        self.certainty = certainty
        self.subject = subject
        self.temporality = temporality
        self.state = state
        self.cue = cue
    }
}
