// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Faults
import Foundation
import Intake
import JapaneseText

/// `shokenctl text clean`: a text in, the text that a model sees out.
struct TextCleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Print a text as a model sees it.",
        discussion: """
            A file may have any encoding that the daemon reads. White space shows as ▁ (U+2581). \
            With --map, prints one JSON object for each stretch of the text instead: cleaned and \
            source (where it stands, in Unicode scalars, [start, end]), text and original (the \
            characters), changed. The stretches cover both texts without gaps; what was removed has \
            an empty text. With --json, prints one object a file: file, profile, version, text, and \
            with --map the stretches, too.
            """)

    @Option(help: "What the text is for: documents or training.")
    var profile: TextCleaner.Profile = .documents

    @OptionGroup var version: CleaningVersionOption

    @Option(
        help: ArgumentHelp(
            "Apply this rule only; may be given several times.", valueName: "name"))
    var rule: [CleaningRule] = []

    @Flag(help: "Print where each stretch of the text came from.")
    var map = false

    @Argument(help: "Files; - or nothing for standard input.")
    var files: [String] = []

    @OptionGroup var common: CommonOptions

    func validate() throws {
        let rules = try version.value.rules
        if let unknown = rule.first(where: { !rules.contains($0) }) {
            throw ValidationError(
                "version \(version.number) has no rule \(unknown.rawValue); see shokenctl text rules"
            )
        }
    }

    func run() throws {
        let cleaner = TextCleaner(
            profile: profile, version: try version.value, only: rule.isEmpty ? nil : Set(rule))
        for file in files.isEmpty ? ["-"] : files {
            try show(cleaner.clean(try text(of: file)), file: file)
        }
    }

    private func text(of file: String) throws -> String {
        let data: Data
        if file == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else if let content = FileManager.default.contents(atPath: file) {
            data = content
        } else {
            throw CommandFailure(.noInput, "cannot read \(file)")
        }
        if data.isEmpty { return "" }
        do {
            // Under this name a file is one document, whatever its own name says.
            // It answers for no daemon, so it takes more than one would.
            let limits = IntakeLimits(maximumBytes: 64 << 20, maximumDocumentScalars: 4_000_000)
            let documents = try DocumentReader(limits: limits, takesAnyText: true).documents(
                in: data, fileName: "document", kind: .caseReport)
            return documents.map(\.text).joined(separator: "\n")
        } catch {
            throw CommandFailure(
                .badData,
                "\(file == "-" ? "standard input" : file): \(error.explanation)")
        }
    }

    private func show(_ text: CleanedText, file: String) throws {
        let stretches = map ? text.stretches.map { ListedStretch($0, of: text) } : []
        if common.json {
            try printJSON(
                CleanedFile(
                    file: file, profile: profile.rawValue, version: version.number,
                    text: text.string, stretches: map ? stretches : nil))
        } else if map {
            for stretch in stretches { try printJSON(stretch) }
        } else {
            print(text.string, terminator: text.scalars.last == "\n" ? "" : "\n")
        }
    }
}

/// One line of `text clean --json`.
private struct CleanedFile: Encodable {
    let file: String
    let profile: String
    let version: Int
    let text: String
    let stretches: [ListedStretch]?
}

/// One line of `text clean --map`.
private struct ListedStretch: Encodable {
    let cleaned: [Int]
    let source: [Int]
    let text: String
    let original: String
    let changed: Bool

    init(_ stretch: CleanedText.Stretch, of text: CleanedText) {
        cleaned = [stretch.cleaned.start, stretch.cleaned.end]
        source = [stretch.source.start, stretch.source.end]
        self.text = text.slice(stretch.cleaned)
        original = text.sourceSlice(stretch.source)
        changed = !stretch.isUnchanged
    }
}
