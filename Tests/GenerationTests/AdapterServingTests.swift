// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import LanguageModel
import Tensors
import ModelTestSupport
import TestSupport
import Testing
import WeightFiles

@Suite("Adapters beside a model", .serialized) struct AdapterServingTests {
    private let place: TemporaryFolder

    init() throws { place = try TemporaryFolder() }

    /// A model with three adapters, and the models that these become when they are merged.
    private func family(
        _ name: String
    ) throws -> (serving: DecoderModel, merged: [DecoderModel], base: DecoderModel) {
        let configuration = try TinyModels.configuration(name)
        let folder = try model(configuration)
        let base = try DecoderModel(directory: folder)
        let adapters = try (1...3).map {
            try RandomAdapter.make(
                for: configuration, targets: $0 == 2 ? Self.attention(name) : .all,
                seed: UInt64($0))
        }
        let merged = try adapters.enumerated().map { index, adapter in
            var conversion = try ModelConversion(folder)
            conversion.adapter = adapter
            let target = place["merged-\(index)"]
            try conversion.writeFolder(to: target, storage: .float32)
            return try DecoderModel(directory: target)
        }
        return (base.serving(adapters), merged, base)
    }

    private static func attention(_ name: String) -> AdapterTargets {
        .named(name.hasPrefix("phi3") ? ["qkv_proj"] : ["q_proj", "v_proj"])
    }

    @Test(
        "give the logits of the merged model, and none those of the base",
        arguments: ["ncvc", "llama-biases", "mixtral", "gemma2", "phi3", "qwen3"])
    func logits(name: String) throws {
        let family = try family(name)
        let tokens = RandomModel.tokens(40, seed: 3)
        let plain = try family.base.logits(tokens)
        // Tests beside this one may change the kernels in use, which round in another order.
        #expect(largestDifference(try family.serving.logits(tokens), plain) < 1e-4)
        for (index, merged) in family.merged.enumerated() {
            let beside = try family.serving.logits(tokens, adapter: index)
            let inside = try merged.logits(tokens)
            #expect(largestDifference(beside, inside) < 1e-4)
            #expect(largestDifference(beside, plain) > 0.1)
        }
    }

    @Test(
        "answer a request the same alone, among requests with others, and when merged",
        arguments: ["ncvc", "llama-biases", "mixtral", "phi3"])
    func company(name: String) throws {
        let family = try family(name)
        // The same beginnings under each choice: keys and values must not be taken from another.
        let beginnings = (0..<3).map { RandomModel.tokens(70, seed: 40 + UInt64($0)) }
        var requests: [ServingRequest] = []
        for round in 0..<4 {
            for choice in [nil, 0, 1, 2] as [Int?] {
                let prompt = beginnings[round % 3] + RandomModel.tokens(5, seed: UInt64(round / 3))
                if round == 2 {
                    var request = ChoiceRequest(prompt: prompt, labels: [[3, 4], [5], [6, 7, 8]])
                    request.adapter = choice
                    requests.append(.choice(request))
                } else {
                    var request = GenerationRequest(prompt: prompt, limit: 12)
                    request.adapter = choice
                    requests.append(.generation(request))
                }
            }
        }
        let together = try family.serving.serve(
            requests, budget: ServingBudget(cachedTokens: 4096, rows: 90))
        // Later rounds share beginnings with the first of the same adapter only.
        #expect(together.figures.sharedRows > 0)
        var distinct: Set<ServingResult> = []
        for (index, request) in requests.enumerated() {
            let alone = try family.serving.serve([request]).results[0]
            expectEqual(together.results[index], alone)
            let chosen = [nil, 0, 1, 2][index % 4] as Int?
            let model = chosen.map { family.merged[$0] } ?? family.base
            expectEqual(alone, try model.serve([request.withoutAdapter]).results[0])
            distinct.insert(alone)
        }
        #expect(distinct.count > requests.count / 2)
    }

    @Test("beside a GGUF file used as it lies match its rows' order")
    func storedOrder() throws {
        let configuration = try TinyModels.configuration("llama")
        let folder = try model(configuration)
        let file = place["model.gguf"]
        try ModelConversion(folder).writeGGUF(to: file, recipe: .f32)
        let adapter = try RandomAdapter.make(for: configuration, seed: 5)
        let stored = try DecoderModel(gguf: GGUFFile(file), precision: .stored)
        #expect(stored.weights.turnsNeighbours)
        let tokens = RandomModel.tokens(30, seed: 9)
        let expected = try DecoderModel(directory: folder).serving([adapter])
            .logits(tokens, adapter: 0)
        let found = try stored.serving([adapter]).logits(tokens, adapter: 0)
        #expect(largestDifference(found, expected) < 1e-4)
        var conversion = try ModelConversion(file)
        conversion.adapter = adapter
        let merged = place["merged.gguf"]
        try conversion.writeGGUF(to: merged, recipe: .f32)
        let inside = try DecoderModel(gguf: GGUFFile(merged)).logits(tokens)
        #expect(largestDifference(inside, expected) < 1e-4)
    }

    @Test("that a model does not have are refused")
    func missing() throws {
        let base = try DecoderModel(directory: model(TinyModels.configuration("ncvc")))
        var request = GenerationRequest(prompt: [1, 2], limit: 1)
        request.adapter = 0
        let error = #expect(throws: RefusedRequest.self) { try base.generate([request]) }
        #expect(error?.reason == .noAdapter(0))
    }

    private func expectEqual(_ a: ServingResult, _ b: ServingResult) {
        guard case .choice(let a) = a, case .choice(let b) = b else {
            #expect(a == b)
            return
        }
        for (one, other) in zip(a.logProbabilities, b.logProbabilities) {
            #expect(abs(one - other) < 1e-4)
        }
    }

    /// A model's folder with random weights, large enough that an adapter is felt.
    private func model(_ configuration: DecoderConfiguration) throws -> URL {
        let target = place["model"]
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        try configuration.write(to: target.appending(path: "config.json"))
        var random = SeededNumbers(seed: 1)
        var tensors: [String: Tensor] = [:]
        for entry in configuration.storedTensors {
            let columns = Float(entry.shape.last ?? 1)
            let values = (0..<entry.shape.reduce(1, *)).map { _ -> Float in
                let number = random.signed()
                return entry.shape.count == 1
                    ? 1 + 0.2 * number : 2 * number / columns.squareRoot()
            }
            tensors[entry.name] = Tensor(shape: entry.shape, values: values)
        }
        try SafetensorsWriter.write(tensors, to: target.appending(path: "model.safetensors"))
        return target
    }
}

extension ServingRequest {
    fileprivate var withoutAdapter: ServingRequest {
        switch self {
        case .generation(var request):
            request.adapter = nil
            return .generation(request)
        case .choice(var request):
            request.adapter = nil
            return .choice(request)
        }
    }
}
