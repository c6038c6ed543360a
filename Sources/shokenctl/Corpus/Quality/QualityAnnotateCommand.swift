// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Curation
import DurableFiles
import Foundation
import Generation
import JSONFiles

/// `shokenctl corpus quality annotate`: a model says of each document whether it is of textbook quality.
struct QualityAnnotateCommand: ParsableCommand {
    /// The prompt of NCVC-slm-1 (arXiv 2412.16423, section 2.1.1).
    static let prompt =
        "あなたは誠実で優秀な日本人のアシスタントです。入力された文章が教科書レベルの品質かどうかを判断してください。"
        + "回答は’高’または’低’のみを出力してください。"

    static let configuration = CommandConfiguration(
        commandName: "annotate",
        abstract: "Have a model call each document high (高) or low (低).",
        discussion: """
            Asks with the prompt of NCVC-slm-1, as the system's message where the model has a chat \
            template, and takes the most likely answer of the two. With --free the model may write \
            what it likes; what is neither answer is counted, and left out by train. Of a longer \
            document the model sees the beginning, which the line says (cut).
            """)

    @Argument(help: ArgumentHelp("What `sample` wrote.", valueName: "file"))
    var sample: String
    @Option(name: .long, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String
    @OptionGroup(title: "Model") var model: QualityModelOptions
    @Flag(help: "Do not bind answers to the two.")
    var free = false
    @Option(help: "Tokens of the prompt at most, the text with it.")
    var tokens = 1024
    @Option(help: ArgumentHelp("A file with another instruction.", valueName: "file"))
    var instruction: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    /// Documents that are asked of at once; chunks are of this size whatever a kill did.
    private static let chunk = 32
    /// New tokens of a free answer.
    private static let answerTokens = 16

    func run() throws {
        let asked = try QualityModel(model)
        try asked.check(tokens: tokens, more: Self.answerTokens)
        let instruction = try instruction.map { try InputFile.text($0) } ?? Self.prompt
        var identity = asked.facts
        identity["sample"] = try DiskFiles().digest(of: FilePath(sample)).hexadecimal
        identity["instruction"] = ContentDigest(of: Data(instruction.utf8)).hexadecimal
        identity["answers"] = free ? "free" : "bound"
        identity["tokens"] = "\(tokens)"
        let chunks = try ChunkedOutput(output, identity: identity)
        let bound =
            free
            ? nil
            : try TokenGrammar(
                .oneOf(AnnotatedDocument.labels.map { asked.text.written($0) }),
                vocabulary: ConstraintVocabulary(
                    asked.text.tokenizer, vocabularySize: asked.trunk.configuration.vocabSize))
        let bar = ProgressBar()
        let size = try FileManager.default.attributesOfItem(atPath: sample)[.size] as? Int ?? 0
        var file = try JSONLineFile<SampledDocument>(sample)
        try file.skip(chunks.items)
        var seen = 0
        while true {
            let documents = try file.next(Self.chunk)
            guard !documents.isEmpty else { break }
            try annotate(documents, asked, instruction, bound, chunks)
            seen += documents.reduce(0) { $0 + $1.text.utf8.count }
            bar.show("annotating", Double(seen) / Double(max(1, size)))
        }
        bar.finish()
        let summary = Summary(documents: chunks.items, counts: chunks.counts)
        try chunks.finish()
        if json { return try printJSON(summary) }
        summary.print()
    }

    private func annotate(
        _ documents: [SampledDocument], _ asked: QualityModel, _ instruction: String,
        _ bound: TokenGrammar?, _ chunks: ChunkedOutput
    ) throws {
        let prompts = try documents.map { try asked.prompt(instruction, $0.text, tokens: tokens) }
        let requests = prompts.map { prompt in
            var request = GenerationRequest(prompt: prompt.ids, limit: Self.answerTokens)
            request.stopTokens = asked.stops
            request.constraint = bound?.constraint
            request.text = StreamedText(asked.text.tokenBytes)
            return request
        }
        // Each may be held to its end, however long the prompts are.
        let held = max(16384, 2 * (tokens + Self.answerTokens + 256))
        let results = try asked.trunk.generate(
            requests, budget: ServingBudget(cachedTokens: held))
        var lines = Data()
        var counts: [String: Int] = [:]
        for (index, document) in documents.enumerated() {
            let answer = results[index].text ?? ""
            let label = AnnotatedDocument.label(in: answer)
            counts[label ?? "neither", default: 0] += 1
            if prompts[index].isCut { counts["cut", default: 0] += 1 }
            lines += try JSONEncoder.sorted().encode(
                AnnotatedDocument(
                    document: document.document, file: document.file, id: document.id,
                    label: label, answer: free ? answer : nil, isCut: prompts[index].isCut,
                    text: document.text))
            lines.append(UInt8(ascii: "\n"))
        }
        try chunks.append(lines, items: documents.count, counts: counts)
    }

    private struct Summary: Encodable {
        let documents: Int
        let high: Int
        let low: Int
        let neither: Int
        let cut: Int

        init(documents: Int, counts: [String: Int]) {
            self.documents = documents
            (high, low) = (counts["高"] ?? 0, counts["低"] ?? 0)
            (neither, cut) = (counts["neither"] ?? 0, counts["cut"] ?? 0)
        }

        func print() {
            Swift.print(
                "\(documents) documents: 高 \(high), 低 \(low), neither \(neither); \(cut) were cut")
        }
    }
}
