// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import Testing
import WeightFiles

@Suite struct SamplingTests {
    static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../shared/fixtures/samplers").standardized
    static var isAvailable: Bool {
        FileManager.default.fileExists(atPath: folder.path(percentEncoded: false))
    }

    struct Reference: Decodable {
        struct Case: Decodable {
            var name: String
            var logits: String
            var repetition_penalty: Float?
            var temperature: Float?
            var top_k: Int?
            var top_p: Float?

            var settings: SamplingSettings {
                var settings = SamplingSettings()
                settings.repetitionPenalty = repetition_penalty ?? 1
                settings.temperature = temperature ?? 1
                settings.topK = top_k ?? 0
                settings.topP = top_p ?? 1
                return settings
            }
        }
        var token_history: [Int32]
        var cases: [Case]
    }

    @Test(
        "scores and probabilities are those of the reference",
        .enabled(if: isAvailable, "needs ../shared/fixtures/samplers"))
    func reference() throws {
        let reference = try JSONDecoder().decode(
            Reference.self, from: Data(contentsOf: Self.folder.appending(path: "samplers.json")))
        let tensors = try SafetensorsFile(Self.folder.appending(path: "samplers.safetensors"))
        #expect(reference.cases.count == 17)
        for entry in reference.cases {
            let logits = try tensors.tensor(entry.logits).values
            let scores = entry.settings.scores(logits, history: reference.token_history)
            let expected = try tensors.tensor("scores.\(entry.name)").values
            #expect(
                zip(scores, expected).allSatisfy { $0 == $1 || abs($0 - $1) < 1e-5 },
                "\(entry.name)")
            let probabilities = SamplingSettings.probabilities(scores)
            let expectedProbabilities = try tensors.tensor("probabilities.\(entry.name)").values
            #expect(
                zip(probabilities, expectedProbabilities).allSatisfy {
                    abs($0 - Double($1)) < 1e-6
                },
                "\(entry.name)")
        }
    }

    @Test("without temperature the most likely token is picked, of equal ones the first")
    func greedy() {
        var sampler = TokenSampler(SamplingSettings())
        #expect(sampler.pick([0, 3, 1, 3], history: []) == 1)
    }

    @Test("a penalty makes a token that was there already less likely, whatever its sign")
    func penalty() {
        var settings = SamplingSettings()
        settings.repetitionPenalty = 2
        #expect(settings.scores([4, -4, 4], history: [0, 1, 1, 9]) == [2, -8, 4])
    }

    @Test("tokens are picked as often as they are likely, and again with the same seed")
    func frequencies() {
        var settings = SamplingSettings()
        settings.temperature = 1
        let logits = [0.5, 0.3, 0.2, 0].map { Float(log($0)) }
        var counts = [0, 0, 0, 0]
        var sampler = TokenSampler(settings, seed: 7)
        var again = TokenSampler(settings, seed: 7)
        for _ in 0..<10_000 {
            let token = sampler.pick(logits, history: [])
            #expect(again.pick(logits, history: []) == token)
            counts[Int(token)] += 1
        }
        #expect(counts[3] == 0)
        for (count, share) in zip(counts, [0.5, 0.3, 0.2]) {
            #expect(abs(Double(count) / 10_000 - share) < 0.02)
        }
    }

    @Test("settings outside their range are named")
    func faults() {
        func fault(_ change: (inout SamplingSettings) -> Void) -> String? {
            var settings = SamplingSettings()
            change(&settings)
            return settings.firstFault
        }
        #expect(fault { _ in } == nil)
        #expect(fault { $0.repetitionPenalty = 0 } == "repetition-penalty")
        #expect(fault { $0.temperature = -1 } == "temperature")
        #expect(fault { $0.temperature = .nan } == "temperature")
        #expect(fault { $0.topK = -1 } == "top-k")
        #expect(fault { $0.topP = 0 } == "top-p")
        #expect(fault { $0.topP = 1.5 } == "top-p")
    }
}
