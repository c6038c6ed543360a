// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import LanguageModel
import Recipes
import Tensors
import Training

extension TrainCommand {
    /// How time grows.
    struct Scaling: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure how time and memory grow with row length and model size.",
            discussion: """
                Trains for a few steps on random tokens: the model of --recipe, or one of the default \
                sizes, with rows of several lengths, then models of several sizes with rows of one \
                length. Of each, the shortest step counts. --output writes a page with the plots; \
                --run keeps the figures with a run, whose report then shows them.

                Examples:
                  shokenctl train scaling --lengths 128,512 --widths 128,256 --steps 1
                  shokenctl train scaling --recipe recipe.toml --run run
                """)

        @Option(
            help: ArgumentHelp("Measure row lengths with this recipe's model.", valueName: "file"))
        var recipe: String?

        @Option(help: "Row lengths in tokens, with commas between; each divides --tokens.")
        var lengths = "128,256,512,1024,2048"

        @Option(help: "Widths of the models, with commas between; layers grow with them.")
        var widths = "128,256,384,512"

        @Option(help: "Row length for the sizes.")
        var context = 512

        @Option(help: "Tokens of a step.")
        var tokens = 4096

        @Option(help: "Arithmetic of products: f32 or bf16.")
        var precision = TrainingPrecision.float32.rawValue

        @Option(help: "Steps of each measurement, after one to warm up.")
        var steps = 2

        @Option(help: "Threads to compute with; 0 takes all of the machine.")
        var threads = 0

        @Option(help: ArgumentHelp("Write a page with the plots.", valueName: "file"))
        var output: String?

        @Option(
            name: .customLong("run"),
            help: ArgumentHelp(
                "Keep the figures with the run in this directory.", valueName: "output"))
        var kept: String?

        @OptionGroup var common: CommonOptions

        func validate() throws {
            guard steps > 0, tokens > 0, threads >= 0 else {
                throw ValidationError("--steps and --tokens must be at least 1")
            }
            guard TrainingPrecision(rawValue: precision)?.isAvailable == true else {
                throw ValidationError("--precision \(precision) is not available on this processor")
            }
            for length in try numbers(lengths, "--lengths") + [context] {
                guard length > 1, tokens % length == 0 else {
                    throw ValidationError(
                        "a row of \(length) tokens does not divide --tokens \(tokens)")
                }
            }
            for width in try numbers(widths, "--widths") where width % 64 != 0 || width > 8192 {
                throw ValidationError("--widths must be multiples of 64 up to 8192")
            }
        }

        func run() throws {
            if threads > 0 { ComputeThreads.set(threads) }
            let sizes = try numbers(widths, "--widths").map(Self.network)
            let network =
                try recipe.map { try Recipe(file: URL(filePath: $0)).model } ?? Self.network(256)
            let arithmetic = TrainingPrecision(rawValue: precision) ?? .float32
            let bar = ProgressBar(lines: .seconds(10))
            let found = GrowthMeasurement(
                of: network, lengths: try numbers(lengths, "--lengths"), sizes: sizes,
                context: context, batchTokens: tokens, precision: arithmetic, steps: steps
            ) { share, detail in bar.show("measuring", share, detail: ": \(detail)") }
            bar.finish()
            if let kept { try keep(found, with: URL(filePath: kept)) }
            if let output { try Self.write(found.page, to: URL(filePath: output)) }
            if common.json { return try printJSON(found) }
            Self.print(found)
        }

        private func numbers(_ text: String, _ option: String) throws -> [Int] {
            let parts = text.split(separator: ",").map {
                Int($0.trimmingCharacters(in: .whitespaces))
            }
            guard !parts.isEmpty, parts.allSatisfy({ ($0 ?? 0) > 0 }) else {
                throw ValidationError("\(option) must be whole numbers with commas between")
            }
            return parts.compactMap { $0 }
        }

        private func keep(_ found: GrowthMeasurement, with run: URL) throws {
            try found.write(to: run)
            if FileManager.default.fileExists(atPath: RunDirectory.log(run).path) {
                try RunReport(run).write(to: RunDirectory.report(run))
            }
        }

        private static func write(_ page: String, to file: URL) throws {
            try DiskFiles().write(Data(page.utf8), to: FilePath(file))
        }

        /// A network of NCVC-slm-1's kind: a layer for each 32 of its width, heads of 64.
        private static func network(_ width: Int) -> DecoderConfiguration {
            DecoderConfiguration(
                vocabSize: 16384, hiddenSize: width, intermediateSize: 4 * width,
                numHiddenLayers: max(2, width / 32), numAttentionHeads: width / 64,
                numKeyValueHeads: (width / 64) % 2 == 0 ? width / 128 : width / 64, headDim: 64,
                rmsNormEps: 1e-5, ropeTheta: 10000, maxPositionEmbeddings: 512,
                embeddingScale: 1, tieWordEmbeddings: false)
        }

        private static func print(_ found: GrowthMeasurement) {
            func rows(_ points: [GrowthMeasurement.Point]) -> [[String]] {
                points.map {
                    [
                        "\($0.parameters)", "\($0.context)",
                        String(format: "%.0f", $0.tokensPerSecond),
                        String(format: "%.3f", 1000 / $0.tokensPerSecond),
                        "\($0.memoryBytes >> 20)",
                    ]
                }
            }
            TextTable(
                columns: ["parameters", "row", "tokens/s", "s per 1000 tokens", "memory (MiB)"],
                rows: rows(found.lengths) + rows(found.sizes)
            ).print()
            let powers = [
                ("row length", GrowthMeasurement.exponent(found.lengths, \.context)),
                ("model size", GrowthMeasurement.exponent(found.sizes, \.parameters)),
            ]
            for (name, power) in powers {
                guard let power else { continue }
                Swift.print(
                    String(
                        format: "the time of a token grows with the power %.2f of the %@", power,
                        name))
            }
        }
    }
}
