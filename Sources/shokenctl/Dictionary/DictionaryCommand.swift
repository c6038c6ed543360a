// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DurableFiles
import Foundation
import JapaneseText
import Terminology

/// Everything about user dictionaries.
struct DictionaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dictionary",
        abstract: "Make user dictionaries from lists of terms, look into them, measure them.",
        discussion: """
            A user dictionary is a file that MeCab reads beside its system dictionary. It makes long \
            terms one word, and gives diseases and drugs their standard name and code. Name it in \
            shoken.toml(5), text.user_dictionary.
            """,
        subcommands: [
            DictionaryBuildCommand.self, DictionaryCheckCommand.self, DictionaryShowCommand.self,
            DictionaryLookupCommand.self, DictionaryMeasureCommand.self,
        ])
}

extension TermFileFormat: ExpressibleByArgument {}
extension TermConfidence: ExpressibleByArgument {}

/// The lists of terms that a command reads.
struct TermInputOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Lists of terms; the first one counts.", valueName: "file"))
    var files: [String]

    @Option(
        name: .long,
        help: "The files' layout, where the first line does not tell it.")
    var format: TermFileFormat?

    @Option(
        name: .long,
        help: "The least confidence that a term of 万病辞書 must have, S to F.")
    var confidence: TermConfidence = .c

    @Option(
        name: .long,
        help: ArgumentHelp("MeCab's system dictionary, a directory.", valueName: "directory"))
    var dictionary: String?

    @Option(
        name: .long,
        help: "How much cheaper than its parts a term is made, in MeCab's costs.")
    var margin = DictionaryCompiler.usualMargin

    func validate() throws {
        if files.isEmpty { throw ValidationError("at least one list of terms is needed") }
        guard (0...10_000).contains(margin) else {
            throw ValidationError("--margin must be from 0 to 10000")
        }
    }

    /// The terms of all files, cleaned, each once.
    func selection(_ bar: ProgressBar) throws -> TermSelection {
        var selection = TermSelection()
        for file in files {
            let name = URL(filePath: file).lastPathComponent
            let list = try TermFile(
                FilePath(URL(filePath: file).resolvingSymlinksInPath()), format: format,
                confidence: confidence
            ) { bar.show("reading \(name)", $0) }
            selection.add(list) { bar.show("cleaning \(name)", $0) }
        }
        return selection
    }

    /// The compiled dictionary of a selection.
    func compile(
        _ selection: TermSelection, _ bar: ProgressBar
    ) throws -> DictionaryCompiler.Result {
        try DictionaryCompiler(systemDictionary: dictionary, margin: margin)
            .compile(selection.entries) {
                bar.show("costs of \(selection.entries.count) terms", $0)
            }
    }
}

extension TermSelection {
    /// What became of each list, for people.
    func printSources() {
        TextTable(
            columns: ["LIST", "FORMAT", "ROWS", "TAKEN", "REPEATED", "CONFLICTING", "LEFT OUT"],
            rows: sources.map { source in
                [
                    source.source, source.format, "\(source.rows)", "\(source.taken)",
                    "\(source.repeated)", "\(source.conflicting)",
                    source.leftOut.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
                        .joined(separator: ", "),
                ]
            }, widest: 60
        ).print()
    }
}
