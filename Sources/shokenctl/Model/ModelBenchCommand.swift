// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evaluation
import Faults
import Foundation
import Generation
import JSONFiles
import LanguageModel
import Tensors
import Training

/// Measures how fast a model computes, and how far that is from what the machine can do.
struct ModelBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast a model reads and writes.",
        discussion: """
            Prefill reads a prompt of --prompt tokens in one pass. Decode writes --new tokens after \
            it in --streams texts at once. With --documents, that many texts of --tokens tokens \
            each are read without logits, as for annotation. Times are medians of --rounds.

            The limits are measured in the same run: the speed of reading memory on all threads, \
            and of oneDNN's products of large matrices in the same arithmetic. Bytes are those of \
            the weights, read once a step; operations two a weight and token, attention left out.
            """)

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "dir|gguf"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Sizes of a model with random weights instead: "
                + ModelShape.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "name"))
    var shape: String?

    @Option(help: "Arithmetic of products with weights: f32, bf16, int8, int4 or stored.")
    var dtype = Precision.stored

    @Option(help: "Tokens of the prompt.")
    var prompt = 512

    @Option(help: "Tokens to write.")
    var new = 32

    @Option(help: "Texts to write at once.")
    var streams = 1

    @Option(help: "Texts to read without logits; 0 for none.")
    var documents = 0

    @Option(help: "Tokens of each of these texts, in the mean; they differ by a half.")
    var tokens = 300

    @Option(help: "How often each is measured.")
    var rounds = 5

    @OptionGroup var threads: ThreadsOption
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (model == nil) != (shape == nil) else {
            throw ValidationError("either --model or --shape must be given")
        }
        if let shape, ModelShape(rawValue: shape) == nil {
            throw ValidationError(
                "no shape \(shape); there are "
                    + ModelShape.allCases.map(\.rawValue).joined(separator: ", "))
        }
        for (name, value, least) in [
            ("prompt", prompt, 1), ("new", new, 0), ("streams", streams, 1), ("tokens", tokens, 2),
            ("documents", documents, 0), ("rounds", rounds, 1),
        ] where value < least || value > 1 << 20 {
            throw ValidationError("--\(name) must be \(least) to 1048576")
        }
    }

    func run() throws {
        ComputeThreads.set(threads.count)
        let clock = ContinuousClock()
        let begin = clock.now
        let trunk = try opened()
        let loading = (clock.now - begin) / .seconds(1)
        var report = SpeedReport(model: model ?? shape ?? "", dtype: dtype.rawValue)
        report.threads = threads.count
        report.weightBytes = trunk.weights.multipliedBytes
        report.weights = trunk.weights.multipliedElements
        let speed = try TextSpeed(trunk)
        let first = try speed.prefill(tokens: 1)
        report.secondsLoading = loading
        report.secondsToFirstToken = loading + first
        report.prefill = try median { Double(prompt) / (try speed.prefill(tokens: prompt)) }
        if new > 0 {
            report.decode = try median {
                Double(new * streams)
                    / (try speed.decode(streams: streams, prompt: 16, new: new))
            }
            report.streams = streams
        }
        if documents > 0 {
            // Lengths from a half to one and a half of the mean, the same in every run.
            let lengths = (0..<documents).map {
                max(1, tokens / 2 + tokens * $0 / max(1, documents - 1))
            }
            let total = lengths.reduce(0, +)
            report.documents = try median { Double(total) / (try speed.read(lengths)) }
        }
        // Before the limits are measured, which takes memory of its own.
        report.peakBytes = ProcessMemory.peakBytes
        report.bandwidth = try median { MachineLimits.readingBandwidth() }
        report.operations = try median { MachineLimits.operations(dtype) }
        Swift.print(try common.json ? report.json : report.text)
    }

    private func opened() throws -> DecoderModel {
        if let shape, let sizes = ModelShape(rawValue: shape) {
            return try sizes.model(precision: dtype)
        }
        guard
            case .decoder(let trunk) = try OpenedModel(
                URL(filePath: model ?? ""), precision: dtype)
        else {
            throw CommandFailure(.usage, "\(model ?? "") is an encoder; bench measures decoders")
        }
        return trunk
    }

    private func median(_ measure: () throws -> Double) throws -> Double {
        let values = try (0..<rounds).map { _ in try measure() }.sorted()
        return values[values.count / 2]
    }
}

/// Times of a decoder's work.
private struct TextSpeed {
    private let trunk: DecoderModel
    private let clock = ContinuousClock()

    init(_ trunk: DecoderModel) throws { self.trunk = trunk }

    /// Token ids without meaning, other ones for each text.
    private func text(_ number: Int, _ count: Int) -> [Int32] {
        let vocabulary = trunk.configuration.vocabSize
        return (0..<count).map { Int32(($0 * 7919 + number * 104_729) % vocabulary) }
    }

    /// Room for streams of so many tokens, in whole blocks and one more.
    private func budget(streams: Int, tokens: Int, rows: Int) -> ServingBudget {
        ServingBudget(cachedTokens: streams * (tokens / 128 + 2) * 128, rows: rows)
    }

    /// Seconds from a prompt to the choice of the first token after it.
    func prefill(tokens: Int) throws -> Double {
        let begin = clock.now
        var batch = ContinuousBatch(trunk, budget: budget(streams: 1, tokens: tokens, rows: tokens))
        _ = try batch.submit(.generation(GenerationRequest(prompt: text(0, tokens), limit: 1)))
        while !batch.isIdle { _ = batch.step() }
        return (clock.now - begin) / .seconds(1)
    }

    /// Seconds of `new` steps that each write one token in every stream, prompts not counted.
    func decode(streams: Int, prompt: Int, new: Int) throws -> Double {
        var batch = ContinuousBatch(
            trunk,
            budget: budget(streams: streams, tokens: prompt + new, rows: streams * prompt))
        for stream in 0..<streams {
            _ = try batch.submit(
                .generation(
                    GenerationRequest(prompt: text(stream, prompt), limit: new + 1)))
        }
        _ = batch.step()
        let begin = clock.now
        while !batch.isIdle { _ = batch.step() }
        return (clock.now - begin) / .seconds(1)
    }

    /// Seconds to read texts without logits.
    func read(_ lengths: [Int]) throws -> Double {
        let texts = lengths.enumerated().map { text($0.offset, $0.element) }
        let begin = clock.now
        _ = try trunk.hiddenStates(texts, bidirectional: true)
        return (clock.now - begin) / .seconds(1)
    }
}

/// What was measured, in tokens, bytes and operations a second.
private struct SpeedReport: Encodable {
    let model: String
    let dtype: String
    var threads = 0
    var weights = 0
    var weightBytes = 0
    var secondsLoading = 0.0
    var secondsToFirstToken = 0.0
    var prefill = 0.0
    var decode: Double?
    var streams: Int?
    var documents: Double?
    var bandwidth = 0.0
    var operations = 0.0
    var peakBytes = 0

    init(model: String, dtype: String) { (self.model, self.dtype) = (model, dtype) }

    var json: String {
        get throws {
            return String(decoding: try JSONEncoder.sorted().encode(self), as: UTF8.self)
        }
    }

    var text: String {
        func line(_ name: String, _ value: String, _ note: String = "") -> String {
            name.padding(toLength: 26, withPad: " ", startingAt: 0)
                + value + (note.isEmpty ? "" : "   \(note)")
        }
        func number(_ value: Double, _ unit: String) -> String {
            String(format: value < 100 ? "%.1f %@" : "%.0f %@", value, unit)
        }
        func share(_ part: Double, _ whole: Double, _ of: String) -> String {
            whole > 0 ? String(format: "%.0f %% of %@", 100 * part / whole, of) : ""
        }
        var lines = [
            line(
                "weights", number(Double(weightBytes) / 1e6, "MB"), "\(dtype), \(threads) threads"),
            line("loading", number(secondsLoading, "s")),
            line("to the first token", number(secondsToFirstToken, "s")),
            line(
                "prefill", number(prefill, "tokens/s"),
                share(prefill * 2 * Double(weights), operations, "the measured operations")),
        ]
        if let decode, let streams {
            lines.append(
                line(
                    "decode, \(streams) at once", number(decode, "tokens/s"),
                    share(
                        decode / Double(streams) * Double(weightBytes), bandwidth,
                        "the measured bandwidth")))
        }
        if let documents {
            lines.append(
                line(
                    "reading without logits", number(documents, "tokens/s")))
        }
        lines += [
            line("memory bandwidth", number(bandwidth / 1e9, "GB/s")),
            line("products", number(operations / 1e9, "GFLOP/s")),
            line("most memory", number(Double(peakBytes) / 1e6, "MB")),
        ]
        return lines.joined(separator: "\n")
    }
}
