// SPDX-License-Identifier: Apache-2.0
import Exports

/// What came of an import; stable, for programs.
struct ImportReport: Encodable {
    struct Change: Encodable {
        let document, kind, label: String
        let start, end: Int

        init(_ change: AnnotationChange) {
            (document, kind) = (change.document, change.kind.rawValue)
            label = change.label
            (start, end) = (change.range.start, change.range.end)
        }
    }

    struct Fault: Encodable {
        let file: String
        let record: Int
        let document: String?
        let reason: String
        let start, end: Int?

        init(_ fault: AnnotationFault) {
            (file, record) = (fault.place.file, fault.place.record)
            (document, reason) = (fault.document, fault.reason.rawValue)
            (start, end) = (fault.range?.start, fault.range?.end)
        }
    }

    /// Of the database; absent where it was not asked for.
    struct Reviews: Encodable {
        struct Conflict: Encodable {
            let file: String
            let record: Int
            let document: String?
            let reason: String
        }

        let documents, accepted, changed, rejected, added, unchanged, done: Int
        let conflicts: [Conflict]

        init(_ found: CorrectionImport) {
            documents = found.documents
            (accepted, changed) = (found.reviews.accepted, found.reviews.changed)
            (rejected, added) = (found.reviews.rejected, found.reviews.added)
            (unchanged, done) = (found.reviews.unchanged, found.reviews.done)
            conflicts = found.conflicts.map {
                Conflict(
                    file: $0.place.file, record: $0.place.record, document: $0.document,
                    reason: $0.reason)
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case reviews, rows, spans, agreements, uncompared, differences, changes, faults
        case passedOver = "passed_over"
    }

    let reviews: Reviews?
    let rows, spans, agreements, uncompared: Int
    let passedOver, differences: [String: Int]
    let changes: [Change]
    let faults: [Fault]
}
