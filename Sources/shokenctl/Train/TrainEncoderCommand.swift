import ArgumentParser
import Configuration
import DocumentPipeline
import Foundation
import JapaneseText
import Tensors
import Training

extension TrainCommand {
    /// A trunk through heads, or through masked tokens.
    struct Encoder: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Fine-tune an encoder or decoder through heads, or by guessing masked tokens.",
            discussion: """
                The recipe has kind = "encoder"; tagger.toml beside the other recipes explains its \
                keys. All rows are read and checked first: a malformed one is named by file and line. \
                Each head becomes a folder OUTPUT/NAME (with several heads OUTPUT/NAME-HEAD) that \
                Hugging Face tools and `model import` read; a head of tokens becomes a ready tagger:

                  shokenctl train encoder --recipe tagger.toml --data rows --output run
                  shokenctl model import --from run/ward-tagger --name ward-tagger \
                --labels run/ward-tagger/labels.toml

                labels.toml names the classes that mean nothing to the database as "ignore".
                """)

        @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
        var recipe: String

        @Option(
            help: ArgumentHelp(
                "The directory that the recipe's files are in.", valueName: "directory"))
        var data: String

        @Option(help: ArgumentHelp("Where the work and the models go.", valueName: "directory"))
        var output: String

        @Option(help: "Threads to compute with, instead of what the recipe says.")
        var threads: Int?

        @Option(help: "MeCab's dictionary directory.")
        var dictionary: String?

        @Option(help: "A compiled user dictionary to cut words with.")
        var userDictionary: String?

        @Flag(help: "Read and check everything, and say what would be done.")
        var dryRun = false

        @OptionGroup var common: CommonOptions

        func validate() throws {
            if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
        }

        func run() throws {
            let file = URL(filePath: recipe)
            var recipe = try TuningRecipe(file: file)
            if let threads { recipe.threads = threads }
            let analyzer = TextAnalyzer(
                cleaner: TextCleaner(profile: .documents),
                analyzer: try MorphologicalAnalyzer(
                    dictionary: dictionary, userDictionary: userDictionary))
            let run = try TuningRun(
                recipe, data: URL(filePath: data, directoryHint: .isDirectory),
                analyzer: analyzer, dictionary: dictionary, userDictionary: userDictionary,
                file: file.lastPathComponent)
            if dryRun { return try show(run.plan) }
            let display = TrainingDisplay()
            let signals = StopSignals()
            let models = try withExtendedLifetime(signals) {
                try run.run(
                    output: URL(filePath: output, directoryHint: .isDirectory),
                    program: programVersion, stop: signals.stop, report: { display.show($0) })
            }
            if common.json {
                try printJSON(["models": models.map(\.path)])
            } else {
                for model in models { print("model: \(model.path)") }
            }
        }

        private func show(_ plan: TuningRun.Plan) throws {
            if common.json { return try printJSON(plan) }
            print("parameters: \(plan.parameters)")
            print(
                "memory for weights and moments: about \(plan.memoryBytes >> 20) MiB on "
                    + "\(plan.threads) threads")
            print("steps: \(plan.steps)")
            TextTable(
                columns: ["head", "rows", "examples", "held out"],
                rows: plan.heads.map {
                    [$0.name, String($0.rows), String($0.examples), String($0.heldOut)]
                }
            ).print()
        }
    }
}
