// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import Curation
import DurableFiles
import Foundation
import RandomForest

/// `shokenctl corpus quality filter`: writes a corpus without what the forest calls low.
struct QualityFilterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter",
        abstract: "Write a corpus without the documents of low quality.",
        discussion: """
            Takes a folder that `corpus filter` wrote, and writes another with the same kinds of \
            files; its manifest gets the step. The model must be the one that the forest was \
            grown with, in the same arithmetic.
            """)

    @Argument(help: ArgumentHelp("Folder of the corpus.", valueName: "directory"))
    var corpus: String
    @Option(help: ArgumentHelp("What `train` wrote.", valueName: "file"))
    var forest: String
    @OptionGroup(title: "Model") var model: QualityModelOptions
    @Option(
        name: .long, help: ArgumentHelp("Folder of the new corpus.", valueName: "directory"))
    var output: String
    @Option(help: "The probability of low quality above which a document goes.")
    var threshold = 0.5
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Count tokens with this tokenizer, as the corpus's manifest does.",
            valueName: "file|directory"))
    var countTokenizer: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write samples of what went to a file, which then holds text.", valueName: "file"))
    var samples: String?
    @Option(name: .long, help: "How many samples.")
    var sampleCount = 20
    @Option(help: "Decides which samples.")
    var seed: UInt64 = 0
    @Flag(name: .long, help: "Print the manifest as JSON.")
    var json = false

    func validate() throws {
        guard (0...1).contains(threshold) else {
            throw ValidationError("--threshold must be 0 to 1")
        }
        guard (1...10_000).contains(sampleCount) else {
            throw ValidationError("--sample-count must be 1 to 10000")
        }
    }

    func run() throws {
        let forest = try RandomForest(file: URL(filePath: forest))
        guard let low = forest.classes.firstIndex(of: "低"),
            let tokens = forest.metadata["tokens"].flatMap(Int.init)
        else {
            throw CommandFailure(
                .badData,
                "\(self.forest) does not say what its features are; grow it with `train --model`")
        }
        let opened = try QualityModel(model)
        try opened.check(tokens: tokens)
        for (name, fact) in opened.facts.sorted(by: { $0.key < $1.key })
        where name != "model" && forest.metadata[name] != fact {
            throw CommandFailure(
                .usage,
                "\(self.forest) was grown with another \(name) "
                    + "(\(forest.metadata[name] ?? "not said"), here \(fact))")
        }
        var settings = QualityFilterRun.Settings(facts: opened.facts)
        settings.facts["forest"] =
            try DiskFiles().digest(of: FilePath(self.forest)).hexadecimal
        settings.facts["tokens"] = "\(tokens)"
        (settings.threshold, settings.seed) = (threshold, seed)
        settings.samples = samples == nil ? 0 : sampleCount
        let bar = ProgressBar()
        let manifest = try QualityFilterRun(
            FilePath(corpus), output: FilePath(output), settings: settings,
            tokens: try countTokenizer.map { try TokenCounter(tokenizer: URL(filePath: $0)) },
            program: "shokenctl \(programVersion)",
            scores: { texts in
                try opened.features(texts, tokens: tokens).map { forest.probabilities($0)[low] }
            }, progress: { bar.show($0, $1) }
        ).run(samples: samples.map { FilePath($0) })
        bar.finish()
        if json { return try printJSON(manifest) }
        ManifestTables(manifest).print()
    }
}
