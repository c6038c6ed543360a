// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import HTMLReports

extension ActivityReport {
    /// Up to so many days have a column each, else months.
    private static let mostDays = 400
    /// So many bars stand in a chart.
    private static let mostBars = 20
    /// So many findings have a chart over the months.
    private static let mostCurves = 6

    /// The page: one file without a script, which asks for no other.
    package var html: String {
        HTML.page(
            "Shoken: documents and findings",
            [
                preface, documents, findings("disease", "Diseases and symptoms", colour: 2),
                findings("drug", "Drugs", colour: 3), stagesPart, reactions, reviewPart,
                failuresPart, modelsPart,
            ])
    }

    // MARK: Documents

    private var preface: String {
        var words = ["Current documents"]
        if let kind = occasion.kind { words.append("of the kind \(kind)") }
        if occasion.since != nil || occasion.until != nil {
            words.append("written, or else received,")
        }
        if let since = LocalTime.text(occasion.since) { words.append("from \(since)") }
        if let until = LocalTime.text(occasion.until) { words.append("before \(until)") }
        let rule =
            occasion.minimumCount > 1
            ? " Numbers from 1 to \(occasion.minimumCount - 1) are not told: they stand as "
                + "“\(ReportedCount.below(occasion.minimumCount).text)” and as an outline." : ""
        let text =
            words.joined(separator: " ") + ". Days and months are those of Japan." + rule
            + " Made at \(occasion.madeAt) by Shoken \(occasion.version)."
        return "<p>\(HTML.escaped(text))</p>\n"
            + HTML.table(
                ["", ""],
                [
                    ["documents", summary.documents.text], ["patients", summary.patients.text],
                    ["documents that name no patient", summary.withoutPatient.text],
                    [
                        "first and last day",
                        [summary.firstDay, summary.lastDay].compactMap(\.self)
                            .joined(separator: " – "),
                    ],
                ])
    }

    private var documents: String {
        guard !days.isEmpty else { return "<p>There is no such document.</p>" }
        let allDays = Self.days(from: summary.firstDay, to: summary.lastDay)
        let byDay = allDays.count <= Self.mostDays && !allDays.isEmpty
        let periods = byDay ? allDays : allMonths
        let counts = byDay ? days : months
        let charts = kinds.enumerated().map { index, kind in
            let own = Dictionary(
                counts.filter { $0.kind == kind }.map { ($0.period, $0.documents) },
                uniquingKeysWith: { first, _ in first })
            return ColumnChart(
                title: "\(kind): documents a \(byDay ? "day" : "month")", colour: index % 4 + 1,
                columns: periods.map { Self.number($0, own[$0] ?? .exact(0)) }
            ).svg
        }
        let table = HTML.table(
            ["month"] + kinds,
            allMonths.map { month in
                [month]
                    + kinds.map { kind in
                        months.first { $0.period == month && $0.kind == kind }?.documents.text
                            ?? "0"
                    }
            })
        return "<h2>Documents</h2>\n" + charts.joined(separator: "\n")
            + Self.folded("By month", table)
    }

    private var kinds: [String] { Set(days.map(\.kind)).sorted() }

    /// All months between the first and the last, also those in which nothing came.
    private var allMonths: [String] {
        guard let first = months.first?.period, let last = months.last?.period,
            var year = Int(first.prefix(4)), var month = Int(first.suffix(2))
        else { return [] }
        var names: [String] = []
        while names.last.map({ $0 < last }) ?? true, names.count < 10_000 {
            names.append("\(Self.padded(year, 4))-\(Self.padded(month, 2))")
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
        }
        return names
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// All days from one to another; none where there are too many for columns.
    private static func days(from first: String?, to last: String?) -> [String] {
        guard let first, let last, let time = StatedTime(first + "T00:00:00Z") else { return [] }
        var names: [String] = []
        for day in 0...Int64(mostDays) {
            let name = LocalTime.day(millisecondsInUTC: time.milliseconds + day * 86_400_000)
            guard name <= last else { return names }
            names.append(name)
        }
        return []
    }

    // MARK: Findings

    private func findings(_ type: String, _ title: String, colour: Int) -> String {
        let found = findings.filter { $0.type == type }
        var parts = ["<h2>\(title)</h2>"]
        if let unnamed = unnamed[type] {
            parts.append(
                "<p>Besides, \(HTML.escaped(unnamed.text)) mentions of what no dictionary names.</p>"
            )
        }
        guard !found.isEmpty else { return parts.count > 1 ? parts.joined(separator: "\n") : "" }
        parts.insert(
            "<p>Patients who have it, as far as the text goes: not what is denied, suspected, "
                + "somebody else's, past or planned. A document that names no patient stands for "
                + "one.\(Self.rest(names[type] ?? 0, found.count, "names"))</p>", at: 1)
        parts.append(
            BarChart(
                title: "\(title) by patients", colour: colour,
                bars: found.prefix(Self.mostBars).map {
                    Self.number(Self.label($0), $0.patients)
                }
            ).svg)
        let curves = allMonths.count > 1 ? Self.mostCurves : 0
        parts += found.prefix(curves).map { finding in
            ColumnChart(
                title: "\(Self.label(finding)): patients a month", colour: colour,
                columns: allMonths.map { Self.number($0, finding.months[$0] ?? .exact(0)) }
            ).svg
        }
        let table = HTML.table(
            ["name", "code", "patients"] + allMonths,
            found.map { finding in
                [finding.name, finding.code ?? "", finding.patients.text]
                    + allMonths.map { finding.months[$0]?.text ?? "0" }
            })
        return parts.joined(separator: "\n") + Self.folded("By month", table)
    }

    private static func label(_ finding: Finding) -> String {
        finding.code.map { "\(finding.name) \($0)" } ?? finding.name
    }

    // MARK: Stages and reactions

    private var stagesPart: String {
        guard !stages.isEmpty || !unstaged.isEmpty else { return "" }
        let chart = BarChart(
            title: "Patients by stage group", colour: 4,
            bars: stages.map { Self.number($0.name, $0.patients) }
        ).svg
        let reasons = unstaged.sorted { $0.key < $1.key }.map { [$0.key, $0.value.text] }
        return "<h2>Stages</h2>\n" + chart
            + HTML.table(["documents without a stage group", ""], reasons)
    }

    private var reactions: String {
        guard !adverseEvents.isEmpty else { return "" }
        let chart = BarChart(
            title: "Patients with a suspected or stated reaction, by drug", colour: 2,
            bars: adverseEvents.prefix(Self.mostBars).map {
                Self.number(Self.name($0), $0.patients)
            }
        ).svg
        let table = HTML.table(
            ["drug", "patients", "of these stated", "reactions"],
            adverseEvents.map { drug in
                [
                    Self.name(drug), drug.patients.text, drug.stated.text,
                    drug.reactions.map { "\($0.name) (\($0.patients.text))" }
                        .joined(separator: ", "),
                ]
            })
        return "<h2>Adverse events</h2>\n"
            + "<p>Pairs of a drug and a reaction of level 2 and 3."
            + Self.rest(reactingDrugs, adverseEvents.count, "drugs") + "</p>\n" + chart
            + Self.folded("With reactions", table)
    }

    private static func name(_ drug: DrugReactions) -> String {
        drug.drug ?? "without standard name or code"
    }

    // MARK: Work

    private var reviewPart: String {
        let found = review.filter { $0.rows != .exact(0) }
        guard !found.isEmpty else { return "" }
        func percent(_ share: ReviewShare) -> String {
            share.share.map {
                "\(Int(($0 * 1000).rounded()) / 10).\(Int(($0 * 1000).rounded()) % 10) %"
            }
                ?? ""
        }
        let chart = BarChart(
            title: "Share of rows that a person should look at", colour: 1,
            bars: found.filter { $0.share != nil }.map {
                ChartNumber($0.row, $0.share ?? 0, text: percent($0))
            }
        ).svg
        let table = HTML.table(
            ["rows", "all", "to be reviewed", "share"],
            found.map { [$0.row, $0.rows.text, $0.toReview.text, percent($0)] })
        return "<h2>To be reviewed</h2>\n" + chart + table
    }

    private var failuresPart: String {
        var rows: [[String]] = []
        for (code, files) in (failures.files ?? [:]).sorted(by: { $0.key < $1.key }) {
            rows.append(["files in failed/: \(code)", String(files)])
        }
        func add(_ name: String, _ count: Int?) {
            if let count { rows.append([name, String(count)]) }
        }
        if failures.files?.isEmpty == true { rows.append(["files in failed/", "0"]) }
        add("records that gave no document", failures.records)
        add("documents that contradict a version of the same number", failures.conflicts)
        add("files that were dropped again", failures.repeatedFiles)
        let unknown =
            failures.files == nil
            ? "<p>The spool could not be looked at, so files in failed/ are not counted.</p>" : ""
        return "<h2>Failures</h2>\n" + HTML.table(["", ""], rows) + unknown
    }

    private var modelsPart: String {
        guard !models.isEmpty else { return "" }
        return "<h2>Models</h2>\n"
            + HTML.table(
                ["model", "version", "documents", "from", "to"],
                models.map { [$0.name, $0.version, $0.documents.text, $0.firstDay, $0.lastDay] })
    }

    // MARK: Parts

    private static func number(_ name: String, _ count: ReportedCount) -> ChartNumber {
        switch count {
        case .exact(let number): ChartNumber(name, Double(number), text: count.text)
        case .below(let limit):
            ChartNumber(name, Double(limit), text: count.text, isLimit: true)
        }
    }

    private static func folded(_ title: String, _ table: String) -> String {
        table.isEmpty
            ? "" : "\n<details><summary>\(HTML.escaped(title))</summary>\n\(table)</details>"
    }

    private static func rest(_ all: Int, _ shown: Int, _ what: String) -> String {
        all > shown ? " The \(shown) with the most patients of \(all) \(what)." : ""
    }
}
