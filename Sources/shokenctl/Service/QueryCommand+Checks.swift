// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import ResultStore

extension QueryCommand {
    /// Refuses values that no row can have.
    func requireValues() throws {
        guard limit >= 0 else { throw ValidationError("--limit must be 0 or more") }
        if let minimumScore, !(0...1).contains(minimumScore) {
            throw ValidationError("--minimum-score is 0 to 1")
        }
        guard level == nil || minimumLevel == nil else {
            throw ValidationError("--level and --minimum-level cannot be given together")
        }
        let highest = subject == .similar ? 5 : 3
        for (name, value) in [("--level", level), ("--minimum-level", minimumLevel)] {
            guard let value, !(0...highest).contains(value) else { continue }
            throw ValidationError("\(name) is 0 to \(highest) for \(subject.rawValue)")
        }
    }

    /// Refuses filters that what is listed has no column for.
    func requireFittingFilters() throws {
        typealias Subjects = [ResultQuestion.Subject]
        let graded: Subjects = [.adverseEvents, .adverseEventPairs, .similar]
        let named: Subjects = [.entities, .adverseEvents, .adverseEventPairs]
        let filters: [(name: String, isGiven: Bool, subjects: Subjects)] = [
            ("--type", type != nil, [.entities]),
            ("--containing", containing != nil, named),
            ("--code", code != nil, named),
            ("--standard-name", standardName != nil, named),
            ("--section", section != nil, [.entities, .adverseEvents]),
            ("--certainty", certainty != nil, [.entities]),
            ("--subject", owner != nil, [.entities]),
            ("--temporality", temporality != nil, [.entities]),
            ("--state", state != nil, [.entities]),
            ("--all", all, [.entities]),
            ("--review", review, [.entities, .tnm, .adverseEventPairs]),
            ("--stage", stage != nil, [.documents, .tnm]),
            ("--level", level != nil, graded),
            ("--minimum-level", minimumLevel != nil, graded),
            ("--minimum-score", minimumScore != nil, [.entities, .adverseEvents, .similar]),
        ]
        for filter in filters where filter.isGiven && !filter.subjects.contains(subject) {
            let subjects = filter.subjects.map(\.rawValue).joined(separator: " and ")
            throw ValidationError("\(filter.name) is for \(subjects) only")
        }
    }

    /// Refuses a section that no document has, with those that there are.
    func requireSection(_ name: String, in reader: ResultReader) throws {
        guard try !reader.hasSection(name) else { return }
        let titles = try reader.sectionTitles(limit: 20)
        throw CommandFailure(
            .usage,
            titles.isEmpty
                ? "no document has sections with titles"
                : "no document has a section of this title or code; there are "
                    + titles.joined(separator: ", "))
    }
}

/// The beginning of an ICD-10 code, with or without its point, or of a drug's code.
struct CodeBeginning: ExpressibleByArgument {
    /// In capitals and without the point, as codes stand in the database.
    let text: String

    init?(argument: String) {
        let text = argument.uppercased().filter { $0 != "." }
        guard text.wholeMatch(of: /[A-Z][0-9A-Z]{0,4}|[0-9]{1,7}/) != nil else { return nil }
        self.text = text
    }
}

/// The name of a stage group.
struct StageGroup: ExpressibleByArgument, RawRepresentable {
    let rawValue: String

    init?(rawValue: String) {
        guard ResultQuestion.stages.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    init?(argument: String) {
        let name = argument == "occult" ? argument : argument.uppercased()
        self.init(rawValue: name)
    }

    static var allValueStrings: [String] { ResultQuestion.stages }
}

extension ResultQuestion.Subject: ExpressibleByArgument {}
extension EntityType: ExpressibleByArgument {}
extension Certainty: ExpressibleByArgument {}
extension MentionSubject: ExpressibleByArgument {}
extension Temporality: ExpressibleByArgument {}
extension DrugState: ExpressibleByArgument {}
