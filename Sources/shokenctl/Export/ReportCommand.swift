// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DurableFiles
import Exports
import Faults
import Foundation
import ResultStore
import Spool

/// `shokenctl report`: a page of figures.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page with figures: documents, findings, reactions, what is to be done.",
        discussion: """
            One HTML file that needs no other, no script and no network: documents a day by kind, \
            findings by standard name, or else code, and month, stages, reactions by drug, shares that a person \
            should look at, failures by reason, models. It is one moment's state of current documents, \
            names no patient and holds no text of a document; mode 0600.

            Findings, stages and reactions are counted in patients. Numbers from 1 to below \
            --minimum-count are given as < that; where a total stands beside them, it may give \
            one of them away. Failures count files and records, and are told as they are.

            With --json the same numbers: {"adverse_events":[{"drug","patients","reactions",\
            "stated"}],"days":[{"documents","kind","period"}],"failures":{"conflicts","files",\
            "records","repeated_files"},"findings":[{"code","months":{MONTH:PATIENTS},"name",\
            "patients","type"}],"models","months","names","occasion","reacting_drugs","review":\
            [{"row","rows","share","to_review"}],"stages":[{"name","patients"}],"summary",\
            "unnamed","unstaged"}; a number that is not told is "<10".

            Examples:
              shokenctl report --output report.html
              shokenctl report --output march.html --since 2026-03-01 --until 2026-04-01
              shokenctl report --kind radiology --minimum-count 1 --json
            """)

    @Option(help: ArgumentHelp("The new file of the page.", valueName: "file"))
    var output: String?

    @Option(help: "Only documents of this kind.")
    var kind: DocumentKind?

    @OptionGroup var written: WrittenPeriod

    @Option(help: "Numbers below this are not told; 1 tells all.")
    var minimumCount = ActivityReport.usualMinimum

    @Flag(help: "Replace the file.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard output != nil || common.json else {
            throw ValidationError("name a file with --output, or ask for --json")
        }
        guard (1...1_000_000).contains(minimumCount) else {
            throw ValidationError("--minimum-count is 1 or more")
        }
    }

    func run() throws {
        let page = try output.map {
            try PendingFile(for: absolutePath($0), replacing: force, isPrivate: true)
        }
        let reader = try ResultReader(file: common.databaseFile())
        let numbers = try reader.activity(
            ofKind: kind?.rawValue, since: written.since, until: written.until)
        let report = ActivityReport(
            numbers, failedFiles: failedFiles(),
            ActivityReport.Occasion(
                madeAt: timestamp(Date()), version: programVersion, kind: kind?.rawValue,
                since: written.since?.utc, until: written.until?.utc, minimumCount: minimumCount))
        if let page { try page.append(report.html) }
        try common.noteExport(
            "report", to: output.map { absolutePath($0).description } ?? "-",
            details: details(numbers.documents))
        try page?.place(replacing: force)
        if common.json { return try printJSON(report) }
        if let output { print("\(absolutePath(output)): \(numbers.documents) documents") }
    }

    /// What lies in `failed/`, or nil with a word about it where nobody may look there.
    private func failedFiles() -> [String: Int]? {
        do {
            // To look is not to make one.
            let spool = FilePath(try common.configured().spool.directory)
            guard try DiskFiles().facts(of: spool) != nil else {
                say("failed files are not counted: there is no spool \(spool)")
                return nil
            }
            return try SpoolCommand.open(common).failures(
                ofKind: kind, since: written.since, until: written.until)
        } catch {
            say("failed files are not counted: \(explained(error).explanation)")
            return nil
        }
    }

    private func details(_ documents: Int) -> [String: String] {
        var details = ["documents": String(documents), "minimum_count": String(minimumCount)]
        details["kind"] = kind?.rawValue
        details["since"] = written.since?.utc
        details["until"] = written.until?.utc
        return details
    }
}
