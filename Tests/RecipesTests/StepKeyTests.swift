// SPDX-License-Identifier: Apache-2.0
import Testing
import Training

@testable import Recipes

@Suite("The keys of a step, in every kind of recipe")
struct StepKeyTests {
    @Test("warming up is the same by share and by number of steps")
    func warmup() throws {
        let pretraining = try ["warmup_fraction = 0.07", "warmup_steps = 14"].map {
            try KeyedRecipe.pretraining($0)
        }
        #expect(pretraining.allSatisfy { $0.steps == 200 && $0.warmupSteps == 14 })
        for lines in ["warmup_fraction = 0.07", "warmup_steps = 14"] {
            #expect(try KeyedRecipe.tuning(lines).warmup.steps(of: 200) == 14)
            #expect(try KeyedRecipe.instruction(lines).warmup.steps(of: 200) == 14)
        }
        #expect(try KeyedRecipe.pretraining("").warmupSteps == 6)
        #expect(try KeyedRecipe.tuning("").warmup.steps(of: 200) == 20)
        #expect(try KeyedRecipe.instruction("").warmup.steps(of: 200) == 50)
    }

    @Test("both keys of warming up at once are refused by name, in every kind")
    func both() throws {
        let lines = "warmup_fraction = 0.07\nwarmup_steps = 14"
        func refused(_ section: String, _ read: (String) throws -> Void) {
            let error = RecipeError.conflictingKeys(
                file: "r.toml", first: "\(section).warmup_fraction",
                second: "\(section).warmup_steps")
            #expect(throws: error) { try read(lines) }
        }
        refused("pretraining.phases[0]") { _ = try KeyedRecipe.pretraining($0) }
        refused("training") { _ = try KeyedRecipe.tuning($0) }
        refused("training") { _ = try KeyedRecipe.instruction($0) }
    }

    @Test("warming up for more steps than the run has is refused, in every kind")
    func tooLong() throws {
        func refused(_ section: String, _ read: (String) throws -> Void) throws {
            try read("warmup_steps = 200")
            let error = RecipeError.badValue(
                file: "r.toml", key: "\(section).warmup_steps",
                expected: "a whole number from 0 to 200")
            #expect(throws: error) { try read("warmup_steps = 201") }
        }
        try refused("pretraining.phases[0]") { _ = try KeyedRecipe.pretraining($0) }
        try refused("training") { _ = try KeyedRecipe.tuning($0) }
        try refused("training") { _ = try KeyedRecipe.instruction($0) }
    }

    @Test("warming up of a run that is cut short fits into it")
    func cut() throws {
        #expect(try KeyedRecipe.instruction("").warmup.limited(to: 10).steps(of: 10) == 10)
        let share = try KeyedRecipe.instruction("warmup_fraction = 0.1").warmup
        #expect(share.limited(to: 10).steps(of: 10) == 1)
    }

    @Test("their parts of a run's identity have the names by which checkpoints know them")
    func identity() throws {
        var identity = RunIdentity()
        let phase = try KeyedRecipe.pretraining("")
        identity.add(phase, warmup: phase.warmup, as: "phase")
        let tuning = try KeyedRecipe.tuning("")
        identity.add(tuning, warmup: tuning.warmup, as: "tuning")
        let instruction = try KeyedRecipe.instruction("")
        identity.add(instruction, warmup: instruction.warmup, as: "instruction")
        let parts = identity.parts.filter { $0.key.lowercased().contains("warmup") }
        #expect(
            parts == [
                "phase.warmupFraction": "0.03", "tuning.warmupFraction": "0.1",
                "instruction.warmupSteps": "50",
            ])
    }

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
