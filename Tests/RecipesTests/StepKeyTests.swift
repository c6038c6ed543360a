import Recipes
import Testing

@Suite("The keys of a step, in every kind of recipe")
struct StepKeyTests {
    @Test("its size in another kind's unit is refused, naming the key of this kind")
    func units() throws {
        func refused(_ key: String, unit: StepUnit, _ read: () throws -> Void) {
            #expect(throws: RecipeError.stepUnit(file: "r.toml", key: key, unit: unit)) {
                try read()
            }
        }
        for key in ["batch_rows", "batch_texts"] {
            refused("pretraining.phases[0].\(key)", unit: .tokens) {
                _ = try KeyedRecipe.pretraining("\(key) = 8")
            }
        }
        for key in ["batch_tokens", "batch_texts"] {
            refused("training.\(key)", unit: .rows) {
                _ = try KeyedRecipe.instruction("\(key) = 8")
            }
        }
        for key in ["batch_tokens", "batch_rows"] {
            refused("training.\(key)", unit: .texts) {
                _ = try KeyedRecipe.tuning("\(key) = 8")
            }
        }
    }
}

/// The smallest recipe of each kind, with 200 steps, that takes further lines for what is said of a step.
private enum KeyedRecipe {
    static func pretraining(_ lines: String) throws -> PretrainingPhase {
        let recipe = try Recipe(
            text: """
                name = "x"
                seed = 1
                [[data.sources]]
                file = "a.txt"
                licence = "CC0"
                group = "general"
                [tokenizer]
                vocabulary_size = 64
                [model]
                hidden_size = 16
                intermediate_size = 32
                num_hidden_layers = 1
                num_attention_heads = 2
                num_key_value_heads = 1
                head_dim = 8
                max_position_embeddings = 16
                [[pretraining.phases]]
                name = "first"
                objective = "causal"
                tokens = 25600
                batch_tokens = 128
                context = 16
                learning_rate = 0.01
                \(lines)
                """, file: "r.toml")
        return recipe.phases[0]
    }

    static func tuning(_ lines: String) throws -> TuningSettings {
        try TuningRecipe(
            text: """
                name = "x"
                kind = "encoder"
                seed = 1
                [trunk]
                directory = "model"
                [[heads]]
                name = "a"
                kind = "masked"
                files = ["raw.txt"]
                [training]
                steps = 200
                learning_rate = 0.01
                \(lines)
                """, file: "r.toml"
        ).training
    }

    static func instruction(_ lines: String) throws -> InstructionTuning {
        try InstructionRecipe(
            text: """
                name = "x"
                kind = "instruct"
                seed = 1
                [base]
                model = "base"
                [[data.sources]]
                file = "rows.jsonl"
                licence = "CC0"
                task = "ward"
                [training]
                steps = 200
                batch_rows = 4
                context = 32
                \(lines)
                """, file: "r.toml"
        ).tuning
    }
}
