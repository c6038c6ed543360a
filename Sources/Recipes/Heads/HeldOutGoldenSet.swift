// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation

/// Rows of one's own that heads have not learnt from, in the form of a bundle's golden set.
struct HeldOutGoldenSet {
    /// What a golden set is called in a bundle.
    static let fileName = "golden.jsonl"

    private struct Row: Encodable {
        struct Mention: Encodable {
            let type, text: String
            let start: Int
            let certainty: String?
            let level: Int?
        }

        struct Stage: Encodable {
            let t, n, m, stage: String?
        }

        let kind, text: String
        let entities: [Mention]?
        let tnm: Stage?
    }

    /// The file's content.
    let content: Data

    /// The rows of which all types of mentions were looked for, or that have a whole stage; each text once.
    ///
    /// Throws ``OwnRowsError`` if there is none.
    init(_ rows: [OwnRow], fold: Int) throws {
        var seen: Set<String> = []
        let encoder = JSONEncoder.sorted()
        var content = Data()
        for row in rows {
            let isWhole = row.annotated.count == EntityType.allCases.count
            let mentions = isWhole ? row.mentions : nil
            // A golden set takes an axis that is not there for one that the report says nothing of.
            let hasStage = row.stage != nil && row.categories.count == TNMAxis.allCases.count
            guard mentions != nil || hasStage,
                seen.insert(row.kind.rawValue + ":" + row.text).inserted
            else { continue }
            let scalars = Array(row.text.unicodeScalars)
            let golden = Row(
                kind: row.kind.rawValue, text: row.text,
                entities: mentions?.map {
                    Row.Mention(
                        type: $0.type.rawValue, text: OwnRow.part(of: scalars, $0.range),
                        start: $0.range.start, certainty: $0.certainty?.rawValue,
                        level: $0.level?.rawValue)
                },
                tnm: hasStage
                    ? Row.Stage(
                        t: row.categories[.t], n: row.categories[.n], m: row.categories[.m],
                        stage: row.stage) : nil)
            content += try encoder.encode(golden) + Data("\n".utf8)
        }
        guard !content.isEmpty else { throw OwnRowsError.noGoldenRows(fold: fold) }
        self.content = content
    }
}
