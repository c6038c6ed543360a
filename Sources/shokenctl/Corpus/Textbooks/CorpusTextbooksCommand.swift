// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Curation
import DurableFiles
import Foundation
import Generation
import JSONFiles
import Tensors
import Terminology

/// `shokenctl corpus textbooks`: texts about topics, written by a model.
struct CorpusTextbooksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "textbooks",
        abstract: "Have a model write textbooks and exercises about topics.",
        discussion: """
            Topics are lines of a file (--topics), standard names of a list of diseases such as \
            J-MeDic (--diseases), or names of a list of drugs (--drugs), each once. Each prompt \
            that is for topics of its kind is put as often as its versions say; --prompts names a \
            file of TOML, --show-prompts prints the program's own. Writes JSON Lines that `corpus \
            filter` reads: id and text, and where the text is from (kind, topic, source, prompt, \
            version, model, digest, seed, sampling, finish). After a stop or a kill the same \
            command goes on, and ends with the same bytes. For texts by several models call it \
            once for each. What a model writes may be wrong; nobody checks it here.
            """)

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Topics, one a line; may stand several times.", valueName: "file"))
    var topics: [String] = []
    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A list of diseases; may stand several times.", valueName: "file"))
    var diseases: [String] = []
    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A list of drugs; may stand several times.", valueName: "file"))
    var drugs: [String] = []
    @Option(help: "The layout of the lists of diseases (default: told by the first line).")
    var diseaseFormat: TermFileFormat?
    @Option(help: "The layout of the lists of drugs (default: told by the first line).")
    var drugFormat: TermFileFormat?
    @Flag(help: "Take each term of the lists as it is written, not its standard name.")
    var asWritten = false
    @Option(help: ArgumentHelp("Prompts; see shoken-corpus(5).", valueName: "file"))
    var prompts: String?
    @Flag(help: "Print the program's own prompts, and do nothing else.")
    var showPrompts = false
    @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String?
    @OptionGroup(title: "Model") var model: QualityModelOptions
    @OptionGroup(title: "Picking tokens") var picking: PickingOptions
    @Option(
        help: ArgumentHelp(
            "The most tokens that are held in memory at once.", valueName: "tokens"))
    var budget = 16384
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    /// Texts that are in hand at once; chunks are of this size whatever a kill did.
    private static let chunk = 64

    func validate() throws {
        guard (128...(1 << 30)).contains(budget) else {
            throw ValidationError("--budget is a number from 128 to 1073741824")
        }
        if showPrompts { return }
        guard !(topics + diseases + drugs).isEmpty else {
            throw ValidationError("name topics with --topics, --diseases or --drugs")
        }
        guard output != nil else { throw ValidationError("name the file to write with --output") }
    }

    func run() throws {
        if showPrompts { return print(TextbookPrompt.standard) }
        guard let output else { return }
        let prompts = try TextbookPrompt.read(self.prompts.map { URL(filePath: $0) })
        let topics = try TextbookTopic.read(
            topics: topics, diseases: (diseases, diseaseFormat), drugs: (drugs, drugFormat),
            asWritten: asWritten)
        let plan = topics.flatMap { topic in
            prompts.filter { $0.kinds.contains(topic.kind) }.flatMap { prompt in
                (1...prompt.versions).map { TextbookRequest(topic, prompt, version: $0) }
            }
        }
        guard !plan.isEmpty else {
            throw CommandFailure(.badData, "no prompt is for any of the \(topics.count) topics")
        }
        let asked = try QualityModel(model)
        let (sampling, limit) = try settings()
        if sampling.temperature == 0, let prompt = plan.first(where: { $0.version > 1 })?.prompt {
            throw ValidationError(
                "\(prompt.versions) versions by the prompt \(prompt.name) would all be the same: draw tokens "
                    + "with --temperature above 0, or name --prompts of one version each")
        }
        let list = topics.map { "\($0.kind.rawValue) \($0.source) \($0.topic)" }
        var identity = asked.facts
        identity["topics"] = Self.digest(list)
        identity["prompts"] = Self.digest(
            prompts.map { "\($0.digest) \($0.versions) \($0.kinds.map(\.rawValue).sorted())" })
        identity["sampling"] = "\(sampling) \(limit) \(picking.ignoreStop)"
        identity["seed"] = "\(picking.seed)"
        identity["budget"] = "\(budget)"
        let chunks = try ChunkedOutput(output, identity: identity)
        let writer = TextbookWriter(
            asked: asked, sampling: sampling, limit: limit, seed: picking.seed,
            stops: picking.ignoreStop ? [] : asked.stops,
            budget: ServingBudget(cachedTokens: budget))
        let bar = ProgressBar()
        while chunks.items < plan.count {
            let first = chunks.items
            let some = plan[first..<min(first + Self.chunk, plan.count)]
            let written = try writer.write(Array(some), first: first) { share in
                bar.show(
                    "writing",
                    (Double(first) + share * Double(some.count)) / Double(plan.count))
            }
            try chunks.append(written.lines, items: some.count, counts: written.counts)
        }
        bar.finish()
        let summary = Summary(
            topics: topics.count, texts: chunks.items, empty: chunks.counts["empty"] ?? 0,
            cut: chunks.counts["limit"] ?? 0, tokens: chunks.counts["tokens"] ?? 0)
        try chunks.finish()
        if json { return try printJSON(summary) }
        print(
            "\(summary.texts) texts of \(summary.topics) topics, \(summary.tokens) tokens; "
                + "\(summary.cut) were cut at the limit, \(summary.empty) are empty")
    }

    private struct Summary: Encodable {
        let topics: Int
        let texts: Int
        let empty: Int
        let cut: Int
        let tokens: Int
    }

    /// How tokens are picked, and how many at most.
    private func settings() throws -> (SamplingSettings, limit: Int) {
        let folder = URL(filePath: model.model ?? "", directoryHint: .isDirectory)
        let defaults =
            URL(filePath: model.model ?? "").leadsToFolder
            ? try GenerationDefaults(directory: folder) : GenerationDefaults()
        return (try picking.settings(defaults), picking.maxNew ?? defaults.limit ?? 1024)
    }

    private static func digest(_ lines: [String]) -> String {
        ContentDigest(of: Data(lines.joined(separator: "\n").utf8)).hexadecimal
    }
}
