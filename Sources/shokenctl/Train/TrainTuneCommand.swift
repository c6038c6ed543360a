// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import Foundation
import JapaneseText
import Recipes

extension TrainCommand {
    /// A trunk through heads, or through masked tokens.
    struct Tune: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tune",
            abstract:
                "Fine-tune an encoder or decoder through heads, or by guessing masked tokens.",
            discussion: """
                The recipe has kind = "encoder"; tagger.toml beside the other recipes explains its \
                keys. All rows are read and checked first: a malformed one is named by file and line. \
                Each head becomes a folder OUTPUT/NAME (with several heads OUTPUT/NAME-HEAD) that \
                Hugging Face tools and `model import` read. With [lora], OUTPUT/NAME-adapter is what was \
                trained beside the trunk's weights, as the PEFT library reads it. A head of tokens \
                becomes a ready tagger:

                  shokenctl train tune --recipe tagger.toml --data rows --output run
                  shokenctl model import --from run/ward-tagger --name ward-tagger \
                --labels run/ward-tagger/labels.toml

                labels.toml names the classes that mean nothing to the database as "ignore".
                """,
            aliases: ["encoder"])

        @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
        var recipe: String

        @OptionGroup var options: RunOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            let file = URL(filePath: recipe)
            var recipe = try TuningRecipe(file: file)
            if let threads = options.threads { recipe.threads = threads }
            let analyzer = TextAnalyzer(
                cleaner: TextCleaner(profile: .documents),
                analyzer: try options.morphology())
            let run = try TuningRun(
                recipe, data: options.dataFolder,
                analyzer: analyzer, words: try options.dictionaryName(),
                dictionary: options.dictionary,
                userDictionary: options.userDictionary,
                file: file.lastPathComponent)
            if options.dryRun { return try show(run.plan()) }
            let display = TrainingDisplay()
            let signals = StopSignals()
            let models = try withExtendedLifetime(signals) {
                try run.run(
                    output: options.outputFolder,
                    program: programVersion, stop: signals.stop, report: { display.show($0) })
            }
            let adapters = models.compactMap { run.adapter(besides: $0) }
            if common.json {
                let all = ["models": models.map(\.path), "adapters": adapters.map(\.path)]
                try printJSON(all.filter { !$0.value.isEmpty })
            } else {
                for model in models { print("model: \(model.path)") }
                for adapter in adapters { print("adapter: \(adapter.path)") }
            }
        }

        private func show(_ plan: TuningRun.Plan) throws {
            if common.json { return try printJSON(plan) }
            print("parameters: \(plan.parameters)")
            print("steps: \(plan.steps) on \(plan.threads) threads")
            print("memory: about \(plan.memoryBytes >> 20) MiB")
            print(
                "time: about \(Duration.seconds(plan.seconds).formatted()) at the speed of one step"
            )
            TextTable(
                columns: ["head", "rows", "examples", "held out"],
                rows: plan.heads.map {
                    [$0.name, String($0.rows), String($0.examples), String($0.heldOut)]
                }
            ).print()
        }
    }
}
