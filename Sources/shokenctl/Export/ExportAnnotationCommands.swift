// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Exports
import Foundation
import ResultStore

/// What exports to tools for annotation have in common.
struct AnnotationExport: ParsableArguments {
    @Argument(help: "The new file or folder; for files of lines - for standard output.")
    var target: String

    @Flag(help: "Replace what is there of the same names.")
    var force = false

    @OptionGroup var documents: ExportSelection
    @OptionGroup var common: CommonOptions

    /// How many documents left, and where to.
    private struct Report: Encodable {
        let documents: Int
        let spans: Int
        let target: String
    }

    /// Runs `write` with each document; `finish` comes before the audit trail's line and the report.
    func run(
        _ tool: AnnotationTool, write: (AnnotatedText) throws -> Void, finish: () throws -> Void,
        place: () throws -> Void
    ) throws {
        let reader = try ResultReader(file: common.databaseFile())
        var spans = 0
        let pass = try reader.eachDocument(of: documents.selection) { stored in
            let text = AnnotatedText(stored)
            spans += text.spans.count
            try write(text)
        }
        try finish()
        var details = documents.audited
        details["documents"] = String(pass.documents)
        details["spans"] = String(spans)
        let name = target == "-" ? "standard output" : absolutePath(target).lastName?.escaped
        try common.noteExport(tool.rawValue, to: name ?? "", details: details)
        try place()
        if target == "-" { return }
        let report = Report(
            documents: pass.documents, spans: spans, target: absolutePath(target).description)
        if common.json { return try printJSON(report) }
        print("\(report.target): \(pass.documents) documents, \(spans) places")
    }

    /// Writes a line for each document into a file, or to standard output.
    func writeLines(_ tool: AnnotationTool, _ line: (AnnotatedText) -> String) throws {
        guard target != "-" else {
            return try run(
                tool,
                write: {
                    try FileHandle.standardOutput.write(contentsOf: Data((line($0) + "\n").utf8))
                }, finish: {}, place: {})
        }
        let file = try PendingFile(for: absolutePath(target), replacing: force)
        try run(
            tool, write: { try file.append(line($0) + "\n") }, finish: {},
            place: { try file.place(replacing: force) })
    }
}

/// `shokenctl export brat`: a folder that brat opens.
struct ExportBratCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brat",
        abstract: "Write documents with their mentions for brat.",
        discussion: """
            Makes a folder with a .txt and an .ann for each document, named after its number, \
            annotation.conf, visual.conf, and documents.jsonl, which shokenctl import brat reads to \
            give each text its line ends back. Texts have line feeds only; offsets count Unicode \
            scalars. With --json: {"documents","spans","target"}.

            Examples:
              shokenctl export brat ./for-brat --kind case-report
            """)

    @OptionGroup var export: AnnotationExport

    func validate() throws {
        guard export.target != "-" else { throw ValidationError("brat needs a folder") }
    }

    func run() throws {
        let folder = try PendingFolder(
            for: absolutePath(export.target), replacing: export.force)
        try folder.write(BratFiles.annotationConfiguration, to: "annotation.conf")
        try folder.write(BratFiles.visualConfiguration, to: "visual.conf")
        let list = try folder.file(BratFiles.documentList)
        try export.run(
            .brat,
            write: { text in
                let name = text.document ?? ""
                try folder.write(text.text, to: name + ".txt")
                try folder.write(BratFiles.annotations(text), to: name + ".ann")
                try list.append(BratFiles.listed(text, file: name) + "\n")
            }, finish: { try list.place(replacing: false) }, place: { try folder.place() })
    }
}

/// `shokenctl export doccano`: JSON Lines for a project of sequence labelling.
struct ExportDoccanoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doccano",
        abstract: "Write documents with their mentions for doccano.",
        discussion: """
            A line for each document, for a project of sequence labelling with the labels disease, \
            drug and dose; with relations where a drug caused a reaction. Texts have line feeds only; \
            offsets count Unicode scalars. With --json: {"documents","spans","target"}.

            Examples:
              shokenctl export doccano for-doccano.jsonl --kind nursing
            """)

    @OptionGroup var export: AnnotationExport

    func run() throws { try export.writeLines(.doccano, DoccanoLines.line) }
}

/// `shokenctl export prodigy`: JSON Lines for a recipe of spans.
struct ExportProdigyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prodigy",
        abstract: "Write documents with their mentions for Prodigy.",
        discussion: """
            A line for each document, with the labels DISEASE, DRUG and DOSE, for ner.manual or \
            spans.manual with --highlight-chars. Texts have line feeds only; offsets count Unicode \
            scalars. With --json: {"documents","spans","target"}.

            Examples:
              shokenctl export prodigy for-prodigy.jsonl --since 2026-03-01
            """)

    @OptionGroup var export: AnnotationExport

    func run() throws { try export.writeLines(.prodigy, ProdigyLines.line) }
}

/// `shokenctl export label-studio`: tasks with predictions, and the interface to correct them in.
struct ExportLabelStudioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label-studio",
        abstract: "Write documents with their mentions for Label Studio.",
        discussion: """
            Makes a folder with tasks.json, where mentions are predictions, and interface.xml, which \
            is to be the project's labelling interface. Texts have line feeds only; offsets count \
            UTF-16 units, as Label Studio does. With --json: {"documents","spans","target"}.

            Examples:
              shokenctl export label-studio ./for-label-studio --kind radiology
            """)

    @OptionGroup var export: AnnotationExport

    func validate() throws {
        guard export.target != "-" else { throw ValidationError("Label Studio needs a folder") }
    }

    func run() throws {
        let folder = try PendingFolder(
            for: absolutePath(export.target), replacing: export.force)
        let interface = try folder.file("interface.xml")
        try interface.append(LabelStudioTasks.interface)
        try interface.place(replacing: false)
        let tasks = try folder.file("tasks.json")
        var separator = "[\n"
        try export.run(
            .labelStudio,
            write: { text in
                try tasks.append(separator + LabelStudioTasks.task(text))
                separator = ",\n"
            },
            finish: {
                try tasks.append(separator == "[\n" ? "[]\n" : "\n]\n")
                try tasks.place(replacing: false)
            }, place: { try folder.place() })
    }
}
