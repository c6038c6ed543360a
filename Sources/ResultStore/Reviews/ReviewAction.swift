// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// A mention that a reviewer speaks of.
package enum ReviewedMention: Hashable, Sendable {
    /// One that the model found: its row in `entities`.
    case entity(Int64)
    /// One that a reviewer added: the row in `reviews` that did.
    case added(Int64)
}

/// What a mention is, as a reviewer reads it.
package struct MentionReading: Hashable, Sendable {
    /// What it names.
    package var type: EntityType
    /// Where it stands, in Unicode scalars of the document's text.
    package var range: SourceRange
    /// How sure the text is.
    package var certainty: Certainty
    /// Whose finding it is.
    package var subject: MentionSubject

    /// A reading.
    package init(
        type: EntityType, range: SourceRange, certainty: Certainty = .positive,
        subject: MentionSubject = .patient
    ) {
        self.type = type
        self.range = range
        self.certainty = certainty
        self.subject = subject
    }
}

/// A part of a stage that a reviewer sets.
package enum StagePart: String, CaseIterable, Hashable, Sendable {
    case t, n, m
    /// The stage group.
    case stage

    /// Whether this is how a category or a group is written: `T1mi`, `N2a`, `M1c2`, `IIIA`.
    package func allows(_ value: String) -> Bool {
        switch self {
        case .t: value.wholeMatch(of: /T(X|0|is|1mi|[1-4][abc]?)/) != nil
        case .n: value.wholeMatch(of: /N(X|[0-3][abc]?)/) != nil
        case .m: value.wholeMatch(of: /M(X|0|1[ab]?|1c[12]?)/) != nil
        case .stage: value.wholeMatch(of: /0|I|I?V|II|III|(I[ABV]|II|III)[ABC]?|IA[123]/) != nil
        }
    }
}

/// One thing that a reviewer does.
package enum ReviewAction: Hashable, Sendable {
    /// The mention is right as the reviewer sees it.
    case accept(ReviewedMention)
    /// There is no such mention.
    case reject(ReviewedMention)
    /// The mention is another one than it seemed.
    case change(ReviewedMention, MentionReading)
    /// A mention was missed.
    case add(MentionReading)
    /// The level of an adverse event, 0 to 3, that a mention has.
    case level(ReviewedMention, Int)
    /// A category or a group; nil where the report has none.
    case stage(StagePart, String?)
    /// The reviewer's last action in the document does not count.
    case undo
    /// The document is reviewed: what was not rejected is right, and nothing is missed.
    case done

    /// The value of the column `action`.
    package var name: String {
        switch self {
        case .accept: "accept"
        case .reject: "reject"
        case .change: "change"
        case .add: "add"
        case .level: "level"
        case .stage: "stage"
        case .undo: "undo"
        case .done: "done"
        }
    }

    /// The mention that it speaks of; nil for others, and for one that is added.
    var mention: ReviewedMention? {
        switch self {
        case .accept(let mention), .reject(let mention), .change(let mention, _),
            .level(let mention, _):
            mention
        case .add, .stage, .undo, .done: nil
        }
    }
}

/// Why an action of a reviewer's is not recorded.
package enum ReviewError: Error, Equatable, Sendable {
    /// No document has this number.
    case noDocument(Int64)
    /// The document has no such mention.
    case noMention(document: Int64)
    /// The place is none of the document's text.
    case outsideText(document: Int64, length: Int)
    /// A level, category or group is not written as one.
    case value(String)
    /// The reviewer has done nothing in this document that counts.
    case nothingToUndo(document: Int64)
    /// Mentions are left of which the reviewer has not said whether they are right.
    case unjudged(document: Int64, count: Int)
    /// The document is not current any more.
    case notCurrent(document: Int64)
    /// The document has another text than the one that was corrected.
    case otherText(document: Int64)
    /// The reviewer's name or the note is too long, or there is no name.
    case length(of: String, limit: Int)
    /// The database refuses.
    case store(StoreError)
}
