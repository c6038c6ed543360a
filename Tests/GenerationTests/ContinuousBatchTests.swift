// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import LanguageModel
import Tensors
import ModelTestSupport
import TestSupport
import Testing

@Suite(.serialized) struct ContinuousBatchTests {
    /// Requests of both kinds, of many lengths, some with a beginning in common.
    private func requests(_ count: Int, seed: UInt64) -> [ServingRequest] {
        var random = SeededNumbers(seed: seed)
        let documents = (0..<3).map { RandomModel.tokens(90 + 100 * $0, seed: seed + UInt64($0)) }
        return (0..<count).map { index in
            var prompt = random.number(below: 3) > 0 ? documents[random.number(below: 3)] : []
            prompt += RandomModel.tokens(
                1 + random.number(below: 60), seed: seed * 31 + UInt64(index))
            if random.number(below: 3) == 0 {
                let labels = (0..<1 + random.number(below: 5)).map {
                    RandomModel.tokens(1 + random.number(below: 6), seed: UInt64(index * 7 + $0))
                }
                return .choice(ChoiceRequest(prompt: prompt, labels: labels))
            }
            var request = GenerationRequest(prompt: prompt, limit: 1 + random.number(below: 30))
            request.seed = UInt64(index)
            request.stopTokens = [1]
            if random.number(below: 2) == 0 {
                request.sampling.temperature = 0.7
                request.sampling.topK = 20
                request.sampling.repetitionPenalty = 1.1
            }
            return .generation(request)
        }
    }

    private func expectEqual(_ a: ServingResult, _ b: ServingResult, _ comment: Comment) {
        switch (a, b) {
        case (.choice(let a), .choice(let b)):
            for (one, other) in zip(a.meanLogProbabilities, b.meanLogProbabilities) {
                #expect(abs(one - other) < 1e-5, comment)
            }
            for (one, other) in zip(a.distribution, b.distribution) {
                #expect(abs(one - other) < 1e-5, comment)
            }
            #expect(a.logProbabilities.count == b.logProbabilities.count, comment)
        default: #expect(a == b, comment)
        }
    }

    static let kinds: [[String: Int]] = [
        [:], ["sliding_window": 40], ["num_local_experts": 4, "num_experts_per_tok": 2],
    ]

    private func model(_ kind: [String: Int]) throws -> DecoderModel {
        var fields: [String: Any] = kind
        if kind["sliding_window"] != nil { fields["model_type"] = "mistral" }
        if kind["num_local_experts"] != nil { fields["model_type"] = "mixtral" }
        return try RandomModel.make(fields: fields)
    }

    @Test(
        "a request is answered the same alone and in company, at any number of threads",
        arguments: kinds)
    func company(kind: [String: Int]) throws {
        let model = try model(kind)
        let threads = ComputeThreads.count
        defer { ComputeThreads.set(threads) }
        for seed in 1...3 as ClosedRange<UInt64> {
            let requests = requests(24, seed: seed)
            ComputeThreads.set(1)
            let alone = try requests.map { try model.serve([$0]).results[0] }
            for (threads, budget) in [
                (1, ServingBudget()), (2, ServingBudget(cachedTokens: 2048, rows: 64)),
                (3, ServingBudget(cachedTokens: 768, rows: 17)),
            ] {
                ComputeThreads.set(threads)
                var random = SeededNumbers(seed: seed + UInt64(threads))
                var batch = ContinuousBatch(model, budget: budget)
                for request in requests {
                    _ = try batch.submit(request)
                    for _ in 0..<random.number(below: 4) { _ = batch.step() }
                }
                while !batch.isIdle { _ = batch.step() }
                for (index, expected) in alone.enumerated() {
                    let taken = batch.takeResult(of: index)
                    let result = try #require(taken)
                    expectEqual(
                        result, expected, "request \(index), seed \(seed), \(threads) threads")
                }
                #expect(batch.figures.mostCachedTokens <= budget.cachedTokens)
                #expect(batch.figures.mostRows <= budget.rows)
            }
        }
    }

    @Test("greedy tokens are those of the whole text computed anew for each")
    func uncached() throws {
        let model = try RandomModel.make()
        let prompts = [3, 150, 40].map { RandomModel.tokens($0, seed: UInt64($0)) }
        let budget = ServingBudget(cachedTokens: 512, rows: 33)
        let results = try model.generate(
            prompts.map { GenerationRequest(prompt: $0, limit: 12) }, budget: budget)
        for (prompt, result) in zip(prompts, results) {
            var text = prompt
            for _ in 0..<12 {
                let logits = try model.logits(text)
                let last = Array(logits.values.suffix(96))
                var sampler = TokenSampler(SamplingSettings())
                text.append(sampler.pick(last, history: text))
            }
            #expect(result.tokens == Array(text.dropFirst(prompt.count)))
            #expect(result.reason == .limit)
        }
    }

    @Test("the probability of a label is the product of its tokens' probabilities")
    func choice() throws {
        let model = try RandomModel.make()
        let prompt = RandomModel.tokens(130, seed: 5)
        let labels: [[Int32]] = [[4], [5, 6, 7], [5, 6], [8, 9, 10, 11]]
        let result = try #require(
            try model.choose([ChoiceRequest(prompt: prompt, labels: labels)]).first)
        for (label, found) in zip(labels, result.logProbabilities) {
            let logits = try model.logits(prompt + label)
            var sum = 0.0
            for (place, token) in label.enumerated() {
                let start = (prompt.count - 1 + place) * 96
                let row = Array(logits.values[start..<start + 96])
                sum += log(SamplingSettings.probabilities(row)[Int(token)])
            }
            #expect(abs(sum - found) < 1e-5)
        }
        #expect(abs(result.distribution.reduce(0, +) - 1) < 1e-12)
        #expect(abs(result.meanDistribution.reduce(0, +) - 1) < 1e-12)
        #expect(result.meanLogProbabilities[1] == result.logProbabilities[1] / 3)
    }

    @Test("a common beginning is computed once, for requests that come together and later")
    func prefix() throws {
        let model = try RandomModel.make()
        let document = RandomModel.tokens(300, seed: 9)
        let questions = (0..<5).map { document + RandomModel.tokens(20, seed: 100 + UInt64($0)) }
        var batch = ContinuousBatch(model, budget: ServingBudget(cachedTokens: 4096, rows: 128))
        for prompt in questions.dropLast() {
            _ = try batch.submit(.generation(GenerationRequest(prompt: prompt, limit: 1)))
        }
        while !batch.isIdle { _ = batch.step() }
        #expect(batch.figures.rows == 300 + 4 * 20)
        _ = try batch.submit(.generation(GenerationRequest(prompt: questions[4], limit: 1)))
        while !batch.isIdle { _ = batch.step() }
        #expect(batch.figures.rows == 300 + 5 * 20)
        #expect(batch.figures.sharedRows == 4 * 300)
        // The document's two whole blocks are there once, and a last one for each question.
        #expect(batch.figures.mostCachedTokens <= (2 + 5) * 128)
    }

    @Test("a request of the length of the budget runs, one of a token more is refused")
    func budget() throws {
        let model = try RandomModel.make()
        var batch = ContinuousBatch(model, budget: ServingBudget(cachedTokens: 256, rows: 64))
        let prompt = RandomModel.tokens(250, seed: 1)
        // The last token is not read: 250 + 7 - 1 tokens are held.
        _ = try batch.submit(.generation(GenerationRequest(prompt: prompt, limit: 7)))
        #expect(throws: ServingError.exceedsBudget(tokens: 384, budget: 256)) {
            try batch.submit(.generation(GenerationRequest(prompt: prompt, limit: 8)))
        }
        _ = try batch.submit(.generation(GenerationRequest(prompt: prompt, limit: 5)))
        while !batch.isIdle { _ = batch.step() }
        #expect(batch.figures.mostCachedTokens == 256)
        #expect(batch.takeResult(of: 0) != nil && batch.takeResult(of: 1) != nil)
    }

    @Test("what cannot be computed is refused by name")
    func refused() throws {
        let model = try RandomModel.make(context: 64)
        var batch = ContinuousBatch(model, budget: ServingBudget(cachedTokens: 1024, rows: 4))
        func reason(_ request: ServingRequest) -> ServingError? {
            do throws(ServingError) {
                _ = try batch.submit(request)
                return nil
            } catch { return error }
        }
        func generation(_ prompt: [Int32]) -> ServingRequest {
            .generation(GenerationRequest(prompt: prompt, limit: 4))
        }
        func choice(_ labels: [[Int32]]) -> ServingRequest {
            .choice(ChoiceRequest(prompt: [2, 3], labels: labels))
        }
        #expect(reason(generation([])) == .emptyPrompt)
        #expect(
            reason(generation([1, 96]))
                == .tokenOutOfVocabulary(label: nil, position: 1, id: 96, vocabularySize: 96))
        #expect(
            reason(generation([Int32](repeating: 1, count: 65)))
                == .sequenceTooLong(tokens: 65, limit: 64))
        #expect(reason(choice([])) == .noLabels)
        #expect(reason(choice([[1], []])) == .emptyLabel(1))
        #expect(
            reason(choice([[1], [-1]]))
                == .tokenOutOfVocabulary(label: 1, position: 0, id: -1, vocabularySize: 96))
        #expect(
            reason(choice([[1, 2, 3, 4, 5, 6]])) == .labelTooLong(label: 0, tokens: 6, rows: 4))
        var hot = GenerationRequest(prompt: [1], limit: 2)
        hot.sampling.temperature = -1
        #expect(reason(.generation(hot)) == .setting("temperature"))
        #expect(batch.isIdle)
    }

    @Test("a text stops before a stop token, and at the model's longest sequence")
    func ends() throws {
        let model = try RandomModel.make(context: 64)
        let prompt = RandomModel.tokens(50, seed: 3)
        let free = try model.generate([GenerationRequest(prompt: prompt, limit: 100)])[0]
        #expect(free.tokens.count == 14 && free.reason == .limit)
        var request = GenerationRequest(prompt: prompt, limit: 100)
        let stop = free.tokens[5]
        request.stopTokens = [stop]
        let stopped = try model.generate([request])[0]
        let first = try #require(free.tokens.firstIndex(of: stop))
        #expect(stopped.tokens == Array(free.tokens[..<first]))
        #expect(stopped.reason == .stopToken(stop))
    }

    @Test("long and short texts of a model that tells them apart keep their own frequencies")
    func longTexts() throws {
        let short = (0..<4).map { 1 + 0.1 * Double($0) }
        let model = try RandomModel.make(
            fields: [
                "model_type": "phi3", "original_max_position_embeddings": 64,
                "rope_scaling": [
                    "type": "longrope", "short_factor": short, "long_factor": short.map { $0 * 4 },
                ] as [String: Any],
            ])
        let requests = [20, 100, 40, 200].map { length in
            GenerationRequest(prompt: RandomModel.tokens(length, seed: 4), limit: 8)
        }
        let alone = try requests.map { try model.generate([$0])[0] }
        #expect(try model.generate(requests) == alone)
    }

    @Test("every token is told as it comes")
    func events() throws {
        let model = try RandomModel.make()
        let requests = (0..<3).map { index in
            GenerationRequest(prompt: RandomModel.tokens(10, seed: UInt64(index)), limit: 6)
        }
        var told: [Int: [Int32]] = [:]
        let served = try model.serve(requests.map { .generation($0) }) { events, _ in
            for case .token(let request, let token) in events {
                told[request, default: []].append(token)
            }
        }
        for (index, result) in served.results.enumerated() {
            guard case .generation(let result) = result else { continue }
            #expect(told[index] == result.tokens)
        }
        #expect(told.count == 3)
    }
}
