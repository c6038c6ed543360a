// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
package import Foundation
import GRDB

/// What a model that reads along found in a document, beside what counts.
package struct ShadowReading: Sendable {
    /// The document's row.
    package let document: Int64
    /// What the active model found, and what the other one.
    package let active, shadow: KeptResults
    /// How long each took, in seconds: the active model's part of a batch, the other one alone.
    package let activeSeconds, shadowSeconds: Double

    /// A reading.
    package init(
        document: Int64, active: KeptResults, shadow: KeptResults, activeSeconds: Double,
        shadowSeconds: Double
    ) {
        (self.document, self.active, self.shadow) = (document, active, shadow)
        (self.activeSeconds, self.shadowSeconds) = (activeSeconds, shadowSeconds)
    }
}

/// What a run that reads along has come to, apart from its documents.
package struct ShadowState: Hashable, Sendable {
    /// Documents that it did not get to, and that it could not read.
    package var dropped = 0, failed = 0
    /// What the process grew by when the model was loaded, in bytes.
    package var memoryBytes = 0

    /// Nothing yet.
    package init() {}
}

/// The migration that brings comparisons of models that read along.
enum ShadowSchema {
    static let migration = """
        CREATE TABLE shadow_runs (
          run_id INTEGER PRIMARY KEY REFERENCES runs(id),
          dropped INTEGER NOT NULL,
          failed INTEGER NOT NULL,
          memory_bytes INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE shadow_comparisons (
          document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
          run_id INTEGER NOT NULL REFERENCES runs(id),
          active_run_id INTEGER NOT NULL REFERENCES runs(id),
          active_seconds REAL NOT NULL,
          shadow_seconds REAL NOT NULL,
          counts TEXT NOT NULL CHECK (json_valid(counts)),
          PRIMARY KEY (document_id, run_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX shadow_comparisons_run ON shadow_comparisons(run_id);
        """
}

extension KeptResults {
    /// How often these results and others say the same, by what they say: mentions of a type and the pairs of
    /// drug and reaction that both have or only one; of what both have, what they say of it; the stage.
    func comparison(with other: KeptResults) -> [String: Int] {
        var counts: [String: Int] = [:]
        func count(_ name: String, _ number: Int = 1) {
            if number > 0 { counts[name, default: 0] += number }
        }
        func compare(_ name: String, _ mine: Set<[Int]>, _ its: Set<[Int]>) {
            count("\(name) both", mine.intersection(its).count)
            count("\(name) only active", mine.subtracting(its).count)
            count("\(name) only shadow", its.subtracting(mine).count)
        }
        for type in EntityType.allCases.map(\.rawValue) {
            compare(type, places(of: type), other.places(of: type))
        }
        for (place, mention) in mentions.enumerated() {
            let match = other.mentions.firstIndex {
                $0.type == mention.type && $0.start == mention.start && $0.end == mention.end
            }
            guard let match else { continue }
            let its = other.mentions[match]
            count(mention.certainty == its.certainty ? "certainty same" : "certainty other")
            let (level, itsLevel) = (self.level(of: place), other.level(of: match))
            if level != nil || itsLevel != nil {
                count(level == itsLevel ? "level same" : "level other")
            }
        }
        compare("pair", pairPlaces, other.pairPlaces)
        if stage != nil || other.stage != nil {
            let same =
                stage?.t == other.stage?.t && stage?.n == other.stage?.n
                && stage?.m == other.stage?.m && stage?.stage == other.stage?.stage
            count(same ? "stage same" : "stage other")
        }
        return counts
    }

    /// Where mentions of a type stand.
    func places(of type: String) -> Set<[Int]> {
        Set(mentions.filter { $0.type == type }.map { [$0.start, $0.end] })
    }

    /// The highest level of a mention; nil where it has none.
    func level(of place: Int) -> Int? {
        grades.filter { $0.mention == place }.map(\.level).max()
    }

    /// Where the drugs and reactions of pairs stand.
    var pairPlaces: Set<[Int]> {
        Set(
            pairs.compactMap { pair in
                guard mentions.indices.contains(pair.drug),
                    mentions.indices.contains(pair.disease)
                else { return nil }
                let (drug, disease) = (mentions[pair.drug], mentions[pair.disease])
                return [drug.start, drug.end, disease.start, disease.end]
            })
    }
}

extension ResultDatabase {
    /// Writes what a model that reads along found; nothing where the document is gone, or was read again meanwhile.
    package func record(
        _ reading: ShadowReading, state: ShadowState, maker: ResultMaker, active: ResultRun,
        at date: Date
    ) throws(StoreError) {
        try write { database in
            let activeRow = try Int64.fetchOne(
                database,
                sql: """
                    SELECT r.id FROM documents d JOIN runs r ON r.id = d.run_id
                    WHERE d.id = ? AND r.key = ?
                    """, arguments: [reading.document, active.key])
            guard let activeRow else { return }
            let model = try modelRow(maker, at: date, in: database)
            let run = try runRow(maker, of: model, documents: 1, at: date, in: database)
            try database.execute(
                sql: """
                    INSERT INTO run_results (document_id, run_id, read_at, kept_at, results)
                    VALUES (?1, ?2, ?3, ?3, ?4)
                    """,
                arguments: [reading.document, run, timestamp(date), jsonText(reading.shadow)])
            try database.execute(
                sql: """
                    INSERT INTO shadow_comparisons
                      (document_id, run_id, active_run_id, active_seconds, shadow_seconds, counts)
                    VALUES (?,?,?,?,?,?)
                    """,
                arguments: [
                    reading.document, run, activeRow, reading.activeSeconds,
                    reading.shadowSeconds,
                    jsonText(reading.active.comparison(with: reading.shadow)),
                ])
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO shadow_runs (run_id, dropped, failed, memory_bytes)
                    VALUES (?,?,?,?)
                    """, arguments: [run, state.dropped, state.failed, state.memoryBytes])
        }
    }
}
