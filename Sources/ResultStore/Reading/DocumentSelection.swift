// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
import GRDB

/// Which documents leave, and which of their mentions.
package struct DocumentSelection: Hashable, Sendable {
    /// Only documents of this kind.
    package var kind: String?
    /// Only documents of this patient.
    package var patient: String?
    /// Only documents written, or else received, at or after this time.
    package var since: StatedTime?
    /// Only documents written, or else received, before this time.
    package var until: StatedTime?
    /// Also versions that are superseded, withdrawn or sent twice.
    package var includesHistory = false
    /// Only this document (row).
    package var document: Int64?
    /// Only documents recorded after this row.
    package var after: Int64?
    /// Only mentions of this type (`disease`, `drug`, `dose`).
    package var type: String?
    /// Which mentions.
    package var mentions = EntityFilter()

    /// All current documents, with all their mentions.
    package init() {}

    /// One document, whatever its standing, with all its mentions.
    init(only document: Int64) {
        self.document = document
        includesHistory = true
    }

    /// Whether a mention is among those that leave.
    package func holds(_ mention: StoredMention) -> Bool {
        func fits(_ wanted: String?, _ found: String?) -> Bool { wanted == nil || wanted == found }
        return fits(type, mention.type) && fits(mentions.certainty, mention.certainty)
            && fits(mentions.subject, mention.subject)
            && fits(mentions.temporality, mention.temporality)
            && fits(mentions.state, mention.state)
            && (mentions.review == nil || mentions.review == mention.needsReview)
    }

    /// The condition on `documents AS d`, and its arguments.
    var condition: (sql: String, arguments: StatementArguments) {
        var conditions = ["1"]
        var arguments: [(any DatabaseValueConvertible)?] = []
        func require(_ condition: String, _ argument: (any DatabaseValueConvertible)?) {
            guard let argument else { return }
            conditions.append(condition)
            arguments.append(argument)
        }
        require("d.id = ?", document)
        require("d.id > ?", after)
        require("d.kind = ?", kind)
        require("d.patient_id = ?", patient)
        require("coalesce(d.authored_utc, d.received_at) >= ?", since?.utc)
        require("coalesce(d.authored_utc, d.received_at) < ?", until?.utc)
        if !includesHistory { conditions.append("d.standing = 'current'") }
        return (conditions.joined(separator: " AND "), StatementArguments(arguments))
    }
}
