// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import LanguageModel

/// Writes a model with an adapter merged into its weights.
struct ModelMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Write a model with an adapter's changes added to its weights.",
        discussion: """
            The adapter is a folder as the PEFT library writes it: adapter_config.json and \
            adapter_model.safetensors. The base is a folder or a GGUF file; weights in blocks are \
            widened, added to, and written as the options say. An adapter that was trained beside \
            a base in fewer bits may be merged into the whole one. The tokenizer travels with the \
            weights; the output appears whole or not at all.
            """)

    @Option(help: ArgumentHelp("The base's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(help: ArgumentHelp("The adapter's folder.", valueName: "dir"))
    var adapter: String

    @Option(
        help: ArgumentHelp(
            "The folder to write, or a GGUF file where the name ends in .gguf.", valueName: "path"))
    var output: String

    @Option(
        help: """
            Floats of the output; without it those of the model, and 32 bits for weights that \
            were in blocks.
            """)
    var dtype: ModelConvertCommand.Floats?

    @Option(
        help: "How matrices of a GGUF file are stored, as `shokenctl model quantize` takes it.")
    var type: String?

    @Flag(help: "Replace what is there.")
    var force = false

    @OptionGroup var common: CommonOptions

    private var isFile: Bool { output.lowercased().hasSuffix(".gguf") }

    func validate() throws {
        guard let type else { return }
        guard isFile, dtype == nil else {
            throw ValidationError("--type goes with an output that ends in .gguf, not with --dtype")
        }
        guard QuantizationRecipe(name: type) != nil else {
            throw ValidationError(
                "--type \(type) is not known; see shokenctl model quantize --help")
        }
    }

    func run() throws {
        var run = try ConversionRun(model: model, output: output, replaces: force)
        try run.merge(adapter: URL(filePath: adapter))
        guard isFile else {
            return try run.writeFolder(
                storage: dtype?.storage, shardBytes: nil, asJSON: common.json)
        }
        let stored = run.conversion.configuration?.dtype ?? .float32
        let floats: QuantizationRecipe =
            switch dtype?.storage ?? stored {
            case .float32: .f32
            case .bfloat16: .bf16
            case .float16: .f16
            }
        try run.writeGGUF(
            recipe: type.flatMap { QuantizationRecipe(name: $0) } ?? floats, isPure: false,
            asJSON: common.json)
    }
}
