// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTasks
import Evaluation
import Foundation
import HeadTraining
import JSONFiles
import JapaneseText
import Tokenizers
import LanguageModel
import ModelBundle
import Tensors

/// `shokenctl evaluate folds`: trains a task without one fold of the documents, asks the model about
/// that fold, and so on; the figures are of all folds together.
struct EvaluateFoldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "folds",
        abstract: "Cross-validate a task's training on document-disjoint folds.",
        discussion: """
            DIR is a data directory with jmed-llm/train/*.jsonl and dictionaries/. Each model is \
            rounded to half precision before it answers, as it would be stored. Text is cleaned by the \
            newest rules; --rules-version repeats the figures of a model made with earlier ones.
            """)

    /// The tasks that can be cross-validated.
    enum Task: String, CaseIterable, ExpressibleByArgument {
        case entities, tnm, crade, jcsts, smdis
    }

    @Option(help: "Which task.")
    var task: Task

    @Option(help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data: String

    @Option(help: "Which folds to ask about, separated by commas.")
    var folds = "0,1,2,3,4"

    @Option(
        help: ArgumentHelp(
            "Give the heads of entities and crade the states of this trunk or bundle as well.",
            valueName: "dir"))
    var trunk: String?

    @Option(
        help: """
            Arithmetic of the trunk's products, f32, bf16, int8 or int4: what it costs to have the heads \
            read in fewer bits.
            """)
    var dtype = Precision.float32

    @Option(
        help: ArgumentHelp(
            """
            Let taggers have a share in the entities: a folder with the bundles fold-0 to fold-4, each as \
            `model import` makes it of a model that `train tune` trained without that fold.
            """, valueName: "dir"))
    var taggers: String?

    @Option(
        help: ArgumentHelp(
            "What a tagger's probabilities count beside the heads', 0 to 1; several with commas.",
            valueName: "weights"))
    var taggerWeight = "0.5"

    @Option(
        help: ArgumentHelp(
            """
            Write every answer with its score and whether it is right as a line \
            {"task","type","fold","document","score","right"}; of entities, every mention that is written.
            """, valueName: "file"))
    var predictions: String?

    @OptionGroup var rules: CleaningVersionOption
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let list = foldList, !list.isEmpty, list.allSatisfy({ (0...4).contains($0) }) else {
            throw ValidationError("--folds takes numbers from 0 to 4 separated by commas")
        }
        let isRead = trunk != nil && (task == .entities || task == .crade) || taggers != nil
        if dtype != .float32, !isRead {
            throw ValidationError(
                "--dtype is for --task entities or crade with --trunk, and for --taggers")
        }
        if taggers != nil, task != .entities {
            throw ValidationError("--taggers is for --task entities")
        }
        guard let weights, !weights.isEmpty, weights.allSatisfy({ (0...1).contains($0) }) else {
            throw ValidationError("--tagger-weight takes numbers from 0 to 1 separated by commas")
        }
        guard predictions == nil || weights.count == 1 else {
            throw ValidationError("--predictions wants one --tagger-weight")
        }
    }

    private var weights: [Double]? {
        let parts = taggerWeight.split(separator: ",")
        let numbers = parts.compactMap { Double($0) }
        return numbers.count == parts.count ? numbers : nil
    }

    /// The taggers of the folds under each weight; nil where none are wanted.
    private var foldTaggers: EntityFolds.Taggers? {
        taggers.map { folder in
            EntityFolds.Taggers(weights: weights ?? []) { fold in
                try FoldTagger(URL(filePath: folder), fold: fold, precision: dtype).parts
            }
        }
    }

    private var foldList: [Int]? {
        let parts = folds.split(separator: ",")
        let numbers = parts.compactMap { Int($0) }
        return numbers.count == parts.count ? numbers : nil
    }

    func run() throws {
        let directory = URL(fileURLWithPath: data, isDirectory: true)
        let analyzer = TextAnalyzer(
            cleaner: TextCleaner(profile: .documents, version: try rules.value),
            analyzer: try MorphologicalAnalyzer())
        let folds = foldList ?? []
        let trunk = try trunk.map { try TrunkReader(directory: URL(filePath: $0), dtype) }
        var answers: [HeldOutAnswer] = []
        switch task {
        case .entities:
            let evaluation = EntityFolds(
                directory: directory, analyzer: analyzer, trunk: trunk, taggers: foldTaggers)
            let figures = try evaluation.run(
                folds: folds, recording: predictions == nil ? nil : { answers.append($0) })
            if common.json { try printJSON(figures) } else { figures.table.print() }
        case .tnm:
            let evaluation = TNMFolds(directory: directory, analyzer: analyzer)
            let figures = try evaluation.run(folds: folds) { answers.append($0) }
            if common.json { try printJSON(figures) } else { figures.table.print() }
        case .crade, .jcsts, .smdis:
            let choice: ClassificationFolds.Task =
                task == .crade ? .crade : task == .jcsts ? .jcsts : .smdis
            let figures = try ClassificationFolds(
                task: choice, directory: directory, analyzer: analyzer,
                trunk: task == .crade ? trunk : nil
            ).run(folds: folds) { answers.append($0) }
            if common.json { try printJSON(figures) } else { figures.table.print() }
        }
        if let predictions { try Self.write(answers, to: predictions) }
    }

    private static func write(_ answers: [HeldOutAnswer], to file: String) throws {
        var content = Data()
        for answer in answers {
            content += try JSONEncoder.sorted().encode(answer)
            content.append(UInt8(ascii: "\n"))
        }
        do {
            try content.write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw CommandFailure(.cannotCreate, "the predictions cannot be written to \(file)")
        }
    }
}

extension TrunkReader {
    /// Reads with the trunk of a bundle, or of a directory in the layout of Hugging Face in the
    /// precision of a bundle.
    fileprivate init(directory: URL, _ precision: Precision) throws {
        if FileManager.default.fileExists(
            atPath: directory.appending(path: BundleDirectory.manifestName).path)
        {
            let contents = try BundleDirectory(directory: directory).contents(precision: precision)
            self.init(contents.trunk)
            return
        }
        let model = try DecoderModel(directory: directory).roundedToBFloat16()
        self.init(
            .words(
                try UnigramTokenizer(file: directory.appending(path: "tokenizer.json")),
                model.prepared(for: precision)))
    }
}
