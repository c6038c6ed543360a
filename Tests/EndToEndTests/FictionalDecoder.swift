// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors
import Training
import WeightFiles

/// A small Llama of random weights, without a tokenizer, and adapters for it.
struct FictionalDecoder {
    let configuration: DecoderConfiguration

    /// Writes `config.json` and `model.safetensors` into a folder that is there.
    init(writtenTo folder: URL) throws {
        let file = folder.appending(path: "config.json")
        try Data(
            """
            {"model_type":"llama","architectures":["LlamaForCausalLM"],"vocab_size":96,
             "hidden_size":128,"intermediate_size":512,"num_hidden_layers":2,
             "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":64,
             "rms_norm_eps":1e-5,"rope_theta":10000,"hidden_act":"silu",
             "tie_word_embeddings":false,"torch_dtype":"float32","bos_token_id":1,
             "eos_token_id":2}
            """.utf8
        ).write(to: file)
        configuration = try DecoderConfiguration(file: file)
        try SafetensorsWriter.write(
            ParameterSet(randomFor: configuration, seed: 4).named().mapValues { tensor in
                // Large enough that tokens are chosen clearly.
                Tensor(shape: tensor.shape, values: tensor.values.map { $0 * 6 })
            }, storage: .float32, to: folder.appending(path: "model.safetensors"))
    }

    /// Writes an adapter that changes all layers much.
    func writeAdapter(to folder: URL, seed: Int) throws {
        var pairs: [String: LowRankPair] = [:]
        for module in configuration.adapterModules where module.name.hasSuffix("_proj") {
            var generator = SplitMix64(seed: UInt64(seed), stream: UInt64(pairs.count))
            func random(_ rows: Int, _ columns: Int) -> Tensor {
                Tensor(
                    shape: [rows, columns],
                    values: (0..<rows * columns).map { _ in Float(generator.normal() * 0.4) })
            }
            pairs[module.name] = LowRankPair(
                down: random(2, module.columns), up: random(module.rows, 2))
        }
        try Adapter(
            settings: AdapterSettings(rank: 2, alpha: 2, targets: .all), pairs: pairs
        ).write(to: folder)
    }
}
