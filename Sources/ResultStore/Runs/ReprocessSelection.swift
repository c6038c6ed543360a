// SPDX-License-Identifier: Apache-2.0
import GRDB

/// Which recorded documents are to be read once more; as JSON it stands in the request.
package struct ReprocessSelection: Codable, Hashable, Sendable {
    /// Only documents of this kind.
    package var kind: String?
    /// Only documents of this patient.
    package var patient: String?
    /// Only documents written, or else received, at or after this instant (ISO 8601, UTC).
    package var since: String?
    /// Only documents written, or else received, before this instant.
    package var until: String?
    /// Only this document (row).
    package var document: Int64?
    /// Only documents that another bundle has read than the one whose manifest has this SHA-256.
    package var otherThan: String?

    /// All documents; what was sent twice is never among them, since nothing is looked for in it.
    package init() {}

    private enum CodingKeys: String, CodingKey {
        case kind, patient, since, until, document
        case otherThan = "model_other_than"
    }

    /// The condition on `documents AS d`, and its arguments.
    var condition: (sql: String, arguments: [(any DatabaseValueConvertible)?]) {
        var conditions = ["d.standing <> 'duplicate'"]
        var arguments: [(any DatabaseValueConvertible)?] = []
        func require(_ condition: String, _ argument: (any DatabaseValueConvertible)?) {
            guard let argument else { return }
            conditions.append(condition)
            arguments.append(argument)
        }
        require("d.id = ?", document)
        require("d.kind = ?", kind)
        require("d.patient_id = ?", patient)
        require("coalesce(d.authored_utc, d.received_at) >= ?", since)
        require("coalesce(d.authored_utc, d.received_at) < ?", until)
        require("d.model_id NOT IN (SELECT id FROM models WHERE sha256 = ?)", otherThan)
        // A file that is still being recorded is read by the model of its time.
        conditions.append(
            "NOT EXISTS (SELECT 1 FROM files f WHERE f.id = d.file_id AND f.complete = 0)")
        return (conditions.joined(separator: " AND "), arguments)
    }
}
