import ArgumentParser
import Configuration
import Dispatch
import DocumentPipeline
import DurableFiles
import Foundation
import JapaneseText
import ModelBundle
import Tensors
import Training

/// `shokenctl train`: from text to a model.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model by a recipe, or check that training computes right.",
        discussion: """
            Running a command again in the same output directory continues where it stopped. \
            SIGINT and SIGTERM let the step finish, write a checkpoint and exit with code 75.
            """,
        subcommands: [Run.self, Pretrain.self, Finetune.self, Verify.self],
        defaultSubcommand: Run.self)
}

/// What all commands that follow a recipe take.
struct RecipeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
    var recipe = "/etc/shoken/recipes/shoken-base.toml"

    @Option(
        help: ArgumentHelp("The directory that the recipe's files are in.", valueName: "directory"))
    var data: String

    @Option(help: ArgumentHelp("Where the work and the model go.", valueName: "directory"))
    var output: String

    @Option(help: "Threads to compute with, instead of what the recipe says.")
    var threads: Int?

    @Option(help: "Tokens of each pre-training phase, instead of what the recipe says: for trials.")
    var tokens: Int?

    @Option(help: "MeCab's dictionary directory.")
    var dictionary: String?

    @Option(
        help: "A compiled user dictionary to cut words with; the bundle then works only with it.")
    var userDictionary: String?

    @Flag(help: "Say what would be done: parameters, steps, memory.")
    var dryRun = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
        if let tokens, tokens < 1 { throw ValidationError("--tokens must be at least 1") }
    }

    /// The recipe with what the command line changes.
    func readRecipe() throws -> Recipe {
        var recipe = try Recipe(file: URL(filePath: recipe))
        if let threads { recipe.threads = threads }
        if let tokens {
            for phase in recipe.phases.indices { recipe.phases[phase].tokens = tokens }
        }
        return recipe
    }

    /// The run up to the trunk, with its progress on standard error.
    func run(_ recipe: Recipe, stop: StopRequest) throws -> RecipeRun {
        let display = TrainingDisplay()
        let analyzer = TextAnalyzer(
            cleaner: TextCleaner(profile: .training),
            analyzer: try MorphologicalAnalyzer(
                dictionary: dictionary, userDictionary: userDictionary))
        return RecipeRun(
            recipe, data: URL(filePath: data), output: URL(filePath: output), analyzer: analyzer,
            dictionary: try dictionaryName(), stop: stop, report: display.show)
    }

    /// The dictionaries as a manifest names them.
    func dictionaryName() throws -> String {
        BundleManifest.dictionary(
            user: try userDictionary.map {
                try ContentDigest(ofFile: FilePath(URL(filePath: $0).resolvingSymlinksInPath()))
                    .hexadecimal
            })
    }
}

extension TrainCommand {
    /// The whole recipe.
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Follow a recipe from text to bundle, continuing what is begun.",
            discussion: """
                The bundle is written to OUTPUT/NAME. Copy it into the models directory and make it \
                the one in use with shokenctl model activate.
                """)

        @Option(help: "Version to give the bundle.")
        var bundleVersion = "1"

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            guard let run = try Pretrain.run(options, common, options.readRecipe()) else { return }
            try Finetune.run(run, options, common, version: bundleVersion)
        }
    }

    /// The heads, on a trunk that is there.
    struct Finetune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fit the heads of a recipe on a trunk and write the bundle.",
            discussion: """
                The trunk is the one in OUTPUT/trunk, or with --trunk that of a bundle, as one made by \
                `model import`; of the recipe only name, heads, trunk_states and \
                data.exclude_licences then count. The bundle is written to OUTPUT/NAME.
                """)

        @Option(help: "Version to give the bundle.")
        var bundleVersion = "1"

        @Option(
            help: ArgumentHelp("Fit on the trunk of this bundle.", valueName: "name|directory"))
        var trunk: String?

        @Option(help: "Name to give the bundle, instead of the recipe's; with --trunk.")
        var name: String?

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if name != nil, trunk == nil { throw ValidationError("--name needs --trunk") }
        }

        func run() throws {
            guard let trunk else {
                let run = try options.run(options.readRecipe(), stop: StopRequest())
                return try Self.run(run, options, common, version: bundleVersion)
            }
            try fit(on: common.bundle(trunk))
        }

        private func fit(on trunk: BundleDirectory) throws {
            let file = URL(filePath: options.recipe)
            var recipe = try HeadRecipe(file: file)
            if let name { recipe.name = name }
            if let threads = options.threads { ComputeThreads.set(threads) }
            let analyzer = TextAnalyzer(
                cleaner: try LoadedModel.cleaner(of: trunk.manifest),
                analyzer: try MorphologicalAnalyzer(
                    dictionary: options.dictionary, userDictionary: options.userDictionary))
            let bundle = try HeadsOnTrunk(
                recipe, data: URL(filePath: options.data), output: URL(filePath: options.output),
                trunk: trunk
            ).makeBundle(
                analyzer: analyzer, dictionary: try options.dictionaryName(), recipeFile: file,
                version: bundleVersion, codeVersion: programVersion, at: Date(), begin: Self.begin)
            try Self.report(bundle, common)
        }

        private static func begin(_ task: String) {
            FileHandle.standardError.write(Data("fitting the head of \(task)\n".utf8))
        }

        private static func report(_ bundle: BundleDirectory, _ common: CommonOptions) throws {
            if common.json {
                try printJSON(["bundle": bundle.directory.path, "sha256": bundle.sha256])
            } else {
                print("bundle: \(bundle.directory.path)")
            }
        }

        static func run(
            _ run: RecipeRun, _ options: RecipeOptions, _ common: CommonOptions, version: String
        ) throws {
            let analyzer = TextAnalyzer(
                analyzer: try MorphologicalAnalyzer(
                    dictionary: options.dictionary, userDictionary: options.userDictionary))
            let bundle = try run.makeBundle(
                analyzer: analyzer, recipeFile: URL(filePath: options.recipe),
                version: version, codeVersion: programVersion, at: Date(), begin: Self.begin)
            try report(bundle, common)
        }
    }

    /// The recipe up to the trunk.
    struct Pretrain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train the tokenizer and the trunk of a recipe.")

        @OptionGroup var options: RecipeOptions
        @OptionGroup var common: CommonOptions

        func run() throws {
            guard let run = try Self.run(options, common, options.readRecipe()) else { return }
            if common.json {
                try printJSON(["trunk": run.trunk.path])
            } else {
                print("trunk: \(run.trunk.path)")
            }
        }

        /// Trains the trunk, or for a dry run prints the plan and gives nil.
        static func run(
            _ options: RecipeOptions, _ common: CommonOptions, _ recipe: Recipe
        ) throws -> RecipeRun? {
            if options.dryRun {
                try TrainingPlan(recipe).print(json: common.json)
                return nil
            }
            let signals = StopSignals()
            let run = try options.run(recipe, stop: signals.stop)
            try withExtendedLifetime(signals) { try run.makeTrunk() }
            return run
        }
    }

    /// A reference run, repeated.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Repeat a reference run and print the largest differences.",
            discussion: """
                The directory has config.json, model.safetensors and the folders full, masked and \
                packing. LoRA is not trained by this version: a folder lora is not read, and the \
                result names it under "omitted". Exit code 70 when a difference is too large.
                """)

        @Option(help: ArgumentHelp("The reference run.", valueName: "directory"))
        var reference: String

        @OptionGroup var common: CommonOptions

        func run() throws {
            let reference = try ReferenceRun(URL(filePath: reference))
            let result = VerificationResult(
                full: try reference.repeatRun("full"), masked: try reference.repeatRun("masked"),
                packing: try reference.repeatPacking())
            if common.json { try printJSON(result) } else { result.printTable() }
            guard result.isRight else {
                throw CommandFailure(
                    CommandFailure.Code.software,
                    "training computes something else than the reference on this machine")
            }
        }
    }
}

/// The differences of a reference run, as `verify` prints them.
private struct VerificationResult: Encodable {
    let full: ReferenceRun.Differences
    let masked: ReferenceRun.Differences
    let packing: ReferenceRun.Differences
    let omitted = ["lora"]

    private var all: [(String, ReferenceRun.Differences)] {
        [("full", full), ("masked", masked), ("packing", packing)]
    }

    /// Whether all lie within the tolerances that the reference states.
    var isRight: Bool {
        all.allSatisfy { _, found in
            found.loss < 2e-5 && found.gradient < 1e-5 && (found.weight ?? 0) < 2e-4
                && (found.weightsApart ?? 0) < 1e-3 && (found.logits ?? 0) < 1e-4
        }
    }

    func printTable() {
        func number(_ value: Double?) -> String { value.map { String(format: "%.1e", $0) } ?? "" }
        TextTable(
            columns: ["run", "loss", "gradient", "weight", "logits"],
            rows: all.map { name, found in
                [
                    name, number(found.loss), number(found.gradient), number(found.weight),
                    number(found.logits),
                ]
            }
        ).print()
        print("lora is not trained by this version and was left out")
    }
}

/// Sets a stop request when the process gets SIGINT or SIGTERM.
private final class StopSignals {
    let stop = StopRequest()
    private var sources: [any DispatchSourceSignal] = []

    init() {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [stop] in stop.request() }
            source.resume()
            sources.append(source)
        }
    }
}

/// What a recipe will cost, before it runs.
private struct TrainingPlan: Encodable {
    struct Phase: Encodable {
        let name: String
        let objective: String
        let steps: Int
        let tokens: Int
    }

    let parameters: Int
    let memoryBytes: Int
    let threads: Int
    let phases: [Phase]

    init(_ recipe: Recipe) {
        threads = recipe.threads > 0 ? recipe.threads : ComputeThreads.count
        parameters = recipe.model.parameterCount
        memoryBytes = MemoryEstimate.bytes(recipe, workers: threads)
        phases = recipe.phases.map {
            Phase(
                name: $0.name, objective: $0.objective.rawValue, steps: $0.steps, tokens: $0.tokens)
        }
    }

    func print(json: Bool) throws {
        if json { return try printJSON(self) }
        Swift.print("parameters: \(parameters)")
        Swift.print("memory for training: about \(memoryBytes >> 20) MiB on \(threads) threads")
        TextTable(
            columns: ["phase", "objective", "steps", "tokens"],
            rows: phases.map { [$0.name, $0.objective, String($0.steps), String($0.tokens)] }
        ).print()
    }
}
