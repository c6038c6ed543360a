// SPDX-License-Identifier: Apache-2.0
import Foundation
package import LanguageModel
import Tensors
import TestSupport
import WeightFiles

/// Small models with random weights, made in the test.
package enum RandomModel {
    /// A decoder whose logits differ enough between tokens to be told apart.
    ///
    /// `fields` are added to those of a Llama's `config.json`, or replace them. All weights of the
    /// tensor `damaged` are no number.
    package static func make(
        vocabulary: Int = 96, context: Int = 1024, width: Int = 32, feedForward: Int = 64,
        layers: Int = 2, seed: UInt64 = 1, fields: [String: Any] = [:],
        damaged: String? = nil
    ) throws -> DecoderModel {
        let folder = try TemporaryFolder()
        var config: [String: Any] = [
            "model_type": "llama", "vocab_size": vocabulary, "hidden_size": width,
            "intermediate_size": feedForward, "num_hidden_layers": layers,
            "num_attention_heads": 4, "num_key_value_heads": 2, "rms_norm_eps": 1e-5,
            "rope_theta": 10000, "max_position_embeddings": context, "hidden_act": "silu",
            "tie_word_embeddings": false, "bos_token_id": 0, "eos_token_id": 1,
            "torch_dtype": "float32",
        ]
        for (key, value) in fields { config[key] = value }
        let json = try JSONSerialization.data(withJSONObject: config)
        try folder.write(json, to: "config.json")
        let configuration = try DecoderConfiguration(json: json, name: "config.json")
        var random = SeededNumbers(seed: seed)
        var tensors: [String: Tensor] = [:]
        for entry in configuration.storedTensors {
            let columns = entry.shape.last ?? 1
            let values = (0..<entry.shape.reduce(1, *)).map { _ -> Float in
                let number = random.signed()
                return entry.shape.count == 1
                    ? 1 + 0.2 * number : 2 * number / Float(columns).squareRoot()
            }
            tensors[entry.name] = Tensor(
                shape: entry.shape,
                values: entry.name == damaged ? values.map { _ in .nan } : values)
        }
        try SafetensorsWriter.write(tensors, to: folder["model.safetensors"])
        return try DecoderModel(directory: folder.url)
    }

    /// Token ids below `vocabulary`, the same for the same seed.
    package static func tokens(_ count: Int, vocabulary: Int = 96, seed: UInt64) -> [Int32] {
        var random = SeededNumbers(seed: seed)
        return (0..<count).map { _ in Int32(random.number(below: vocabulary)) }
    }
}
