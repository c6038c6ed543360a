// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import Foundation
import JapaneseText
import Recipes
import Tokenizers

extension TrainCommand {
    /// A model that follows instructions.
    struct Instruct: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tune a model to follow instructions, as a whole or by an adapter.",
            discussion: """
                The recipe has kind = "instruct", as instruct.toml and instruct-lora.toml in \
                /usr/share/doc/shoken/examples/recipes have; shoken-recipe(5) lists its keys. Rows \
                are JMED-LLM's, or your own: JSON lines with messages, or with instruction, input and \
                output, or a table (CSV) with these columns. Only answers are learnt. The result is \
                OUTPUT/NAME: a model's folder, or with [lora] that of an adapter for `model generate \
                --adapter` and `model merge`. Where chat tokens were added to the base for an adapter, \
                OUTPUT/base is the base with them.

                Examples:
                  shokenctl train instruct --recipe instruct-lora.toml --data rows \
                --model models/base --output run
                  shokenctl model generate --model models/base --adapter ward=run/ward --use ward \
                --chat --prompt TEXT
                """)

        @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
        var recipe: String

        @Option(help: ArgumentHelp("The base, instead of the recipe's.", valueName: "dir|gguf"))
        var model: String?

        @Option(help: "Steps, instead of what the recipe says: for trials.")
        var steps: Int?

        @OptionGroup var options: RunOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if let steps, steps < 1 { throw ValidationError("--steps must be at least 1") }
        }

        func run() throws {
            var recipe = try InstructionRecipe(file: URL(filePath: recipe))
            if let model { recipe.base = model }
            if let threads = options.threads { recipe.threads = threads }
            if let steps {
                recipe.tuning.steps = steps
                recipe.tuning.warmup = recipe.tuning.warmup.limited(to: steps)
            }
            let base = try InstructionBase(
                URL(filePath: recipe.base), template: recipe.template)
            let signals = StopSignals()
            let display = TrainingDisplay()
            let run = InstructionRun(
                recipe, base: base, data: options.dataFolder, output: options.outputFolder,
                written: try written(base), program: programVersion, stop: signals.stop,
                report: display.show)
            if options.dryRun {
                return try InstructionPlanOutput(run.plan(), recipe).print(json: common.json)
            }
            try withExtendedLifetime(signals) { try run.run() }
            let result = run.result.path(percentEncoded: false)
            let kind = recipe.adapter == nil ? "model" : "adapter"
            if common.json {
                try printJSON([kind: result, "base": run.servedBase.path(percentEncoded: false)])
            } else {
                print("\(kind): \(result)")
                if recipe.adapter != nil {
                    print("base: \(run.servedBase.path(percentEncoded: false))")
                }
            }
        }

        /// A text as the base's tokenizer takes it.
        private func written(_ base: InstructionBase) throws -> (String) -> String {
            guard base.readsWords else { return { $0 } }
            let analyzer = TextAnalyzer(
                cleaner: TextCleaner(profile: .training),
                analyzer: try options.morphology())
            return { UnigramTokenizer.text(of: analyzer.analyze($0).words) }
        }
    }
}

extension TrainingDisplay {
    /// Shows an event of instruction tuning.
    func show(_ event: InstructionRun.Event) {
        switch event {
        case .reading(let file, let share): showReading(file, share)
        case .data(let account):
            for line in InstructionPlanOutput.lines(account) { say(line) }
        case .training(let event): show(event)
        }
    }
}

/// What a tuning will be, before it runs.
struct InstructionPlanOutput: Encodable {
    let trainedParameters: Int
    let parameters: Int
    let steps: Int
    let rowsPerStep: Int
    let tokensPerStep: Int
    let memoryBytes: Int
    let seconds: Double
    let data: InstructionAccount
    let shares: [String: Double]

    init(_ plan: InstructionPlan, _ recipe: InstructionRecipe) {
        (trainedParameters, parameters) = (plan.trainedParameters, plan.parameters)
        (steps, rowsPerStep) = (recipe.tuning.steps, recipe.tuning.rows)
        tokensPerStep = plan.tokensPerStep
        (memoryBytes, seconds) = (plan.memoryBytes, plan.seconds)
        (data, shares) = (plan.account, plan.shares)
    }

    func print(json: Bool) throws {
        if json { return try printJSON(self) }
        Swift.print("trained: \(trainedParameters) of \(parameters) parameters")
        Swift.print("steps: \(steps) of \(rowsPerStep) rows, about \(tokensPerStep) tokens each")
        Swift.print("memory: about \(memoryBytes >> 20) MiB")
        Swift.print("time: about \(Duration.seconds(seconds).formatted()) at the speed of one step")
        TextTable(
            columns: ["task", "rows", "tokens", "of answers", "drawn"],
            rows: data.tasks.map { task in
                [
                    task.name, String(task.rows), String(task.tokens), String(task.answerTokens),
                    String(format: "%.1f %%", 100 * (shares[task.name] ?? 0)),
                ]
            }
        ).print()
        for line in Self.lines(data).dropFirst() { Swift.print(line) }
    }

    /// What is to be said of the data.
    static func lines(_ account: InstructionAccount) -> [String] {
        let rows = account.tasks.reduce(0) { $0 + $1.rows }
        var lines = ["\(rows) rows of \(account.tasks.count) tasks, \(account.heldOut) held out"]
        if account.long.cut > 0 { lines.append("\(account.long.cut) rows were cut to the context") }
        if account.long.leftOut > 0 {
            lines.append("\(account.long.leftOut) rows were left out: longer than the context")
        }
        return lines
    }
}
