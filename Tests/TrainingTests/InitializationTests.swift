// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors
import Testing

@Suite("Random weights that a run begins with")
struct InitializationTests {
    private func deviation(_ tensor: Tensor) -> Double {
        let mean = tensor.values.reduce(0) { $0 + Double($1) } / Double(tensor.count)
        let squares = tensor.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        return (squares / Double(tensor.count)).squareRoot()
    }

    @Test("They have the standard deviations of the paper")
    func deviations() throws {
        let configuration = DecoderConfiguration(
            vocabSize: 500, hiddenSize: 128, intermediateSize: 256, numHiddenLayers: 3,
            numAttentionHeads: 4, numKeyValueHeads: 2)
        let parameters = ParameterSet(randomFor: configuration, seed: 7)
        let sigma = (2.0 / (5 * 128)).squareRoot()
        let expected = [
            "model.embed_tokens.weight": sigma,
            "model.layers.0.self_attn.q_proj.weight": sigma,
            "model.layers.1.self_attn.k_proj.weight": sigma,
            "model.layers.2.self_attn.v_proj.weight": sigma,
            "model.layers.2.mlp.up_proj.weight": sigma,
            "model.layers.0.self_attn.o_proj.weight": sigma / 6.0.squareRoot(),
            "model.layers.2.mlp.down_proj.weight": sigma / 6.0.squareRoot(),
            "lm_head.weight": (2.0 / (128 + 500)).squareRoot(),
        ]
        for (name, deviation) in expected {
            let found = self.deviation(try #require(parameters[name]))
            #expect(abs(found / deviation - 1) < 0.03, "\(name)")
        }
        for name in ["model.norm.weight", "model.layers.0.input_layernorm.weight"] {
            #expect(try #require(parameters[name]).values.allSatisfy { $0 == 1 })
        }
    }

    @Test("Those of the paper's model are about 0.01 and 0.001")
    func paper() {
        let sigma = (2.0 / (5 * 2048)).squareRoot()
        #expect(abs(sigma - 0.014) < 0.0005)
        #expect(abs(sigma / 48.0.squareRoot() - 0.002) < 0.0001)
    }

    @Test("A gain that is stored less one begins with 0, a bias with 0")
    func gainsAndBiases() throws {
        let gemma = SmallDecoders.all.first { $0.name == "gemma2" }?.configuration
        let parameters = ParameterSet(randomFor: try #require(gemma), seed: 1)
        #expect(try #require(parameters["model.norm.weight"]).values.allSatisfy { $0 == 0 })
        let qwen = SmallDecoders.all.first { $0.name == "qwen2" }?.configuration
        let biased = ParameterSet(randomFor: try #require(qwen), seed: 1)
        let bias = try #require(biased["model.layers.0.self_attn.q_proj.bias"])
        #expect(bias.values.allSatisfy { $0 == 0 })
    }
}
