// SPDX-License-Identifier: Apache-2.0
package import ResultStore

/// A report on what came and what was found: the numbers that a page shows and programs get, of which small ones
/// are not told.
package struct ActivityReport: Encodable, Sendable {
    /// What the report is about, and when it was made.
    package struct Occasion: Hashable, Sendable, Encodable {
        /// When it was made, ISO 8601 in UTC.
        package var madeAt: String
        /// The version of the program.
        package var version: String
        /// The kind of documents, where it is about one.
        package var kind: String?
        /// The beginning and the end of the time in which documents were written, where there are such.
        package var since, until: String?
        /// Numbers from 1 to below this are not told.
        package var minimumCount: Int

        /// An occasion.
        package init(
            madeAt: String, version: String, kind: String? = nil, since: String? = nil,
            until: String? = nil, minimumCount: Int = ActivityReport.usualMinimum
        ) {
            (self.madeAt, self.version, self.kind) = (madeAt, version, kind)
            (self.since, self.until, self.minimumCount) = (since, until, minimumCount)
        }

        private enum CodingKeys: String, CodingKey {
            case version, kind, since, until
            case madeAt = "made_at"
            case minimumCount = "minimum_count"
        }
    }

    struct Summary: Encodable, Hashable {
        let documents, patients, withoutPatient: ReportedCount
        let firstDay, lastDay: String?

        enum CodingKeys: String, CodingKey {
            case documents, patients
            case withoutPatient = "without_patient"
            case firstDay = "first_day"
            case lastDay = "last_day"
        }
    }

    /// Documents of a kind in a time.
    struct Period: Encodable, Hashable {
        let period, kind: String
        let documents: ReportedCount
    }

    struct Named: Encodable, Hashable {
        let name: String
        let patients: ReportedCount
    }

    struct Finding: Encodable, Hashable {
        let type, name: String
        let code: String?
        let patients: ReportedCount
        let months: [String: ReportedCount]
    }

    struct DrugReactions: Encodable, Hashable {
        let drug: String?
        let patients, stated: ReportedCount
        let reactions: [Named]
    }

    struct ReviewShare: Encodable, Hashable {
        let row: String
        let rows, toReview: ReportedCount
        /// Which part of the rows is to be looked at; nil where a number is not told, or there is no row.
        let share: Double?

        enum CodingKeys: String, CodingKey {
            case row, rows, share
            case toReview = "to_review"
        }
    }

    struct Model: Encodable, Hashable {
        let name, version, firstDay, lastDay: String
        let documents: ReportedCount

        enum CodingKeys: String, CodingKey {
            case name, version, documents
            case firstDay = "first_day"
            case lastDay = "last_day"
        }
    }

    /// What was not taken in: files and records, which say nothing of patients.
    struct Failures: Encodable, Hashable {
        /// Files in `failed/` by reason; nil where the spool could not be looked at.
        let files: [String: Int]?
        let records, conflicts, repeatedFiles: Int?

        enum CodingKeys: String, CodingKey {
            case files, records, conflicts
            case repeatedFiles = "repeated_files"
        }
    }

    /// As the guidelines for Japan's national database of claims (NDB) want it for what is made public.
    package static let usualMinimum = 10
    /// So many reactions of a drug are named at most.
    private static let mostReactions = 5

    let occasion: Occasion
    let summary: Summary
    let days, months: [Period]
    let findings: [Finding]
    /// By type: how many names there are, and mentions without one.
    let names: [String: Int]
    let unnamed: [String: ReportedCount]
    let stages: [Named]
    let unstaged: [String: ReportedCount]
    let adverseEvents: [DrugReactions]
    let reactingDrugs: Int
    let review: [ReviewShare]
    let failures: Failures
    let models: [Model]

    private enum CodingKeys: String, CodingKey {
        case occasion, summary, days, months, findings, names, unnamed, stages, unstaged, review
        case failures, models
        case adverseEvents = "adverse_events"
        case reactingDrugs = "reacting_drugs"
    }

    /// A report of numbers; `failedFiles` are the files in `failed/` by reason, nil where nobody may look there.
    package init(_ numbers: ActivityNumbers, failedFiles: [String: Int]?, _ occasion: Occasion) {
        func told(_ count: Int) -> ReportedCount {
            ReportedCount(count, minimum: occasion.minimumCount)
        }
        func named(_ found: ActivityNumbers.Named) -> Named {
            Named(name: found.name, patients: told(found.patients))
        }
        self.occasion = occasion
        summary = Summary(
            documents: told(numbers.documents), patients: told(numbers.patients),
            withoutPatient: told(numbers.withoutPatient), firstDay: numbers.days.first?.day,
            lastDay: numbers.days.last?.day)
        days = numbers.days.map {
            Period(period: $0.day, kind: $0.kind, documents: told($0.documents))
        }
        months = Self.months(of: numbers.days).map {
            Period(period: $0.month.name, kind: $0.month.kind, documents: told($0.documents))
        }
        findings = numbers.findings.map {
            Finding(
                type: $0.type, name: $0.name, code: $0.code, patients: told($0.patients),
                months: $0.months.mapValues(told))
        }
        names = numbers.names
        unnamed = numbers.unnamed.mapValues(told)
        stages = numbers.stages.map(named)
        unstaged = numbers.unstaged.mapValues(told)
        adverseEvents = numbers.reactions.map {
            DrugReactions(
                drug: $0.drug, patients: told($0.patients), stated: told($0.stated),
                reactions: $0.reactions.prefix(Self.mostReactions).map(named))
        }
        reactingDrugs = numbers.reactingDrugs
        review = numbers.review.map { Self.share($0, told) }
        failures = Failures(
            files: failedFiles, records: numbers.faults?.records,
            conflicts: numbers.faults?.conflicts, repeatedFiles: numbers.faults?.repeatedFiles)
        models = numbers.models.map {
            Model(
                name: $0.name, version: $0.version, firstDay: $0.firstDay, lastDay: $0.lastDay,
                documents: told($0.documents))
        }
    }

    private static func share(
        _ share: ActivityNumbers.ReviewShare, _ told: (Int) -> ReportedCount
    ) -> ReviewShare {
        let (rows, toReview) = (told(share.rows), told(share.toReview))
        var part: Double?
        if case .exact(let all) = rows, case .exact(let some) = toReview, all > 0 {
            part = (Double(some) / Double(all) * 10_000).rounded() / 10_000
        }
        return ReviewShare(row: share.row, rows: rows, toReview: toReview, share: part)
    }

    private struct Month: Hashable {
        let name, kind: String
    }

    private static func months(
        of days: [ActivityNumbers.Day]
    ) -> [(month: Month, documents: Int)] {
        var counts: [Month: Int] = [:]
        for day in days {
            counts[Month(name: String(day.day.prefix(7)), kind: day.kind), default: 0] +=
                day.documents
        }
        return counts.map { (month: $0.key, documents: $0.value) }.sorted {
            ($0.month.name, $0.month.kind) < ($1.month.name, $1.month.kind)
        }
    }
}
