// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import Foundation
import LanguageModel
import Training
import WeightFiles

/// One conversion with its progress and its account.
struct ConversionRun {
    private(set) var conversion: ModelConversion
    private let source: String
    private let output: URL
    private let replaces: Bool
    private let begin = ContinuousClock.now

    /// Opens a model; refuses an output that is there unless it is to be replaced.
    init(model: String, output: String, replaces: Bool) throws {
        self.output = URL(filePath: output)
        (source, self.replaces) = (model, replaces)
        if !replaces, try DiskFiles().facts(of: FilePath(self.output)) != nil {
            throw CommandFailure(.cannotCreate, "\(output) is there already; --force replaces it")
        }
        conversion = try ModelConversion(URL(filePath: model))
    }

    /// Adds an adapter's changes to what is written.
    mutating func merge(adapter: URL) throws {
        guard let configuration = conversion.configuration else {
            throw ConversionError.encoder(file: conversion.path)
        }
        conversion.adapter = try Adapter(directory: adapter, configuration: configuration)
    }

    /// Writes a GGUF file.
    func writeGGUF(recipe: QuantizationRecipe, isPure: Bool, asJSON: Bool) throws {
        let report = try withProgress { progress in
            try conversion.writeGGUF(
                to: output, recipe: recipe, isPure: isPure, progress: progress)
        }
        try show(report, type: recipe.rawValue, asJSON: asJSON)
    }

    /// Writes a folder.
    func writeFolder(
        storage: WeightStorage?, roundsRows: Bool = false, shardBytes: Int?, asJSON: Bool
    ) throws {
        let report = try withProgress { progress in
            try conversion.writeFolder(
                to: output, storage: storage, roundsRows: roundsRows, shardBytes: shardBytes,
                replaces: replaces,
                progress: progress)
        }
        try show(report, type: nil, asJSON: asJSON)
    }

    private func withProgress<Result>(
        _ write: ((Double) -> Void) throws -> Result
    ) rethrows -> Result {
        let bar = ProgressBar()
        defer { bar.finish() }
        let result = try write { bar.show("writing", $0) }
        bar.show("flushing", 1)
        return result
    }

    private func show(_ report: ConversionReport, type: String?, asJSON: Bool) throws {
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        if asJSON {
            return try printJSON(
                ConversionAccount(
                    model: source, output: output.path(percentEncoded: false),
                    architecture: conversion.architecture, type: type,
                    parameters: report.parameters, bytes: report.bytes, files: report.files,
                    tensors: report.tensorsByFormat, fallbacks: report.fallbacks,
                    sourceIsQuantized: conversion.isQuantized, seconds: seconds,
                    peakMemoryBytes: ProcessMemory.peakBytes))
        }
        let formats = report.tensorsByFormat.sorted { $0.key < $1.key }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print(
            "\(output.path(percentEncoded: false)): \(conversion.architecture), "
                + "\(report.parameters) parameters, tensors: \(formats)")
        print(
            String(
                format: "%.1f MB (%.2f bits a parameter) in %.1f s, %.0f MiB of memory at most",
                Double(report.bytes) / 1e6,
                Double(report.bytes) * 8 / Double(max(1, report.parameters)), seconds,
                Double(ProcessMemory.peakBytes) / 1_048_576))
        for (name, format) in report.fallbacks.sorted(by: { $0.key < $1.key }) {
            print("\(name): \(format), because its rows are not whole blocks")
        }
        if conversion.isQuantized {
            print("weights of the model were in blocks; what is written has their error too")
        }
    }
}

/// What a conversion was.
private struct ConversionAccount: Encodable {
    let model: String
    let output: String
    let architecture: String
    let type: String?
    let parameters: Int
    let bytes: Int
    let files: Int
    let tensors: [String: Int]
    let fallbacks: [String: String]
    let sourceIsQuantized: Bool
    let seconds: Double
    let peakMemoryBytes: Int
}
