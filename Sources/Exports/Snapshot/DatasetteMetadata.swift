// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// What Datasette (https://datasette.io) is told about a snapshot: titles, units, facets, saved queries.
package struct DatasetteMetadata {
    /// A table or view with what is to be said of it.
    private struct Table {
        let name, description: String
        let facets: [String]
        var units: [String: String] = [:]
        var sort: String?
    }

    private static let tables: [Table] = [
        Table(
            name: "documents", description: "Documents as they were sent, with their versions.",
            facets: ["kind", "format", "sender_status"], sort: "received_at"),
        Table(
            name: "document_summary",
            description: "A row for each document: how much was found in it, TNM, highest grade.",
            facets: ["kind", "stage"], units: ["characters": "character"]),
        Table(
            name: "mentions",
            description:
                "A row for each mention, with what the text says of it. Places count Unicode scalars.",
            facets: ["type", "certainty", "subject", "temporality", "kind"],
            units: ["start": "character", "end": "character"]),
        Table(
            name: "patient_entities",
            description: "Mentions that the patient has, as far as the text goes.",
            facets: ["type", "kind"]),
        Table(
            name: "drug_doses", description: "Doses with their drugs.", facets: ["state"]),
        Table(
            name: "suspected_adverse_events", description: "Grades of level 2 and 3.",
            facets: ["role", "level"]),
        Table(
            name: "drug_reactions",
            description:
                "Drugs with the reactions that the text says they caused, or did not cause.",
            facets: ["level", "rule", "review"]),
        Table(
            name: "tnm_evidence", description: "The words that TNM categories rest on.",
            facets: ["axis", "category", "rule"]),
    ]

    private static let queries: [(name: String, title: String, sql: String, needs: String)] = [
        (
            "stage_iv", "Patients with stage IV",
            "SELECT patient_id, authored_at, t, n, m, stage, id AS document_id FROM document_summary "
                + "WHERE stage LIKE 'IV%' ORDER BY authored_at DESC", "document_summary"
        ),
        (
            "reactions", "Reactions to a drug (part of its name)",
            "SELECT patient_id, authored_at, drug, reaction, level, cue FROM drug_reactions "
                + "WHERE level >= 2 AND instr(drug, :drug) > 0 ORDER BY level DESC, authored_at",
            "drug_reactions"
        ),
        (
            "first_mentions", "First mention of an ICD-10 code for each patient",
            "SELECT patient_id, min(authored_at) AS first, count(*) AS mentions FROM patient_entities "
                + "WHERE icd10 = :icd10 AND patient_id IS NOT NULL GROUP BY patient_id ORDER BY first",
            "patient_entities"
        ),
        (
            "doses", "Doses of a drug (part of its name)",
            "SELECT dose, count(*) AS mentions FROM drug_doses WHERE instr(drug, :drug) > 0 "
                + "GROUP BY dose ORDER BY mentions DESC", "drug_doses"
        ),
        (
            "months", "Documents by month and kind",
            "SELECT substr(coalesce(authored_utc, received_at), 1, 7) AS month, kind, "
                + "count(*) AS documents FROM documents GROUP BY month, kind ORDER BY month",
            "documents"
        ),
    ]

    /// The metadata of a database in a file of this name, without its ending; of tables and queries those are
    /// told that the snapshot has.
    package static func json(database: String, has names: Set<String>, protections: [String])
        -> String
    {
        let described = tables.filter { names.contains($0.name) }.map { table -> JSONValue.Member in
            var members: [JSONValue.Member] = [
                .init(name: "description", value: .string(table.description)),
                .init(name: "facets", value: .array(table.facets.map(JSONValue.string))),
            ]
            if !table.units.isEmpty {
                members.append(
                    .init(name: "units", value: .sorted(table.units.mapValues(JSONValue.string))))
            }
            if let sort = table.sort {
                members.append(.init(name: "sort_desc", value: .string(sort)))
            }
            return .init(name: table.name, value: .object(members))
        }
        let hidden = ["grdb_migrations", "similarity_bands", "events"].filter(names.contains).map {
            JSONValue.Member(name: $0, value: ["hidden": true])
        }
        let saved = queries.filter { names.contains($0.needs) }.map { query -> JSONValue.Member in
            .init(
                name: query.name,
                value: ["title": .string(query.title), "sql": .string(query.sql)])
        }
        let about = ["Found by a program; nobody has looked at it.", "Current documents only."]
        let metadata: JSONValue = [
            "title": "Shoken", "description": .string((about + protections).joined(separator: " ")),
            "databases": .object([
                .init(
                    name: database,
                    value: [
                        "tables": .object(described + hidden), "queries": .object(saved),
                    ])
            ]),
        ]
        return metadata.text + "\n"
    }
}
