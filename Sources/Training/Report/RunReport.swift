// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import HTMLReports

/// The report on a run: a page that needs no other file and no script.
package struct RunReport {
    private let facts: RunFacts?
    private let curves: RunCurves
    private let growth: GrowthMeasurement?

    /// A report; without facts or growth these parts are missing.
    package init(facts: RunFacts?, curves: RunCurves, growth: GrowthMeasurement? = nil) {
        (self.facts, self.curves, self.growth) = (facts, curves, growth)
    }

    /// The report on the run in a directory, from its files.
    ///
    /// Throws `FileError` where there is no log, or ``TrainingError/unreadable(file:)``.
    package init(_ url: URL) throws {
        let there = try DiskFiles().facts(of: FilePath(RunDirectory.facts(url))) != nil
        self.init(
            facts: there ? try RunFacts(url) : nil,
            curves: RunCurves(try RunLog.read(RunDirectory.log(url))),
            growth: try GrowthMeasurement(of: url))
    }

    /// Writes the page as a whole.
    package func write(to url: URL) throws {
        try DiskFiles().write(Data(html.utf8), to: FilePath(url))
    }

    /// The page.
    package var html: String {
        let title = facts.map { "\($0.name): training" } ?? "Training"
        return HTML.page(
            title,
            [
                summary,
                chart("Loss", \.loss, validation: "loss"),
                otherMetrics,
                chart("Learning rate", \.learningRate, mayGrowByFactors: false),
                chart("Norm of the gradient, before clipping", \.gradientNorm),
                chart(
                    "Speed (tokens a second)", \.tokensPerSecond, mayGrowByFactors: false),
                validations, events, growth?.html ?? "", data, machine, recipe,
            ])
    }

    // MARK: Numbers

    private var summary: String {
        var rows: [[String]] = []
        if let last = curves.last {
            rows += [
                ["stage", "\(last.phase), step \(last.step) of \(last.steps)"],
                ["loss", String(format: "%.4f", last.loss)],
                ["speed", "\(HTML.short(last.tokensPerSecond)) tokens a second"],
                ["computing", HTML.duration(last.seconds)],
                ["left in this stage", HTML.duration(last.secondsLeft)],
                ["memory", "\(last.memoryBytes >> 20) MiB at most"],
            ]
        }
        if let best = curves.validations.last(where: \.report.isBest)?.report,
            let value = best.metrics[best.metric]
        {
            rows.append([
                "best \(best.metric)",
                String(format: "%.4f", value) + " in \(best.phase) after step \(best.step)",
            ])
        }
        if let facts { rows.append(["parameters", "\(facts.parameters)"]) }
        if let checkpoint = curves.lastCheckpoint {
            rows.append([
                "last checkpoint", "\(checkpoint.phase), step \(checkpoint.step), \(checkpoint.at)",
            ])
        }
        if let event = curves.notices.last {
            rows.append(["last event", "\(Self.words(event)), \(event.at)"])
        }
        guard !rows.isEmpty else { return "<p>No step yet.</p>" }
        return HTML.table(["", ""], rows)
    }

    private func chart(
        _ title: String, _ value: KeyPath<RunCurves.Point, Double>, validation: String? = nil,
        mayGrowByFactors: Bool = true
    ) -> String {
        var series = [
            LineChart.Series(
                name: validation == nil ? title : "training", colour: 1,
                points: curves.points.map { (curves.x($0), $0[keyPath: value]) })
        ]
        let found = validation.map(values) ?? []
        if !found.isEmpty {
            series.append(
                LineChart.Series(name: "validation", colour: 2, points: found, marks: true))
        }
        return LineChart(
            title: title, xName: "step", series: series, marks: marks,
            mayGrowByFactors: mayGrowByFactors
        ).svg
    }

    /// A chart for each metric of validation but the loss.
    private var otherMetrics: String {
        let names = Set(curves.validations.flatMap { $0.report.metrics.keys }).subtracting(["loss"])
        return names.sorted().map { name in
            LineChart(
                title: "Validation: \(name)", xName: "step",
                series: [
                    LineChart.Series(name: name, colour: 2, points: values(name), marks: true)
                ], marks: marks
            ).svg
        }.joined(separator: "\n")
    }

    private func values(_ metric: String) -> [(x: Double, y: Double)] {
        curves.validations.compactMap { found in
            found.report.metrics[metric].map { (curves.x(found), $0) }
        }
    }

    private var marks: [(x: Double, meaning: String)] {
        let borders = curves.stages.dropFirst().map {
            (x: Double($0.offset), meaning: "\($0.name) begins")
        }
        let others = curves.notices.compactMap { notice -> (x: Double, meaning: String)? in
            guard [.rollback, .resume, .earlyStop].contains(notice.event),
                let stage = curves.stages.first(where: { $0.name == notice.phase })
            else { return nil }
            return (Double(stage.offset + (notice.backTo ?? notice.step)), Self.words(notice))
        }
        return borders + others
    }

    private var validations: String {
        let all = curves.validations
        guard !all.isEmpty else { return "" }
        let names = Set(all.flatMap { $0.report.metrics.keys }).sorted()
        // The newest are at the bottom, as in the log; a long run shows its last ones.
        let rows = all.suffix(50).map { found in
            [found.report.phase, "\(found.report.step)"]
                + names.map { found.report.metrics[$0].map { String(format: "%.4f", $0) } ?? "" }
                + [found.report.isBest ? "best so far" : ""]
        }
        return "<h2>Validation</h2>\n" + HTML.table(["stage", "step"] + names + [""], rows)
    }

    private var events: String {
        guard !curves.notices.isEmpty else { return "" }
        let rows = curves.notices.suffix(200).map {
            [$0.at, $0.phase, "\($0.step)", Self.words($0)]
        }
        return "<h2>Events</h2>\n" + HTML.table(["time (UTC)", "stage", "step", ""], rows)
    }

    /// What an event means, in words.
    static func words(_ notice: RunNotice) -> String {
        let back = notice.backTo.map { "step \($0)" } ?? "the beginning"
        let reason = notice.reason.map { $0.rawValue.replacing("-", with: " ") } ?? "trouble"
        switch notice.event {
        case .start: return "begun"
        case .resume: return "gone on with"
        case .checkpoint: return "checkpoint"
        case .damagedCheckpoint: return "damaged checkpoint put aside"
        case .rollback: return "\(reason): went back to \(back)"
        case .earlyStop: return "stopped early, best at \(back)"
        case .stop: return "stopped on request"
        case .trouble: return "ended: \(reason)"
        case .unwritten: return "ended: no checkpoint could be written"
        case .reportUnwritten: return "the report could not be written"
        case .finish: return "stage done"
        case .end: return "all done"
        }
    }

    // MARK: Facts

    private var data: String {
        guard let facts else { return "" }
        let rows = facts.sources.map {
            [
                $0.file, $0.licence, HTML.short(Double($0.bytes)) + "B", "\($0.documents)",
                "\($0.heldOut)", HTML.short(Double($0.tokens)), HTML.short($0.repetitions),
            ]
        }
        let left =
            facts.excludedLicences.isEmpty
            ? ""
            : "<p>Left out by licence: "
                + HTML.escaped(facts.excludedLicences.joined(separator: ", ")) + ".</p>"
        return "<h2>Data</h2>\n"
            + HTML.table(
                ["file", "licence", "size", "documents", "held out", "tokens", "repeated"], rows)
            + left
    }

    private var machine: String {
        guard let facts else { return "" }
        let rows =
            [
                ["program", "Shoken \(facts.program)"], ["kind", facts.kind],
                ["begun", facts.startedAt],
                ["processor", "\(facts.machine.processor) (\(facts.machine.processors))"],
                ["threads", "\(facts.threads)"],
                ["memory", "\(facts.machine.memoryBytes >> 20) MiB"],
                ["system", facts.machine.system],
            ] + facts.model.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
        return "<h2>Machine, model and versions</h2>\n" + HTML.table(["", ""], rows)
    }

    private var recipe: String {
        guard let facts else { return "" }
        return "<h2>Recipe</h2>\n<pre>\(HTML.escaped(facts.recipe))</pre>"
    }
}

extension HTML {
    /// Seconds as a person says them.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded())
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
