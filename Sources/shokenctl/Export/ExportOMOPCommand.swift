// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Exports
import Faults
import Foundation
import ResultStore
import RowFiles

/// `shokenctl export omop`: NOTE and NOTE_NLP.
struct ExportOMOPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "omop",
        abstract: "Write NOTE and NOTE_NLP of the OMOP Common Data Model 5.4.",
        discussion: """
            Makes a folder with NOTE.csv, NOTE_NLP.csv and README. Documents whose patient is not in \
            the list of persons are left out and counted. Concepts are 0 where the list of concepts \
            does not name them. With --json: {"dated_by_month","dated_by_receipt","mentions",\
            "notes","target","without_concept","without_person","without_text"}.

            Examples:
              shokenctl export omop ./omop --persons persons.csv
              shokenctl export omop ./omop --persons persons.csv --concepts concepts.csv
            """)

    @Argument(help: "The new folder.")
    var target: String

    @Option(
        help: ArgumentHelp(
            "The site's persons: CSV with the columns patient_id and person_id.",
            valueName: "file"))
    var persons: String

    @Option(
        help: ArgumentHelp(
            """
            The site's concepts: CSV with the columns code (nursing, ICD10:J849, a standard name, \
            ADVERSE_EVENT:2, T:T2a, STAGE:IIIA) and concept_id.
            """, valueName: "file"))
    var concepts: String?

    @Flag(help: "Replace files of the same names in the folder.")
    var force = false

    @OptionGroup var increment: IncrementalExport
    @OptionGroup var documents: ExportSelection
    @OptionGroup var common: CommonOptions

    func run() throws {
        let export = OMOPExport(
            persons: try numbers(persons, "patient_id", "person_id"),
            concepts: try concepts.map { try numbers($0, "code", "concept_id") } ?? [:])
        let reader = try ResultReader(file: common.databaseFile())
        let path = absolutePath(target)
        let folder = try PendingFolder(for: path, replacing: force)
        let notes = try folder.file("NOTE.csv")
        let mentions = try folder.file("NOTE_NLP.csv")
        try notes.append(OMOPExport.header(OMOPExport.noteColumns))
        try mentions.append(OMOPExport.header(OMOPExport.mentionColumns))
        var count = OMOPExport.Count()
        let pass = try reader.eachDocument(
            of: increment.narrowed(documents.selection, reader)
        ) { document in
            let records = try export.records(of: document, count: &count)
            try notes.append(records.note)
            try mentions.append(records.mentions)
        }
        let readme = try folder.file("README")
        try readme.append(OMOPExport.readme(count))
        for file in [notes, mentions, readme] { try file.place(replacing: false) }
        try increment.writeRemoved(pass, in: folder)
        var details = documents.audited
        details["notes"] = String(count.notes)
        details["mentions"] = String(count.mentions)
        try common.noteExport("omop", to: path.lastName?.escaped ?? "", details: details)
        try folder.place()
        try increment.finish(pass, common)
        try report(count, path)
    }

    private func report(_ count: OMOPExport.Count, _ path: FilePath) throws {
        if common.json { return try printJSON(Report(count, path)) }
        print("\(path): \(count.notes) notes, \(count.mentions) mentions")
        if count.withoutPerson > 0 {
            say("\(count.withoutPerson) documents are of no person in \(persons), and left out")
        }
        if count.withoutText > 0 { say("\(count.withoutText) documents have no text") }
    }

    /// A list of two columns as a dictionary.
    private func numbers(_ file: String, _ key: String, _ number: String) throws -> [String: Int64]
    {
        let content = try DiskFiles().read(absolutePath(file), maximumBytes: 1 << 30)
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CommandFailure(.badData, "\(file) is not UTF-8")
        }
        var table = SeparatedValues(
            text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text)
        let records: [SeparatedValues.Row]
        do throws(SeparatedValues.Malformed) { records = try table.rows() } catch {
            throw CommandFailure(.badData, "\(file): \(error.explanation)")
        }
        var rows = records[...]
        guard let heading = rows.popFirst()?.fields, let first = heading.firstIndex(of: key),
            let second = heading.firstIndex(of: number)
        else { throw CommandFailure(.badData, "\(file) has no columns \(key) and \(number)") }
        var found: [String: Int64] = [:]
        for row in rows {
            guard row.fields.count == heading.count, let value = Int64(row.fields[second]) else {
                throw CommandFailure(.badData, "\(file), line \(row.line): \(number) is no number")
            }
            guard found.updateValue(value, forKey: row.fields[first]) ?? value == value else {
                throw CommandFailure(
                    .badData, "\(file), line \(row.line): another \(number) for the same \(key)")
            }
        }
        return found
    }
}

/// What was written; stable, for programs.
private struct Report: Encodable {
    enum CodingKeys: String, CodingKey {
        case target, notes, mentions
        case withoutPerson = "without_person"
        case withoutText = "without_text"
        case withoutConcept = "without_concept"
        case datedByReceipt = "dated_by_receipt"
        case datedByMonth = "dated_by_month"
    }

    let target: String
    let notes, mentions, withoutPerson, withoutText, withoutConcept: Int
    let datedByReceipt, datedByMonth: Int

    init(_ count: OMOPExport.Count, _ path: FilePath) {
        target = path.description
        (notes, mentions) = (count.notes, count.mentions)
        (withoutPerson, withoutText) = (count.withoutPerson, count.withoutText)
        withoutConcept = count.withoutConcept
        (datedByReceipt, datedByMonth) = (count.datedByReceipt, count.datedByMonth)
    }
}
