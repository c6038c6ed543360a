// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
package import Foundation

/// Which heads are fitted, and on what: the part of a recipe that a trunk made elsewhere needs.
package struct HeadRecipe: Hashable, Sendable {
    /// Name of the bundle that comes out.
    package var name: String
    /// Tasks and whether a head is fitted for them.
    package var heads: [String: Bool]
    /// Tasks whose heads see the trunk's states beside n-grams and measures.
    package var trunkStates: [String: Bool]
    /// What heads learn from.
    package var sources: HeadSources
    /// What the trunk's own tagger counts in the probabilities of entities; nil to leave it out where heads
    /// are fitted.
    package var taggerWeight: Double?

    /// Reads these parts of a recipe, whose others may be missing and are not looked at.
    ///
    /// throws ``RecipeError`` naming file and key, or `FileError`.
    package init(file: URL) throws {
        try self.init(RecipeText(file: file).section)
    }

    /// Reads a recipe from text; `file` is its name in errors.
    package init(text: String, file: String) throws {
        try self.init(RecipeText(text: text, file: file).section)
    }

    /// Reads these parts of a recipe's top section.
    init(_ top: RecipeSection) throws {
        try top.allow(Recipe.keys)
        _ = try PublicFile.all(top)
        name = try top.string("name")
        heads = try top.section("heads")?.switches(HeadFitting.knownTasks) ?? [:]
        trunkStates = try top.trunkStates()
        let data = try top.section("data")
        try data?.allow(HeadSources.keys + ["manifest", "sources"])
        sources = try HeadSources(data, heads: heads)
        guard let tagger = try top.section("tagger") else { return }
        try tagger.allow("weight")
        let weight = try tagger.number("weight", in: 0.01...0.99)
        guard heads[EntityRecognizer.taskName] == true else {
            throw tagger.bad("weight", "left out without heads for entities")
        }
        taggerWeight = weight
    }

    /// The same parts of a whole recipe.
    init(_ recipe: Recipe) {
        name = recipe.name
        heads = recipe.heads
        trunkStates = recipe.trunkStates
        sources = recipe.headSources
    }
}

extension RecipeSection {
    /// `[trunk_states]`: tasks and whether their heads see the trunk's states.
    ///
    /// Throws ``TrainingError`` for a task whose head cannot see them.
    func trunkStates() throws -> [String: Bool] {
        guard let section = try section("trunk_states") else { return [:] }
        let wanted = try section.switches(HeadFitting.knownTasks)
        let served = HeadFitting.tasksWithStates
        if let task = wanted.keys.sorted().first(where: {
            wanted[$0] == true && !served.contains($0)
        }) {
            throw section.bad(
                task,
                "false or left out: the heads that see the trunk's states are those of "
                    + served.joined(separator: " and "))
        }
        return wanted
    }
}
