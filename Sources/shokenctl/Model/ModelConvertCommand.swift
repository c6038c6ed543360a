// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import LanguageModel
import WeightFiles

/// Writes a model in another kind of file.
struct ModelConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a model in another kind of file.",
        discussion: """
            From a folder as Hugging Face publishes it to another one (other floats, divided or \
            joined), from a folder to a GGUF file, and from a GGUF file to a folder. The tokenizer \
            and generation_config.json travel with the weights. Decoders go every way; encoders \
            from folder to folder, also in 8 bits with a scale for each row of a matrix. Blocks of 8 \
            bits and less are written by `shokenctl model quantize`.

            A GGUF file has the names and keys of llama.cpp, and what these cannot say under \
            shoken.config, which only Shoken reads; llama.cpp does not know the architecture ncvc \
            at all. The output appears whole or not at all, and memory holds no more than one \
            matrix at a time.
            """)

    /// Floats of the output.
    enum Floats: String, ExpressibleByArgument, CaseIterable {
        case f32, bf16, f16

        var storage: WeightStorage {
            switch self {
            case .f32: .float32
            case .bf16: .bfloat16
            case .f16: .float16
            }
        }
    }

    /// Numbers of the output.
    enum Numbers: String, ExpressibleByArgument, CaseIterable {
        case f32, bf16, f16, int8

        /// Floats; nil for matrices in 8 bits.
        var storage: WeightStorage? { Floats(rawValue: rawValue)?.storage }
    }

    /// Kinds of output.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case folder, gguf
    }

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(help: ArgumentHelp("The folder or file to write.", valueName: "path"))
    var output: String

    @Option(help: "What to write; without it a GGUF file where the output's name ends in .gguf.")
    var format: Kind?

    @Option(
        help: """
            Numbers of the output; without it those of the model, and 32 bits for weights that \
            were in blocks. int8 is for encoders.
            """)
    var dtype: Numbers?

    @Option(
        help: ArgumentHelp(
            "Divide a folder's weights into files of at most so many megabytes (10^6 bytes).",
            valueName: "megabytes"))
    var shardSize: Int?

    @Flag(help: "Replace what is there.")
    var force = false

    @OptionGroup var common: CommonOptions

    private var kind: Kind {
        format ?? (output.lowercased().hasSuffix(".gguf") ? .gguf : .folder)
    }

    func validate() throws {
        if let shardSize, !(1...1_000_000).contains(shardSize) {
            throw ValidationError("--shard-size is a number from 1 to 1000000")
        }
        if shardSize != nil, kind == .gguf {
            throw ValidationError("--shard-size divides folders only")
        }
        if dtype == .int8, shardSize != nil || kind == .gguf {
            throw ValidationError("--dtype int8 is for a folder with one file of weights")
        }
    }

    func run() throws {
        let run = try ConversionRun(model: model, output: output, replaces: force)
        switch kind {
        case .gguf:
            let stored = run.conversion.configuration?.dtype ?? .float32
            let recipe: QuantizationRecipe =
                switch dtype?.storage ?? stored {
                case .float32: .f32
                case .bfloat16: .bf16
                case .float16: .f16
                }
            try run.writeGGUF(recipe: recipe, isPure: false, asJSON: common.json)
        case .folder:
            try run.writeFolder(
                storage: dtype?.storage, roundsRows: dtype == .int8,
                shardBytes: shardSize.map { $0 * 1_000_000 },
                asJSON: common.json)
        }
    }
}

/// Writes a model in fewer bits.
struct ModelQuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Write a decoder as a GGUF file in 8 bits or less.",
        discussion: """
            Types: q8_0, q6_K, q5_K (also q5_K_M, q5_K_S), q5_1, q5_0, q4_K (also q4_K_M, \
            q4_K_S), q4_1, q4_0. Vectors and an expert model's router keep 32 bits. Below eight \
            bits the head, or the embedding where it is the head, is q6_K; in the mixes (q4_K and \
            q5_K mean q4_K_M and q5_K_M) so are the value projection and the last feed-forward \
            matrix of the first and last eighth of the layers and of every third layer between. \
            --pure stores all matrices alike. A matrix whose rows are not whole blocks gets the \
            next best type, and is named.

            q4_0 to q8_0 are rounded as ggml rounds them; q4_K, q5_K and q6_K are searched for by \
            least squares. The output appears whole or not at all.
            """)

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String

    @Option(help: ArgumentHelp("The GGUF file to write.", valueName: "file"))
    var output: String

    @Option(help: "How matrices are stored.")
    var type: String

    @Flag(help: "Store every matrix in the type itself.")
    var pure = false

    @Flag(help: "Replace what is there.")
    var force = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let recipe = QuantizationRecipe(name: type), recipe.base.blockElements > 1 else {
            let names = QuantizationRecipe.allCases.filter { $0.base.blockElements > 1 }
            throw ValidationError(
                "--type is one of \(names.map(\.rawValue).joined(separator: ", ")), q4_K, q5_K")
        }
    }

    func run() throws {
        guard let recipe = QuantizationRecipe(name: type) else { return }
        let run = try ConversionRun(model: model, output: output, replaces: force)
        try run.writeGGUF(recipe: recipe, isPure: pure, asJSON: common.json)
    }
}
