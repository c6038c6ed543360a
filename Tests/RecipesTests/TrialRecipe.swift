// SPDX-License-Identifier: Apache-2.0
import Recipes

/// Recipes of small pre-training runs.
enum TrialRecipe {
    /// A network of two narrow layers that learns first the next token and then hidden ones.
    ///
    /// `model`, `first` and `second` are further lines of those tables, `more` further tables.
    static func read(
        model: String = "", first: String, second: String, more: String = ""
    ) throws -> Recipe {
        try Recipe(
            text: """
                name = "trial"
                seed = 3
                [[data.sources]]
                file = "a.txt"
                licence = "CC0"
                group = "general"
                [tokenizer]
                vocabulary_size = 64
                [model]
                hidden_size = 16
                intermediate_size = 32
                num_hidden_layers = 2
                num_attention_heads = 2
                num_key_value_heads = 1
                head_dim = 8
                max_position_embeddings = 16
                \(model)
                [[pretraining.phases]]
                name = "first"
                objective = "causal"
                batch_tokens = 128
                context = 16
                learning_rate = 0.01
                \(first)
                [[pretraining.phases]]
                name = "second"
                objective = "masked-next"
                batch_tokens = 128
                context = 16
                learning_rate = 0.01
                \(second)
                \(more)
                """, file: "trial.toml")
    }
}
