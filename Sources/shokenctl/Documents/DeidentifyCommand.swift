// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import DocumentPipeline
import Faults
import Foundation
import Intake
import JapaneseText

/// `shokenctl deidentify`: documents in, the same without personal information out.
struct DeidentifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deidentify",
        abstract: "Replace personal information in documents, or say where it stands.",
        discussion: """
            Prints each document with placeholders where personal information stood; every other \
            character stays. Files that end in .jsonl or .ndjson, and standard input that begins \
            with {, hold one document a line: the field "text" is replaced, the other fields are \
            passed on as they are, "patient_id" too. A line that cannot be read gives one with \
            "error", and the command ends with code 65. With --json it prints where personal \
            information stands (kind, start, end in Unicode scalars of the source) and no text.

            Kinds: \(PersonalInformationKind.listed), where account and tag must be asked for. It \
            finds by field labels, titles, shapes and short lists of names; what nothing gives \
            away stays. Read the result before you hand it on.
            """)

    @Option(help: "Kinds to look for, with commas between them (default: all of records).")
    var kinds: String?

    @Option(
        help: ArgumentHelp(
            "What stands there instead: kind (［氏名］), geta (〓) or same-length (〓〓〓).",
            valueName: "kind|geta|same-length"))
    var placeholder = DeIdentifier.Placeholder.kind

    @Flag(help: "Print how many were found of each kind, and nothing else.")
    var report = false

    @Argument(help: "Files; - or nothing for standard input.")
    var files: [String] = []

    @OptionGroup var common: CommonOptions

    func run() throws {
        let identifier = DeIdentifier(kinds: try chosenKinds())
        let reader = try common.settings().documentReader
        var counts: [PersonalInformationKind: Int] = [:]
        var documents = 0
        var failed = false
        for file in files.isEmpty ? ["-"] : files {
            try readDocuments(of: file, kind: .nursing, reader: reader) { entries in
                for entry in entries {
                    guard case .success(let document) = entry.result else {
                        failed = true
                        try show(fault: entry.explanation ?? "")
                        continue
                    }
                    documents += 1
                    let spans = identifier.spans(in: document.text)
                    for span in spans { counts[span.kind, default: 0] += 1 }
                    if !report { try show(document, entry, spans, identifier, file: file) }
                }
                fflush(nil)
            }
        }
        if report { try show(counts, documents: documents) }
        if failed { throw ExitCode(Disposition.badData) }
    }

    private func chosenKinds() throws -> Set<PersonalInformationKind> {
        guard let kinds else { return PersonalInformationKind.records }
        return Set(
            try kinds.split(separator: ",").map { word in
                let name = word.trimmingCharacters(in: .whitespaces)
                guard let kind = PersonalInformationKind(rawValue: name) else {
                    throw ValidationError(
                        "there is no kind \(name); there are \(PersonalInformationKind.listed)")
                }
                return kind
            })
    }

    // MARK: Printing

    private func show(fault explanation: String) throws {
        if report {
            FileHandle.standardError.write(Data("shokenctl: \(explanation)\n".utf8))
        } else {
            try printJSON(["error": explanation])
        }
    }

    private func show(
        _ document: ClinicalDocument, _ entry: ReadDocument, _ spans: [PersonalInformationSpan],
        _ identifier: DeIdentifier, file: String
    ) throws {
        if common.json {
            return try printJSON(
                FoundLine(
                    id: document.externalIdentifier, file: entry.object == nil ? file : nil,
                    found: spans.map {
                        .init(kind: $0.kind, start: $0.range.start, end: $0.range.end)
                    }))
        }
        let text = identifier.replacing(spans, in: document.text, by: placeholder)
        guard let object = entry.object else { return print(text, terminator: "") }
        let fields = try JSONSerialization.jsonObject(with: Data(object))
        guard var changed = fields as? [String: Any] else {
            throw CommandFailure(.badData, "\(file): a line is no object")
        }
        changed["text"] = text
        let line = try JSONSerialization.data(
            withJSONObject: changed, options: [.sortedKeys, .withoutEscapingSlashes])
        print(String(decoding: line, as: UTF8.self))
    }

    private func show(_ counts: [PersonalInformationKind: Int], documents: Int) throws {
        if common.json {
            let byKind = counts.map { ($0.key.rawValue, $0.value) }
            return try printJSON(
                ReportLine(
                    documents: documents,
                    found: Dictionary(uniqueKeysWithValues: byKind)))
        }
        let rows = PersonalInformationKind.allCases.compactMap { kind in
            counts[kind].map { [kind.rawValue, "\($0)"] }
        }
        TextTable(columns: ["kind", "found"], rows: rows).print()
        print("\(counts.values.reduce(0, +)) in \(documents) documents")
    }
}

extension DeIdentifier.Placeholder: ExpressibleByArgument {}

extension PersonalInformationKind {
    /// All names, as a sentence lists them.
    static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Where personal information stands in one document; stable, for programs.
private struct FoundLine: Encodable {
    struct Place: Encodable {
        let kind: PersonalInformationKind
        let start: Int
        let end: Int
    }

    let id: String?
    let file: String?
    let found: [Place]
}

/// How much was found; stable, for programs.
private struct ReportLine: Encodable {
    let documents: Int
    let found: [String: Int]
}
