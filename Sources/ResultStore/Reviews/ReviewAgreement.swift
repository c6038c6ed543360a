// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
import GRDB

/// How far reviewers agree with each other, and with the model.
package struct ReviewAgreement: Hashable, Sendable, Encodable {
    /// Two reviewers over the mentions of the model's that both have judged.
    package struct Pair: Hashable, Sendable, Encodable {
        /// The reviewer whose name comes first.
        package let first: String
        /// The other one.
        package let second: String
        /// Mentions that both have judged.
        package let mentions: Int
        /// Mentions of which both say accept, reject or change alike.
        package let sameVerdict: Int
        /// Mentions of which both also give the same reading.
        package let same: Int
        /// Cohen's kappa over accept, reject and change, −1 to 1; nil where both always say one and the same,
        /// so that nothing tells agreement from chance.
        package let kappa: Double?

        private enum CodingKeys: String, CodingKey {
            case first, second, mentions, same, kappa
            case sameVerdict = "same_verdict"
        }
    }

    /// What became of the mentions of one type that a model found, by the last word on each.
    package struct Precision: Hashable, Sendable, Encodable {
        /// Name and version of the model.
        package let model: String
        /// The type that the model gave.
        package let type: String
        /// Mentions that are right as they are.
        package let accepted: Int
        /// Mentions that are there, but otherwise.
        package let changed: Int
        /// Mentions that are none.
        package let rejected: Int
        /// Mentions of this type that reviewers added to documents of this model.
        package let added: Int
        /// The share of accepted ones; those that were changed count as wrong.
        package var precision: Double {
            Double(accepted) / Double(max(1, accepted + changed + rejected))
        }

        /// Writes the counts, and the share that follows from them.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(model, forKey: .model)
            try container.encode(type, forKey: .type)
            try container.encode(accepted, forKey: .accepted)
            try container.encode(changed, forKey: .changed)
            try container.encode(rejected, forKey: .rejected)
            try container.encode(added, forKey: .added)
            try container.encode(precision, forKey: .precision)
        }

        private enum CodingKeys: String, CodingKey {
            case model, type, accepted, changed, rejected, added, precision
        }
    }

    /// What one reviewer has done.
    package struct Share: Hashable, Sendable, Encodable {
        /// The name.
        package let reviewer: String
        /// Documents that are done.
        package let documents: Int
        /// Mentions of the model's that are judged.
        package let mentions: Int
        /// Mentions that the reviewer added.
        package let added: Int
    }

    /// Every two reviewers who have judged a mention both.
    package let pairs: [Pair]
    /// Every model and type of which mentions were judged.
    package let precision: [Precision]
    /// Every reviewer.
    package let reviewers: [Share]

    /// Reads a database, beside a running daemon; throws ``StoreError``.
    package init(of path: FilePath) throws(StoreError) {
        do {
            self = try ReadingConnection.reviewed(path) { try ReviewAgreement(in: $0) }
        } catch {
            throw StoreError(error, of: path.description)
        }
    }

    private init(in database: Database) throws {
        pairs = try Self.pairs(in: database)
        precision = try Row.fetchAll(
            database,
            sql: """
                WITH last AS (
                  SELECT v.* FROM review_verdicts v WHERE v.review_id = (
                    SELECT max(w.review_id) FROM review_verdicts w
                    WHERE w.entity_id = v.entity_id)),
                added AS (
                  SELECT m.name || ' ' || m.version AS model, f.type, count(*) AS count
                  FROM findings_reviewed f JOIN documents d ON d.id = f.document_id
                  JOIN models m ON m.id = d.model_id WHERE f.verdict = 'add' GROUP BY 1, 2)
                SELECT l.model || ' ' || l.model_version AS name, l.type,
                  count(*) FILTER (WHERE l.verdict = 'accept'),
                  count(*) FILTER (WHERE l.verdict = 'change'),
                  count(*) FILTER (WHERE l.verdict = 'reject'),
                  coalesce((SELECT a.count FROM added a
                    WHERE a.model = l.model || ' ' || l.model_version AND a.type = l.type), 0)
                FROM last l GROUP BY 1, 2 ORDER BY 1, 2
                """
        ).map {
            Precision(
                model: $0[0], type: $0[1], accepted: $0[2], changed: $0[3], rejected: $0[4],
                added: $0[5])
        }
        reviewers = try Row.fetchAll(
            database,
            sql: """
                SELECT reviewer, count(DISTINCT iif(action = 'done', document_id, NULL)),
                  count(DISTINCT iif(action IN ('accept', 'reject', 'change'), entity_id, NULL)),
                  count(iif(action = 'add', 1, NULL))
                FROM reviews_in_force GROUP BY 1 ORDER BY 1
                """
        ).map { Share(reviewer: $0[0], documents: $0[1], mentions: $0[2], added: $0[3]) }
    }

    private static func pairs(in database: Database) throws -> [Pair] {
        struct Names: Hashable {
            let first: String
            let second: String
        }
        var tables: [Names: VerdictTable] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT first_reviewer, second_reviewer, first_verdict, second_verdict, same, count(*)
                FROM review_agreement GROUP BY 1, 2, 3, 4, 5
                """)
        while let row = try rows.next() {
            tables[Names(first: row[0], second: row[1]), default: VerdictTable()].add(
                row[2], row[3], isSame: row[4], count: row[5])
        }
        return tables.map { names, table in
            Pair(
                first: names.first, second: names.second, mentions: table.total,
                sameVerdict: table.sameVerdict, same: table.same, kappa: table.kappa)
        }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }
}

/// How often two reviewers gave which verdicts.
struct VerdictTable {
    private var first: [String: Int] = [:]
    private var second: [String: Int] = [:]
    private(set) var total = 0
    private(set) var sameVerdict = 0
    private(set) var same = 0

    mutating func add(_ one: String, _ other: String, isSame: Bool, count: Int) {
        first[one, default: 0] += count
        second[other, default: 0] += count
        total += count
        if one == other { sameVerdict += count }
        if isSame { same += count }
    }

    /// Cohen's kappa of the verdicts; nil where chance alone would agree always, or nothing was judged.
    var kappa: Double? {
        let total = Double(total)
        let byChance = first.reduce(0) { sum, pair in
            sum + Double(pair.value) / total * Double(second[pair.key] ?? 0) / total
        }
        guard total > 0, byChance < 1 else { return nil }
        return (Double(sameVerdict) / total - byChance) / (1 - byChance)
    }
}

extension ReadingConnection {
    /// Reads a database of ours with reviews, beside a running daemon.
    ///
    /// Throws `StoreError.cannotOpen` where there is none, or one of a program that knew no reviews.
    static func reviewed<Value>(
        _ path: FilePath, _ body: (Database) throws -> Value
    ) throws -> Value {
        let file = path.description
        guard try DiskFiles().identity(of: path) != nil else {
            throw StoreError.cannotOpen(file: file, detail: "no such file")
        }
        return try ReadingConnection(to: path).read { database in
            try Schema.requireOurs(database, mayBeEmpty: false, file: file)
            guard try database.tableExists("reviews") else {
                throw StoreError.cannotOpen(
                    file: file,
                    detail:
                        "it has no reviews; shokenctl review serve or the daemon brings it up to date"
                )
            }
            return try body(database)
        }
    }
}
