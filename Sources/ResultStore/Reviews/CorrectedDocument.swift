// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Foundation
import GRDB

/// A document as a reviewer has corrected it elsewhere: the mentions that are right, all of them.
package struct CorrectedDocument: Hashable, Sendable {
    /// A mention; its certainty is nil where nobody says.
    package struct Mention: Hashable, Sendable {
        /// What it names.
        package var type: EntityType
        /// Where it stands, in Unicode scalars of the text.
        package var range: SourceRange
        /// How sure the text is.
        package var certainty: Certainty?

        /// A mention.
        package init(type: EntityType, range: SourceRange, certainty: Certainty? = nil) {
            (self.type, self.range, self.certainty) = (type, range, certainty)
        }
    }

    /// Its number.
    package var document: Int64
    /// The text that was corrected.
    package var text: String
    /// The mentions that the reviewer leaves or sets.
    package var mentions: [Mention]
    /// Those that the reviewer was shown; nil for all that the model found of the types that were looked for.
    package var shown: [Mention]?
    /// The types that were looked for.
    package var types: Set<EntityType>

    /// A corrected document.
    package init(
        document: Int64, text: String, mentions: [Mention], shown: [Mention]?,
        types: Set<EntityType> = Set(EntityType.allCases)
    ) {
        (self.document, self.text, self.mentions) = (document, text, mentions)
        (self.shown, self.types) = (shown, types)
    }
}

/// What became of a corrected document.
package struct ImportedReviews: Hashable, Sendable, Encodable {
    /// Mentions by what was recorded of them.
    package internal(set) var accepted = 0, changed = 0, rejected = 0, added = 0
    /// Mentions of which the reviewer has said the same before.
    package internal(set) var unchanged = 0
    /// Documents that were called done.
    package internal(set) var done = 0

    /// Nothing yet.
    package init() {}

    /// Both together.
    package static func += (left: inout ImportedReviews, right: ImportedReviews) {
        left.accepted += right.accepted
        left.changed += right.changed
        left.rejected += right.rejected
        left.added += right.added
        left.unchanged += right.unchanged
        left.done += right.done
    }
}

extension ResultDatabase {
    /// Records how a corrected document differs from what the model found as rows of `reviews`, all or none, and
    /// with `isDone` that the reviewer has done it; what the reviewer has said before is not said again.
    ///
    /// A mention that is left out is rejected if the reviewer was shown it, or has added it with the same
    /// `note`. Throws ``ReviewError``: for a document that is not current any more or has another text, too.
    /// A `trial` only counts.
    package func record(
        _ corrected: CorrectedDocument, by reviewer: String, note: String, isDone: Bool = false,
        trial: Bool = false, at date: Date = Date()
    ) throws(ReviewError) -> ImportedReviews {
        var outcome: Result<ImportedReviews, ReviewError> = .failure(
            .noDocument(corrected.document))
        do {
            try write { database in
                try database.inSavepoint {
                    let review = ReviewOfCorrection(
                        corrected: corrected, reviewer: reviewer, note: note, date: date)
                    outcome = try review.record(isDone: isDone, in: database)
                    guard case .success = outcome, !trial else { return .rollback }
                    return .commit
                }
            }
        } catch {
            throw .store(error)
        }
        return try outcome.get()
    }
}

/// The comparison of a corrected document with the model's mentions, and the rows that follow from it.
private struct ReviewOfCorrection {
    let corrected: CorrectedDocument
    let reviewer: String
    let note: String
    let date: Date

    /// A mention that is there: as it was shown, and as the reviewer reads it now.
    struct Known {
        let mention: ReviewedMention
        let shown: MentionReading
        let now: MentionReading
        let verdict: String
        /// Whether leaving it out says that it is none.
        let isJudged: Bool
    }

    func record(
        isDone: Bool, in database: Database
    ) throws -> Result<ImportedReviews, ReviewError> {
        let row = corrected.document
        let standing = try String.fetchOne(
            database, sql: "SELECT standing FROM documents WHERE id = ?", arguments: [row])
        guard let standing,
            let model = try DocumentUnderReview(row, in: database),
            let own = try DocumentUnderReview(row, by: reviewer, seesOthers: false, in: database)
        else { return .failure(.noDocument(row)) }
        guard standing == "current" else { return .failure(.notCurrent(document: row)) }
        guard own.text.unicodeScalars.elementsEqual(corrected.text.unicodeScalars) else {
            return .failure(.otherText(document: row))
        }
        var result = ImportedReviews()
        for step in steps(on: try known(own, model, in: database)) {
            if let action = step.action, let error = try write(action, in: database) {
                return .failure(error)
            }
            result[keyPath: step.count] += 1
        }
        guard isDone, !own.isDone else { return .success(result) }
        switch try write(.done, in: database) {
        case nil: result.done = 1
        // Nobody was shown the others.
        case .unjudged?: break
        case let error?: return .failure(error)
        }
        return .success(result)
    }

    private func write(_ action: ReviewAction, in database: Database) throws -> ReviewError? {
        let row = ReviewRow(
            action: action, document: corrected.document, reviewer: reviewer, note: note,
            seesOthers: false, date: date)
        guard case .failure(let error) = try row.insert(in: database) else { return nil }
        return error
    }

    private func known(
        _ own: DocumentUnderReview, _ model: DocumentUnderReview, in database: Database
    ) throws -> [Known] {
        let fromHere = try Int64.fetchSet(
            database,
            sql: """
                SELECT id FROM reviews_in_force
                WHERE document_id = ? AND reviewer = ? AND action = 'add' AND note = ?
                """, arguments: [corrected.document, reviewer, note])
        return own.mentions.compactMap { mention in
            guard let now = mention.reading else { return nil }
            if let added = mention.added {
                return Known(
                    mention: .added(added), shown: now, now: now, verdict: mention.verdict,
                    isJudged: fromHere.contains(added))
            }
            guard let entity = mention.entity,
                let shown = model.mentions.first(where: { $0.entity == entity })?.reading
            else { return nil }
            return Known(
                mention: .entity(entity), shown: shown, now: now, verdict: mention.verdict,
                isJudged: isShown(shown))
        }
    }

    private func isShown(_ reading: MentionReading) -> Bool {
        guard let shown = corrected.shown else { return corrected.types.contains(reading.type) }
        return shown.contains { $0.type == reading.type && $0.range == reading.range }
    }

    /// What is to be recorded, if anything, and what it counts as.
    private struct Step {
        var action: ReviewAction?
        var count: WritableKeyPath<ImportedReviews, Int> = \.unchanged
    }

    /// What is to be recorded, the nearest mentions for each other: of the same place and type, of the same
    /// place, then of places that overlap.
    private func steps(on known: [Known]) -> [Step] {
        var left = known
        var open = corrected.mentions
        var steps: [Step] = []
        let nearness: [(Known, CorrectedDocument.Mention) -> Bool] = [
            { $0.now.range == $1.range && $0.now.type == $1.type && $0.verdict != "reject" },
            { $0.shown.range == $1.range && $0.shown.type == $1.type },
            { $0.shown.range == $1.range },
            { $0.shown.range.overlaps($1.range) && $0.shown.type == $1.type },
        ]
        for isNear in nearness {
            open.removeAll { mention in
                guard let place = left.firstIndex(where: { isNear($0, mention) }) else {
                    return false
                }
                steps.append(step(from: left.remove(at: place), to: mention))
                return true
            }
        }
        for known in left where known.isJudged {
            let isSaid = known.verdict == "reject"
            steps.append(
                isSaid ? Step() : Step(action: .reject(known.mention), count: \.rejected))
        }
        for mention in open {
            let reading = MentionReading(
                type: mention.type, range: mention.range,
                certainty: mention.certainty ?? .positive)
            steps.append(Step(action: .add(reading), count: \.added))
        }
        return steps
    }

    private func step(from known: Known, to mention: CorrectedDocument.Mention) -> Step {
        let wanted = MentionReading(
            type: mention.type, range: mention.range,
            certainty: mention.certainty ?? known.now.certainty, subject: known.now.subject)
        guard wanted == known.now, known.verdict != "reject" else {
            return Step(action: .change(known.mention, wanted), count: \.changed)
        }
        guard known.verdict == "none" else { return Step() }
        return Step(action: .accept(known.mention), count: \.accepted)
    }
}

extension DocumentUnderReview.Mention {
    /// The mention as a reading; nil where the database has a word that is none of ours.
    fileprivate var reading: MentionReading? {
        guard let type = EntityType(rawValue: type), let certainty = Certainty(rawValue: certainty),
            let subject = MentionSubject(rawValue: subject), start < end
        else { return nil }
        return MentionReading(
            type: type, range: SourceRange(start: start, end: end), certainty: certainty,
            subject: subject)
    }
}
