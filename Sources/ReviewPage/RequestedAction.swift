// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import ResultStore

/// An action as the page sends it: its name, and the fields that it needs.
struct RequestedAction: Decodable {
    let action: String
    let entity: Int64?
    let added: Int64?
    let type: String?
    let start: Int?
    let end: Int?
    let certainty: String?
    let subject: String?
    let level: Int?
    let axis: String?
    let value: String?
    let note: String?

    /// The action; nil if a field that it needs is missing or says nothing.
    var reviewAction: ReviewAction? {
        switch action {
        case "accept": mention.map(ReviewAction.accept)
        case "reject": mention.map(ReviewAction.reject)
        case "change":
            if let mention, let reading { .change(mention, reading) } else { nil }
        case "add": reading.map(ReviewAction.add)
        case "level": if let mention, let level { .level(mention, level) } else { nil }
        case "stage": axis.flatMap(StagePart.init).map { .stage($0, value) }
        case "undo": .undo
        case "done": .done
        default: nil
        }
    }

    private var mention: ReviewedMention? {
        switch (entity, added) {
        case (let row?, nil): .entity(row)
        case (nil, let row?): .added(row)
        default: nil
        }
    }

    private var reading: MentionReading? {
        guard let type = type.flatMap(EntityType.init), let start, let end, 0 <= start, start < end,
            let certainty = certainty.flatMap(Certainty.init),
            let subject = subject.flatMap(MentionSubject.init)
        else { return nil }
        return MentionReading(
            type: type, range: SourceRange(start: start, end: end), certainty: certainty,
            subject: subject)
    }
}
