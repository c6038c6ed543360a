// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Exports
import Foundation
import ResultStore

/// `shokenctl export fhir`: resources of FHIR R4, a line each.
struct ExportFHIRCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fhir",
        abstract: "Write what was found as resources of FHIR R4.",
        discussion: """
            Makes a folder with a file for each type (NDJSON): Condition, MedicationStatement, \
            Observation, DocumentReference, Provenance. Identifiers follow from document, place and \
            model, so that a second export is equal. What is somebody else's, or only general, is \
            left out and counted, as are documents of no patient. With --json: {"passed_over",\
            "resources","target","without_patient"}.

            Examples:
              shokenctl export fhir ./fhir --since 2026-03-01
              shokenctl export fhir ./fhir --with-text
            """)

    @Argument(help: "The new folder.")
    var target: String

    @Flag(help: "Also write documents' texts, and the sentences of findings.")
    var withText = false

    @Flag(help: "Replace files of the same names in the folder.")
    var force = false

    @OptionGroup var increment: IncrementalExport
    @OptionGroup var documents: ExportSelection
    @OptionGroup var common: CommonOptions

    /// What was written; stable, for programs.
    private struct Report: Encodable {
        enum CodingKeys: String, CodingKey {
            case target, resources
            case withoutPatient = "without_patient"
            case passedOver = "passed_over"
        }

        let target: String
        let resources: [String: Int]
        let withoutPatient, passedOver: Int
    }

    func run() throws {
        let reader = try ResultReader(file: common.databaseFile())
        let export = FHIRExport(withText: withText)
        let path = absolutePath(target)
        let folder = try PendingFolder(for: path, replacing: force)
        var files: [FHIRExport.Resource: PendingFile] = [:]
        for type in FHIRExport.Resource.allCases {
            files[type] = try folder.file("\(type.rawValue).ndjson")
        }
        let definitions = try folder.file("StructureDefinition.ndjson")
        try definitions.append(FHIRExport.definition + "\n")
        try definitions.place(replacing: false)
        var count = FHIRExport.Count()
        let pass = try reader.eachDocument(
            of: increment.narrowed(documents.selection, reader)
        ) { document in
            for (type, line) in export.lines(of: document, count: &count) {
                try files[type]?.append(line + "\n")
            }
        }
        for file in files.values { try file.place(replacing: false) }
        try increment.writeRemoved(pass, in: folder)
        var details = documents.audited
        for (type, resources) in count.resources { details[type.rawValue] = String(resources) }
        details["text"] = withText ? "yes" : "no"
        try common.noteExport("fhir", to: path.lastName?.escaped ?? "", details: details)
        try folder.place()
        try increment.finish(pass, common)
        try report(count, path)
    }

    private func report(_ count: FHIRExport.Count, _ path: FilePath) throws {
        let resources = FHIRExport.Resource.allCases.map {
            ($0.rawValue, count.resources[$0] ?? 0)
        }
        if common.json {
            return try printJSON(
                Report(
                    target: path.description,
                    resources: Dictionary(uniqueKeysWithValues: resources),
                    withoutPatient: count.withoutPatient, passedOver: count.passedOver))
        }
        print("\(path): " + resources.map { "\($0.1) \($0.0)" }.joined(separator: ", "))
        if count.withoutPatient > 0 {
            say("\(count.withoutPatient) documents are of no patient, and left out")
        }
        if count.passedOver > 0 {
            say("\(count.passedOver) findings are no statement on the patient, and left out")
        }
    }
}
