// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import GRDB
import JapaneseText

/// What the doses of a document say in numbers.
struct MentionDoses {
    /// By the index of the entity; doses that cannot be read are left out.
    let doses: [Int: StatedDose]

    /// Reads the doses among entities that stand in order of the text.
    init(_ entities: [Entity], in text: CleanedText) {
        self.init(entities.map { ($0.type, $0.span.range) }, in: text)
    }

    /// Reads the doses among mentions that stand in order of the text.
    init(_ mentions: [(type: EntityType, range: SourceRange)], in text: CleanedText) {
        var doses: [Int: StatedDose] = [:]
        for (index, mention) in mentions.enumerated() where mention.type == .dose {
            doses[index] = StatedDose(
                mention.range, in: text,
                before: index > 0 ? mentions[index - 1].range.end : 0,
                after: index + 1 < mentions.count ? mentions[index + 1].range.start : .max)
        }
        self.doses = doses
    }
}

extension StatedDose {
    /// The table of doses that were read.
    static let migration = """
        CREATE TABLE dose_amounts (
          entity_id INTEGER PRIMARY KEY REFERENCES entities(id) ON DELETE CASCADE,
          amount REAL NOT NULL,
          highest REAL CHECK (highest >= amount),
          unit TEXT NOT NULL,
          per TEXT,
          times_a_day INTEGER CHECK (times_a_day > 0)
        ) STRICT;
        """

    /// Writes the dose of an entity.
    func insert(entity: Int64, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO dose_amounts (entity_id, amount, highest, unit, per, times_a_day)
                VALUES (?,?,?,?,?,?)
                """
        ).execute(arguments: [entity, amount, highest, unit, per, timesADay])
    }
}
