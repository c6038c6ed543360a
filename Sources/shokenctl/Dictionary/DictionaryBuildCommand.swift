// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import JapaneseText
import Terminology

/// Lists of terms to a user dictionary.
struct DictionaryBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Compile lists of terms into a user dictionary.",
        discussion: """
            Layouts are known by their first line: surface, icd10, standard_name; 万病辞書; 百薬辞書; \
            MedDic-CANCER; a hospital's own table with surface and type (disease, drug, anatomy, test, \
            other) and where wanted reading, code, standard_name, cost. byomei (the main table of the \
            標準病名マスター), disease-list and drug-list (one term a line) have no first line and \
            need --format. Of a term that stands more than once the first counts. The same lists give \
            the same file, byte for byte.
            With --json: {"bytes","clamped_costs","divided","output","sha256","sources":[…],\
            "system_words","terms"}.
            """)

    @Option(name: .long, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String
    @OptionGroup var input: TermInputOptions
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        let output: String
        let sha256: String
        let bytes: Int
        let terms: Int
        let divided: Int
        let systemWords: Int
        let clampedCosts: Int
        let sources: [TermSelection.SourceCount]

        enum CodingKeys: String, CodingKey {
            case output, sha256, bytes, terms, divided, sources
            case systemWords = "system_words"
            case clampedCosts = "clamped_costs"
        }
    }

    func run() throws {
        let bar = ProgressBar()
        let selection = try input.selection(bar)
        let result = try input.compile(selection, bar)
        bar.finish()
        let content = Data(result.content)
        try DiskFiles().write(content, to: FilePath(URL(filePath: output)))
        let digest = ContentDigest(of: content).hexadecimal
        if json {
            return try printJSON(
                Report(
                    output: output, sha256: digest, bytes: content.count, terms: result.terms,
                    divided: result.dividedTerms, systemWords: result.systemWords.count,
                    clampedCosts: result.clampedCosts, sources: selection.sources))
        }
        selection.printSources()
        print(
            "\(output): \(result.terms) terms, \(content.count) bytes, sha256 \(digest)\n"
                + "\(result.dividedTerms) would be cut apart without it, "
                + "\(result.systemWords.count) are words of the system dictionary")
    }
}

/// Lists of terms, looked over without writing anything.
struct DictionaryCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look over lists of terms: faults, repetitions, words of the system dictionary.",
        discussion: """
            Does all that build does, and writes nothing. Conflicts are terms that stand twice with \
            another type, code or standard name; collisions are terms that the system dictionary holds \
            as one word: they keep its grammar and only gain name and code.
            With --json: {"collisions":[…],"repetitions":[{"differs","dropped","kept","term"}],\
            "sources":[…],"terms"}.
            """)

    @OptionGroup var input: TermInputOptions
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        let terms: Int
        let sources: [TermSelection.SourceCount]
        let repetitions: [TermSelection.Repeated]
        let collisions: [String]
    }

    func run() throws {
        let bar = ProgressBar()
        let selection = try input.selection(bar)
        let result = try input.compile(selection, bar)
        bar.finish()
        if json {
            return try printJSON(
                Report(
                    terms: result.terms, sources: selection.sources,
                    repetitions: selection.repetitions, collisions: result.systemWords))
        }
        selection.printSources()
        let conflicts = selection.repetitions.filter(\.differs)
        if !conflicts.isEmpty {
            print("\nConflicts\(Self.more(conflicts.count)):")
            TextTable(
                columns: ["TERM", "KEPT", "DROPPED"],
                rows: conflicts.prefix(Self.mostShown).map { [$0.term, $0.kept, $0.dropped] }
            ).print()
        }
        if !result.systemWords.isEmpty {
            print("\nWords of the system dictionary\(Self.more(result.systemWords.count)):")
            print(result.systemWords.prefix(Self.mostShown).joined(separator: " "))
        }
        print("\n\(result.terms) terms are good")
    }

    private static let mostShown = 20

    private static func more(_ count: Int) -> String {
        count > mostShown ? " (\(mostShown) of \(count); --json prints all)" : ""
    }
}
