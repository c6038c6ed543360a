// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// How a model does on a golden set, measure by measure.
package struct GoldenScore: Hashable, Sendable {
    /// What is measured; the raw value stands in reports.
    package enum Measure: String, CaseIterable, Hashable, Sendable, Encodable {
        /// F1 of mentions by type and exact place.
        case diseases, drugs, doses
        /// Of mentions that were found, how many have the certainty that they should have.
        case certainty
        /// Of the axes and groups of stages, how many are right.
        case tnm
        /// Of the levels of adverse events, how many are right.
        case levels

        /// The task that it measures.
        package var task: ClinicalTask {
            switch self {
            case .diseases, .drugs, .doses, .certainty: .entities
            case .tnm: .tnm
            case .levels: .adverseEvents
            }
        }

        fileprivate init(_ type: EntityType) {
            self =
                switch type {
                case .disease: .diseases
                case .drug: .drugs
                case .dose: .doses
                }
        }
    }

    /// Hits, and what they are divided by: for an F1 the mean of what was found and what should have been.
    private struct Tally: Hashable {
        var hits = 0.0
        var all = 0.0
        var wanted = 0
    }

    private var tallies: [Measure: Tally] = [:]
    /// How many rows.
    package private(set) var rows = 0

    /// No rows yet.
    package init() {}

    /// The value of a measure, 0 to 1; nil where no row asks for it.
    package func value(of measure: Measure) -> Double? {
        guard let tally = tallies[measure], tally.wanted > 0 else { return nil }
        return tally.all > 0 ? tally.hits / tally.all : 0
    }

    /// How many answers a measure asks for.
    package func wanted(of measure: Measure) -> Int { tallies[measure]?.wanted ?? 0 }

    /// Adds what a model found in the text of a row; only what is `asked` of documents of its kind counts.
    package mutating func add(_ findings: Findings, for row: GoldenRow, asked: Set<ClinicalTask>) {
        rows += 1
        if asked.contains(.entities), let mentions = row.mentions {
            count(mentions, findings.entities)
            for mention in mentions {
                guard let wanted = mention.certainty,
                    let found = Self.place(of: mention, in: findings.entities)
                else { continue }
                count(.certainty, isRight: findings.entities[found].certainty == wanted)
            }
        }
        if asked.contains(.adverseEvents) {
            for mention in row.mentions ?? [] {
                guard let wanted = mention.level else { continue }
                let place = Self.place(of: mention, in: findings.entities)
                let level = findings.adverseEvents.filter { $0.entityIndex == place }
                    .map(\.level.rawValue).max()
                count(.levels, isRight: level == wanted)
            }
        }
        if asked.contains(.tnm), let stage = row.stage {
            let found = findings.tnm
            for (wanted, found) in [
                (stage.t, found?.t), (stage.n, found?.n), (stage.m, found?.m),
                (stage.stage, found?.stage),
            ] { count(.tnm, isRight: wanted == found) }
        }
    }

    private mutating func count(_ mentions: [GoldenRow.Mention], _ found: [Entity]) {
        for type in EntityType.allCases {
            let wanted = Set(mentions.filter { $0.type == type }.map(\.range))
            let given = Set(found.filter { $0.type == type }.map(\.span.range))
            var tally = tallies[Measure(type)] ?? Tally()
            tally.hits += Double(wanted.intersection(given).count)
            tally.all += Double(wanted.count + given.count) / 2
            tally.wanted += wanted.count
            tallies[Measure(type)] = tally
        }
    }

    private mutating func count(_ measure: Measure, isRight: Bool) {
        var tally = tallies[measure] ?? Tally()
        tally.hits += isRight ? 1 : 0
        tally.all += 1
        tally.wanted += 1
        tallies[measure] = tally
    }

    private static func place(of mention: GoldenRow.Mention, in found: [Entity]) -> Int? {
        found.firstIndex { $0.type == mention.type && $0.span.range == mention.range }
    }
}
