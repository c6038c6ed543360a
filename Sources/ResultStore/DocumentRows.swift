// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB

/// The rows of a file's documents: where they go within a transaction that goes on.
struct DocumentRows {
    let file: RecordedFile
    /// The file's row.
    let identifier: Int64
    /// The model's row.
    let model: Int64
    /// The run's row.
    let run: Int64
    let at: Date
    let database: Database

    /// Writes a document with its sections and attachments, and settles which version of it is current;
    /// gives its row and whether it only says once more what is recorded.
    func insert(
        _ sent: ClinicalDocument, position: Int
    ) throws -> (row: Int64, isDuplicate: Bool) {
        let versions = try sent.source.key.map { try DocumentVersions(of: $0, in: database) }
        let document = versions?.completed(sent) ?? sent
        let source = document.source
        let verdict = versions?.verdict(on: document) ?? (isDuplicate: false, isConflict: false)
        let row = try insert(
            document, position: position,
            standing: verdict.isDuplicate
                ? .duplicate : source.status == .withdrawn ? .withdrawn : .current,
            isConflict: verdict.isConflict)
        try insert(source.sections, of: row)
        try insert(source.attachments, of: row)
        guard !verdict.isDuplicate else { return (row, true) }
        for key in [source.key, source.replaces].compactMap(\.self) {
            try DocumentVersions(of: key, in: database).settle()
        }
        if verdict.isConflict { try noteConflict(of: row) }
        return (row, false)
    }

    private func insert(
        _ document: ClinicalDocument, position: Int, standing: DocumentStanding, isConflict: Bool
    ) throws -> Int64 {
        let authored = document.authoredAt.flatMap(StatedTime.init)
        let source = document.source
        try database.execute(
            sql: """
                INSERT INTO documents
                  (file_id, position, sha256, kind, source_name, external_id, patient_id,
                   authored_at, authored_utc, authored_precision, received_at, processed_at,
                   encoding, text, model_id, format, document_key, version, version_time, replaces,
                   sender_status, superseded_by_sender, standing, conflict, arrived_at, title, code,
                   code_system, patient_issuer, author, department, facility, visit_id, order_id,
                   notices, run_id)
                VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
                """,
            arguments: [
                identifier, position, file.sha256, document.kind.rawValue, file.sourceName,
                document.externalIdentifier, document.patientIdentifier, document.authoredAt,
                authored?.utc, authored?.precision.rawValue,
                file.receivedAt, file.processedAt ?? timestamp(at), document.encoding,
                document.text, model,
                source.format.rawValue, source.key, source.version, source.versionTime,
                source.replaces, source.status.rawValue, source.isSuperseded, standing.rawValue,
                isConflict, file.receivedAt, source.title, source.code, source.codeSystem,
                source.patientIssuer, source.author, source.department, source.facility,
                source.visit, source.order, jsonText(source.notices), run,
            ])
        return database.lastInsertedRowID
    }

    private func insert(_ sections: [DocumentSection], of row: Int64) throws {
        for (position, section) in sections.enumerated() {
            try database.execute(
                sql: """
                    INSERT INTO document_sections
                      (document_id, position, code, title, start, "end") VALUES (?,?,?,?,?,?)
                    """,
                arguments: [
                    row, position, section.code, section.title, section.range.start,
                    section.range.end,
                ])
        }
    }

    private func insert(_ attachments: [DocumentAttachment], of row: Int64) throws {
        for (position, attachment) in attachments.enumerated() {
            try database.execute(
                sql: """
                    INSERT INTO attachments
                      (document_id, position, media_type, title, bytes, sha256, refusal)
                    VALUES (?,?,?,?,?,?,?)
                    """,
                arguments: [
                    row, position, attachment.mediaType, attachment.title, attachment.byteCount,
                    attachment.sha256, attachment.refusal,
                ])
        }
    }

    /// Leaves a line in the audit trail for a version whose text or patient is not that of before.
    private func noteConflict(of row: Int64) throws {
        try AuditEvent(at: at, actor: "shokend", action: "conflict", object: "document \(row)")
            .append(to: database)
    }
}
