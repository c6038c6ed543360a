// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import GRDB

/// What two runs of models found in the same documents, whether their results count now or are kept beside them.
package struct RunComparison: Hashable, Sendable, Encodable {
    /// A run.
    package struct Run: Hashable, Sendable, Encodable {
        /// Its number, as the view `model_runs` has it.
        package let run: Int64
        /// What it was for, and when it began.
        package let purpose, startedAt: String
        /// The model.
        package let model, version, sha256: String
    }

    /// How often a value of the first became another one of the second; nothing where a side has none.
    package struct Change: Hashable, Sendable, Encodable, Comparable {
        /// What the value is of: `certainty`, `code`, `level`, `t`, `n`, `m`, `stage`.
        package let of: String
        /// The values.
        package let first, second: String
        /// How often.
        package let count: Int

        package static func < (one: Change, other: Change) -> Bool {
            (one.of, -one.count, one.first, one.second)
                < (other.of, -other.count, other.first, other.second)
        }
    }

    /// What both have, and what only one has.
    package struct Shared: Hashable, Sendable, Encodable {
        /// A type of mention, or `pair`.
        package let of: String
        /// Found by both at the same place, and by one alone.
        package let both, onlyFirst, onlySecond: Int
    }

    /// A document in which the runs differ.
    package struct Document: Hashable, Sendable, Encodable {
        /// Its number.
        package let document: Int64
        /// Mentions and pairs that only one has, and values that differ.
        package let onlyFirst, onlySecond, changed: Int
    }

    /// The runs.
    package let first, second: Run
    /// Documents that both have read.
    package let documents: Int
    /// Mentions by type, and pairs of drug and reaction.
    package let shared: [Shared]
    /// How many values of what both have are the same, by what they are of.
    package let same: [String: Int]
    /// Values that differ.
    package let changes: [Change]
    /// Documents in which anything differs, in their order.
    package let differing: [Document]
}

/// Why two runs cannot be compared.
package enum RunComparisonError: Error, Hashable {
    /// There is no run of this number.
    case noRun(Int64)
    /// No document was read by both, or what one of them found is no longer kept.
    case nothingInCommon(Int64, Int64)
}

extension ResultReader {
    /// Compares two runs by their numbers; throws ``RunComparisonError`` or `StoreError`.
    package func comparison(ofRun first: Int64, and second: Int64) throws -> RunComparison {
        do {
            return try connection.read { database in
                let runs = try [first, second].map { number in
                    guard let run = try RunComparison.Run(number, in: database) else {
                        throw RunComparisonError.noRun(number)
                    }
                    return run
                }
                var account = RunDifferences()
                for document in try Self.documents(readBy: first, and: second, in: database) {
                    guard
                        let one = try Self.results(of: document, run: first, in: database),
                        let other = try Self.results(of: document, run: second, in: database)
                    else { continue }
                    account.add(document, one, other)
                }
                guard account.documents > 0 else {
                    throw RunComparisonError.nothingInCommon(first, second)
                }
                return account.comparison(runs[0], runs[1])
            }
        } catch let error as DatabaseError {
            throw StoreError(error, of: connection.path.description)
        }
    }

    private static func documents(
        readBy first: Int64, and second: Int64, in database: Database
    ) throws -> [Int64] {
        let read = """
            SELECT id FROM documents WHERE run_id = ? UNION SELECT document_id FROM run_results WHERE run_id = ?
            """
        return try Int64.fetchAll(
            database,
            sql: "SELECT * FROM (\(read)) INTERSECT SELECT * FROM (\(read)) ORDER BY 1",
            arguments: [first, first, second, second])
    }

    /// What a run found in a document: its rows where they are of this run, else what was kept.
    private static func results(
        of document: Int64, run: Int64, in database: Database
    ) throws -> KeptResults? {
        let current = try Int64.fetchOne(
            database, sql: "SELECT run_id FROM documents WHERE id = ?", arguments: [document])
        if current == run {
            return try StoredDocument.read(document, in: database).map {
                KeptResults($0, similarities: [])
            }
        }
        let kept = try String.fetchOne(
            database, sql: "SELECT results FROM run_results WHERE document_id = ? AND run_id = ?",
            arguments: [document, run])
        return try kept.map { try JSONDecoder().decode(KeptResults.self, from: Data($0.utf8)) }
    }
}

extension RunComparison.Run {
    fileprivate init?(_ number: Int64, in database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT purpose, started_at, model, model_version, model_sha256 FROM model_runs
                WHERE run_id = ?
                """, arguments: [number])
        guard let row else { return nil }
        run = number
        (purpose, startedAt) = (row["purpose"], row["started_at"])
        (model, version, sha256) = (row["model"], row["model_version"], row["model_sha256"])
    }
}

/// The differences of documents, summed up.
private struct RunDifferences {
    private struct Values: Hashable {
        let of, first, second: String
    }

    private(set) var documents = 0
    private var shared: [String: (both: Int, onlyFirst: Int, onlySecond: Int)] = [:]
    private var same: [String: Int] = [:]
    private var changes: [Values: Int] = [:]
    private var differing: [RunComparison.Document] = []

    mutating func add(_ document: Int64, _ first: KeptResults, _ second: KeptResults) {
        documents += 1
        var (onlyFirst, onlySecond, changed) = (0, 0, 0)
        func compare(_ name: String, _ mine: Set<[Int]>, _ its: Set<[Int]>) {
            var counts = shared[name] ?? (0, 0, 0)
            counts.both += mine.intersection(its).count
            counts.onlyFirst += mine.subtracting(its).count
            counts.onlySecond += its.subtracting(mine).count
            shared[name] = counts
            onlyFirst += mine.subtracting(its).count
            onlySecond += its.subtracting(mine).count
        }
        func compare(_ name: String, _ mine: String?, _ its: String?) {
            guard mine != nil || its != nil else { return }
            if mine == its {
                same[name, default: 0] += 1
            } else {
                changes[Values(of: name, first: mine ?? "", second: its ?? ""), default: 0] += 1
                changed += 1
            }
        }
        for type in EntityType.allCases.map(\.rawValue) {
            compare(type, first.places(of: type), second.places(of: type))
        }
        for (place, mention) in first.mentions.enumerated() {
            let match = second.mentions.firstIndex {
                $0.type == mention.type && $0.start == mention.start && $0.end == mention.end
            }
            guard let match else { continue }
            let its = second.mentions[match]
            compare("certainty", mention.certainty, its.certainty)
            compare("code", mention.code ?? mention.icd10, its.code ?? its.icd10)
            compare(
                "level", first.level(of: place).map(String.init),
                second.level(of: match).map(String.init))
        }
        compare("pair", first.pairPlaces, second.pairPlaces)
        compare("t", first.stage?.t, second.stage?.t)
        compare("n", first.stage?.n, second.stage?.n)
        compare("m", first.stage?.m, second.stage?.m)
        compare("stage", first.stage?.stage, second.stage?.stage)
        if onlyFirst + onlySecond + changed > 0 {
            differing.append(
                RunComparison.Document(
                    document: document, onlyFirst: onlyFirst, onlySecond: onlySecond,
                    changed: changed))
        }
    }

    func comparison(
        _ first: RunComparison.Run, _ second: RunComparison.Run
    ) -> RunComparison {
        let order = EntityType.allCases.map(\.rawValue) + ["pair"]
        return RunComparison(
            first: first, second: second, documents: documents,
            shared: order.compactMap { name in
                shared[name].map {
                    RunComparison.Shared(
                        of: name, both: $0.both, onlyFirst: $0.onlyFirst, onlySecond: $0.onlySecond)
                }
            }, same: same,
            changes: changes.map {
                RunComparison.Change(
                    of: $0.key.of, first: $0.key.first, second: $0.key.second, count: $0.value)
            }.sorted(), differing: differing)
    }
}
