// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Faults
import Foundation
import LanguageModel
import Tensors

/// `shokenctl model inspect attention`: what the tokens of a packed row attend to.
struct InspectAttentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attention",
        abstract: "Show what the tokens of several texts in one row attend to.",
        discussion: """
            The texts are laid end to end, each followed by the token that ends a text, as rows are \
            packed for pre-training, and read by a decoder as one sequence. For each layer the mean \
            of all heads, or one --head. Beside the maps stands which share of its attention a token \
            gives to its own text, and which it would if it attended to all tokens alike; tokens of \
            the first text, which see no other, are not counted.

            --html writes a page with a map for each layer, --csv every weight above 0: layer, \
            query, key, query_token, key_token, weight. Positions count from 0.

            With --json: {"model","tokens","texts","cut","boundaries":[position],"layers":[{"layer",\
            "own_text","alike"}]}.
            """)

    @OptionGroup var options: InspectedModelOptions

    @Option(
        help: ArgumentHelp(
            "A file with a text, - for standard input; may be given again.", valueName: "file"))
    var text: [String]

    @Option(
        help: ArgumentHelp(
            "Layers from 1, with commas between them (default: first, middle and last).",
            valueName: "n,n,…"))
    var layers: String?

    @Option(help: ArgumentHelp("One head from 1, instead of the mean of all.", valueName: "n"))
    var head: Int?

    @Option(help: ArgumentHelp("The longest row; what is beyond is cut off.", valueName: "n"))
    var tokens = 256

    @Flag(help: "Each token sees those after it, too, as under the heads of a bundle.")
    var bidirectional = false

    @Option(
        help: """
            Arithmetic of products with weights, whatever type the file has; stored: the blocks of a \
            GGUF file as they are, with activations in 8 bits.
            """)
    var dtype = Precision.float32

    @OptionGroup(title: "Words (models that read MeCab words)") var words: WordSourceOptions

    @Option(help: ArgumentHelp("Write a page with the maps.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Write the weights as CSV.", valueName: "file"))
    var csv: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// A row of more is not seen on a page, and its weights fill a disk.
    private static let longestRow = 1024

    func validate() throws {
        guard (2...Self.longestRow).contains(tokens) else {
            throw ValidationError("--tokens is a number from 2 to \(Self.longestRow)")
        }
        _ = try layerNumbers()
    }

    /// What --layers says, nil without it.
    private func layerNumbers() throws -> [Int]? {
        try layers?.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let number = Int(part), number > 0 else {
                throw ValidationError("--layers are numbers from 1 with commas between them")
            }
            return number
        }
    }

    private var model: String { options.model }

    func run() throws {
        ComputeThreads.set(words.threads)
        guard case .decoder(let trunk) = try OpenedModel(URL(filePath: model), precision: dtype)
        else {
            throw CommandFailure(
                .badData, "\(model) is an encoder; rows are packed for decoders only")
        }
        let reader = try ModelText(
            model: model, tokenizer: options.tokenizer, layout: .plain,
            dictionary: words.dictionary,
            userDictionary: words.userDictionary, words: { try WordSource(words) })
        let row = try packedRow(trunk, reader)
        let shown = try shownLayers(trunk.configuration.numHiddenLayers)
        let heads = try shownHeads(trunk.configuration.numAttentionHeads)
        var maps: [AttentionLayer] = []
        try trunk.observeAttention(row.ids, bidirectional: bidirectional) { layer, stage in
            guard shown.contains(layer + 1) else { return }
            maps.append(AttentionLayer(number: layer + 1, weights: stage.weights(heads: heads)))
        }
        guard maps.allSatisfy({ $0.weights.values.allSatisfy(\.isFinite) }) else {
            throw TrunkError.notFinite(sequence: 0)
        }
        let map = AttentionMap(
            model: URL(filePath: model).lastPathComponent, row: row, layers: maps, head: head)
        if let html {
            try DiskFiles().write(Data(map.html.utf8), to: FilePath(URL(filePath: html)))
        }
        if let csv {
            try DiskFiles().write(try map.csv, to: FilePath(URL(filePath: csv)))
        }
        if json { return try printJSON(map.report) }
        print(map.summary)
        TextTable(columns: AttentionMap.columns, rows: map.rows).print()
    }

    private func packedRow(_ trunk: DecoderModel, _ reader: ModelText) throws -> PackedTexts {
        guard
            let end = reader.tokenizer.id(of: "<|end_of_text|>")
                ?? trunk.configuration.eosTokenIDs.first
        else {
            throw CommandFailure(.badData, "\(model) names no token that ends a text")
        }
        let texts = try text.map {
            try reader.prompt(try InputFile.text($0), chat: false, system: nil).ids
        }
        return PackedTexts(
            texts, end: end, most: min(tokens, trunk.configuration.maxPositionEmbeddings)
        ) { reader.tokenizer.piece(of: $0) ?? "" }
    }

    private func shownLayers(_ count: Int) throws -> [Int] {
        guard let asked = try layerNumbers() else { return [1, (count + 1) / 2, count] }
        if let beyond = asked.first(where: { $0 > count }) {
            throw ValidationError("--layers: \(model) has \(count) layers, not \(beyond)")
        }
        return asked
    }

    private func shownHeads(_ count: Int) throws -> Range<Int>? {
        guard let head else { return nil }
        guard (1...count).contains(head) else {
            throw ValidationError("--head: \(model) has \(count) heads")
        }
        return head - 1..<head
    }
}
