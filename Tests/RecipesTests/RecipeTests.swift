// SPDX-License-Identifier: Apache-2.0
import Foundation
import Recipes
import Testing

@Suite("A recipe")
struct RecipeTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../etc/shoken/recipes/shoken-base.toml").standardized

    private func text() throws -> String { try String(contentsOf: Self.file, encoding: .utf8) }

    @Test("of the default model is read, and uses no text without a stated licence")
    func base() throws {
        let recipe = try Recipe(file: Self.file)
        #expect(recipe.model.parameterCount == 12_717_312)
        #expect(recipe.phases.map(\.objective) == [.causal, .maskedNext])
        #expect(recipe.sources.allSatisfy { $0.licence.hasPrefix("CC BY") })
        #expect(!recipe.sources.contains { $0.file.contains("side-effect") })
    }

    @Test("leaves out text by licence")
    func licences() throws {
        let text = try text().replacingOccurrences(
            of: "exclude_licences = []", with: "exclude_licences = [\"CC BY-NC-SA 4.0\"]")
        let recipe = try Recipe(text: text, file: "r.toml")
        #expect(!recipe.sources.isEmpty)
        #expect(!recipe.sources.contains { $0.licence == "CC BY-NC-SA 4.0" })
    }

    @Test(
        "with a fault names file and key",
        arguments: [
            ("hidden_size = 256", "hidden_sise = 256", "model.hidden_sise"),
            ("head_dim = 32", "head_dim = 31", "model.head_dim"),
            ("objective = \"causal\"", "objective = \"casual\"", "pretraining.phases[0].objective"),
            ("batch_tokens = 4096", "batch_tokens = 4000", "pretraining.phases[0].batch_tokens"),
            (
                "name = \"language\"", "name = \"language\"\nprecision = \"f16\"",
                "pretraining.phases[0].precision"
            ),
            ("medical = 2 }", "medicine = 2 }", "pretraining.phases[1].weights.medicine"),
            ("text/wikinews.txt", "../wikinews.txt", "data.sources[13].file"),
            ("[trunk_states]", "[trunk_states]\nsimilarity = true", "trunk_states.similarity"),
        ])
    func faults(_ old: String, _ new: String, _ key: String) throws {
        let text = try text()
        let range = try #require(text.range(of: old))
        let error = #expect(throws: RecipeError.self) {
            try Recipe(text: text.replacingCharacters(in: range, with: new), file: "r.toml")
        }
        #expect(error?.place == "r.toml \(key)")
    }

    @Test(
        "that wants the trunk's states for a task that is never given them says which are",
        arguments: ["similarity", "tnm", "symptoms"])
    func states(task: String) throws {
        func text(_ value: Bool) -> String {
            "name = \"x\"\n[trunk_states]\nentities = true\n\(task) = \(value)"
        }
        let error = #expect(throws: RecipeError.self) {
            try HeadRecipe(text: text(true), file: "r.toml")
        }
        guard case .badValue("r.toml", "trunk_states.\(task)", let expected) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(expected.contains("entities and adverse-events"))
        let recipe = try HeadRecipe(text: text(false), file: "r.toml")
        #expect(recipe.trunkStates == ["entities": true, task: false])
    }

    @Test("is the same run in every process, whatever the order of its weights")
    func identity() throws {
        var recipe = try Recipe(file: Self.file)
        let names = (0..<40).map { "group\($0)" }
        recipe.phases[0].weights = Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })
        let identity = recipe.pretrainingIdentity(recipe.model, sources: ["x"])
        let weights = try #require(identity["pretraining.language.weights"])
        let places = names.sorted().compactMap { weights.range(of: "\"\($0)\"")?.lowerBound }
        #expect(places.count == 40)
        #expect(places == places.sorted())
        recipe.phases[0].weights["group7"] = 2
        recipe.model.hiddenSize = 64
        let other = recipe.pretrainingIdentity(recipe.model, sources: ["y"])
        #expect(
            other.differences(from: identity) == [
                "data.text/case-reports.txt", "model.hiddenSize", "pretraining.language.weights",
            ])
    }

    @Test(
        "with a key that means nothing names the known one that is spelt most like it",
        arguments: [
            ("hidden_size = 256", "hiden_size = 256", "hidden_size"),
            ("seed = 20260716", "sede = 1\nseed = 2", "seed"),
            ("medical = 2 }", "medcial = 2 }", "medical"),
            ("keep = 2", "keep = 2\nfrequency = 3", nil),
        ])
    func spelling(_ old: String, _ new: String, _ nearest: String?) throws {
        let text = try text()
        let range = try #require(text.range(of: old))
        let error = #expect(throws: RecipeError.self) {
            try Recipe(text: text.replacingCharacters(in: range, with: new), file: "r.toml")
        }
        guard case .unknownKey(_, _, let found) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == nearest)
    }

    @Test("says when it is measured and what is done about trouble")
    func sections() throws {
        let added = """
            [validation]
            share = 0.02
            every_steps = 50
            patience = 4
            [stability]
            on_spike = "stop"
            spike_factor = 2.5

            [heads]
            """
        let text = try text().replacingOccurrences(of: "[heads]", with: added)
        let recipe = try Recipe(text: text, file: "r.toml")
        let validation = try #require(recipe.validation)
        #expect(validation.share == 0.02)
        #expect(validation.settings.patience == 4)
        #expect(validation.settings.keepsBest)
        #expect(recipe.stability.action == .stop)
        #expect(recipe.stability.spikeFactor == 2.5)
        #expect(try Recipe(file: Self.file).validation == nil)
    }

    @Test("that is no TOML names the line")
    func syntax() {
        let error = #expect(throws: RecipeError.self) {
            try Recipe(text: "name = \"a\"\nseed = = 3\n", file: "r.toml")
        }
        #expect(error?.place == "r.toml 2")
    }
}

extension RecipeError {
    /// File and key, or line, of a fault in a recipe.
    fileprivate var place: String? {
        switch self {
        case .unknownKey(let file, let key, _), .missingKey(let file, let key),
            .badValue(let file, let key, _):
            "\(file) \(key)"
        case .recipeSyntax(let file, let line, _): "\(file) \(line)"
        default: nil
        }
    }
}
