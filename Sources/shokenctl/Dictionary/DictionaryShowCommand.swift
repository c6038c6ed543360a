// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DurableFiles
import Faults
import Foundation
import JapaneseText
import Terminology

/// What a user dictionary holds.
struct DictionaryShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Say what a user dictionary holds, after checking every number in it.",
        discussion: """
            With --json: {"bytes","coded","named","other_words","sha256","sources":{…},"terms",\
            "types":{…}}. other_words are those that another program put there; MeCab cuts by them, \
            and they have no meaning here.
            """)

    @Argument(help: ArgumentHelp("A compiled user dictionary.", valueName: "file"))
    var file: String
    @Option(
        name: .long,
        help: ArgumentHelp("MeCab's system dictionary, a directory.", valueName: "directory"))
    var dictionary: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        var sha256 = ""
        var bytes: Int64 = 0
        var terms = 0
        var coded = 0
        var named = 0
        var otherWords = 0
        var types: [String: Int] = [:]
        var sources: [String: Int] = [:]

        enum CodingKeys: String, CodingKey {
            case sha256, bytes, terms, coded, named, types, sources
            case otherWords = "other_words"
        }
    }

    func run() throws {
        let path = FilePath(URL(filePath: file).resolvingSymlinksInPath())
        var report = Report()
        // First, for it says that a file is not there.
        report.sha256 = try ContentDigest(ofFile: path).hexadecimal
        let content = try UserDictionary(path: path.description, systemDictionary: dictionary)
        report.bytes = Int64(try DiskFiles().facts(of: path)?.size ?? 0)
        content.forEachWord { term, _ in
            guard let term else { return report.otherWords += 1 }
            report.terms += 1
            if term.code != nil { report.coded += 1 }
            if term.standardName != nil { report.named += 1 }
            report.types[term.type.rawValue, default: 0] += 1
            report.sources[term.source, default: 0] += 1
        }
        if json { return try printJSON(report) }
        var rows = [
            ["sha256", report.sha256], ["bytes", "\(report.bytes)"], ["terms", "\(report.terms)"],
            ["with a code", "\(report.coded)"], ["with a standard name", "\(report.named)"],
        ]
        if report.otherWords > 0 { rows.append(["words of others", "\(report.otherWords)"]) }
        rows += report.types.sorted { $0.key < $1.key }.map { ["type \($0.key)", "\($0.value)"] }
        rows += report.sources.sorted { $0.key < $1.key }.map { ["from \($0.key)", "\($0.value)"] }
        TextTable(columns: ["", file], rows: rows, widest: 80).print()
    }
}

/// Terms to their standard names.
struct DictionaryLookupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup",
        abstract: "Look terms up as the entities of documents are: code, standard name.",
        discussion: """
            Found how: exact, the text is a term; modifier, it is one with a word of side, degree, \
            doubt or course; head, it ends in one. A term of the type disease answers for diseases, one \
            of the type drug for drugs; here every type answers. Ends with code 66 if one is not found.
            With --json, one line each: {"by","code","found","source","standard_name","term","text",\
            "type"}.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A compiled user dictionary (default: the configured one).", valueName: "file"))
    var userDictionary: String?
    @Option(
        name: .long,
        help: ArgumentHelp("MeCab's system dictionary, a directory.", valueName: "directory"))
    var dictionary: String?
    @Argument(help: ArgumentHelp("What to look up.", valueName: "term"))
    var terms: [String]
    @OptionGroup var common: CommonOptions

    private struct Line: Encodable {
        let text: String
        let found: Bool
        let by: NormalizationMethod?
        let term: String?
        let type: TermType?
        let code: String?
        let standardName: String?
        let source: String?

        enum CodingKeys: String, CodingKey {
            case text, found, by, term, type, code, source
            case standardName = "standard_name"
        }

        init(_ text: String, _ match: TermNormalizer.Match?) {
            self.text = text
            found = match != nil
            by = match?.method
            term = match?.term.surface
            type = match?.term.type
            code = match?.term.code
            standardName = match?.term.standardName
            source = match?.term.source
        }
    }

    func run() throws {
        var (file, system) = (userDictionary, dictionary)
        if file == nil {
            let settings = try common.configured()
            file = settings.userDictionary
            system = system ?? settings.mecabDictionary
        }
        guard let file else {
            throw CommandFailure(
                .usage,
                "no user dictionary is configured (text.user_dictionary); name one with "
                    + "--user-dictionary")
        }
        let normalizer = try TermNormalizer(userDictionary: file, systemDictionary: system)
        let lines = terms.map { Line($0, normalizer.match($0) { _ in true }) }
        if common.json {
            for line in lines { try printJSON(line) }
        } else {
            TextTable(
                columns: ["TEXT", "BY", "TERM", "TYPE", "CODE", "STANDARD NAME", "SOURCE"],
                rows: lines.map { line in
                    [
                        line.text, line.by?.rawValue ?? "not found", line.term ?? "",
                        line.type?.rawValue ?? "", line.code ?? "", line.standardName ?? "",
                        line.source ?? "",
                    ]
                }
            ).print()
        }
        if lines.contains(where: { !$0.found }) { throw ExitCode(Disposition.noInput) }
    }
}
