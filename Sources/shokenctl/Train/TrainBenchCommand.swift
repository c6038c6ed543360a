// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evaluation
import Foundation
import Tensors
import Training

extension TrainingPrecision: ExpressibleByArgument {}

extension TrainCommand {
    /// The speed of training, measured.
    struct Bench: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure the speed and memory of training on this machine.",
            discussion: """
                Trains a decoder with random weights on random tokens, without reading or writing \
                any file. The default is a model of 31 million parameters. Speed is the median \
                of --steps steps, after --warmup steps that do not count.
                """)

        @Option(help: "Layers.")
        var layers = 12
        @Option(help: "Width of the model.")
        var hidden = 384
        @Option(help: "Width of the gated feed-forward block.")
        var feedForward = 1024
        @Option(help: "Query heads, of 64 elements each; a multiple of the key heads.")
        var heads = 6
        @Option(help: "Key and value heads.")
        var groups = 2
        @Option(help: "Tokens in the vocabulary.")
        var vocabulary = 16384
        @Option(help: "Rows of a step.")
        var batch = 8
        @Option(help: "Tokens of a row.")
        var context = 512
        @Option(
            help:
                "Rows that a thread holds at a time; 0 for two, or fewer where there are not as many."
        )
        var rowsAtOnce = 0
        @Option(help: "Arithmetic of products: f32 or bf16.")
        var precision = TrainingPrecision.float32
        @Option(help: "Dropout on attention and residuals.")
        var dropout = 0.0
        @Option(help: "Steps that are measured.")
        var steps = 8
        @Option(help: "Steps before these.")
        var warmup = 2
        @OptionGroup var threads: ThreadsOption
        @OptionGroup var common: CommonOptions

        func validate() throws {
            for (name, value, limit) in [
                ("layers", layers, 256), ("hidden", hidden, 1 << 15),
                ("feed-forward", feedForward, 1 << 17), ("heads", heads, 512),
                ("groups", groups, 512), ("vocabulary", vocabulary, 1 << 18),
                ("batch", batch, 4096), ("context", context, 1 << 16), ("steps", steps, 10000),
            ] where value < 1 || value > limit {
                throw ValidationError("--\(name) must be 1 to \(limit)")
            }
            guard heads % groups == 0 else {
                throw ValidationError("--heads must be a multiple of --groups")
            }
            guard (0...4096).contains(rowsAtOnce), (0...1000).contains(warmup) else {
                throw ValidationError("--rows-at-once and --warmup are counts")
            }
            guard (0...0.9).contains(dropout) else {
                throw ValidationError("--dropout must be 0 to 0.9")
            }
        }

        func run() throws {
            ComputeThreads.set(threads.count)
            guard precision.isAvailable else {
                throw CommandFailure(
                    .unavailable,
                    "this processor has no instructions for products of bfloat16; use "
                        + "--precision f32")
            }
            var bench = TrainingBenchmark(settings)
            var (seconds, processor, loss) = ([Double](), [Double](), 0.0)
            let clock = ContinuousClock()
            for step in 0..<warmup + steps {
                let (begin, account) = (clock.now, ProcessAccount.processSeconds)
                loss = bench.takeStep()
                guard step >= warmup else { continue }
                seconds.append((clock.now - begin) / .seconds(1))
                processor.append(ProcessAccount.processSeconds - account)
            }
            let report = TrainingSpeed(
                precision: precision.rawValue, parameters: bench.parameterCount,
                threads: threads.count, loss: loss, peakMemoryBytes: ProcessMemory.peakBytes,
                tokensPerSecond: Double(bench.tokens) / median(seconds),
                processorSecondsPerStep: median(processor))
            if common.json { try printJSON(report) } else { report.printText() }
        }

        private var settings: TrainingBenchmark.Settings {
            var settings = TrainingBenchmark.Settings()
            (settings.layers, settings.hidden) = (layers, hidden)
            (settings.feedForward, settings.heads) = (feedForward, heads)
            (settings.groups, settings.vocabulary) = (groups, vocabulary)
            (settings.batch, settings.context) = (batch, context)
            settings.precision = precision
            settings.dropout = Float(dropout)
            settings.rowsAtOnce =
                rowsAtOnce > 0
                ? rowsAtOnce : max(1, min(2, (batch + threads.count - 1) / threads.count))
            let batches = (batch + settings.rowsAtOnce - 1) / settings.rowsAtOnce
            settings.workers = min(threads.count, batches)
            return settings
        }

        private func median(_ values: [Double]) -> Double {
            values.sorted()[values.count / 2]
        }
    }
}

/// What `train bench` has measured.
private struct TrainingSpeed: Encodable {
    let precision: String
    let parameters: Int
    let threads: Int
    let loss: Double
    let peakMemoryBytes: Int
    let tokensPerSecond: Double
    let processorSecondsPerStep: Double

    func printText() {
        print("parameters          \(parameters)")
        print("precision           \(precision)")
        print("threads             \(threads)")
        print("speed               \(Int(tokensPerSecond)) tokens/s")
        print(String(format: "processor time      %.2f s a step", processorSecondsPerStep))
        print("most memory         \(peakMemoryBytes >> 20) MiB")
        print(String(format: "loss                %.4f", loss))
    }
}
