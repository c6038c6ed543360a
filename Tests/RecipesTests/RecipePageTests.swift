// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Recipes

@Suite("The page of recipes")
struct RecipePageTests {
    /// The recipes in EXAMPLES of shoken-recipe(5).
    static func examples() throws -> [String] {
        let page = try String(
            contentsOf: URL(filePath: #filePath).appending(path: "../../../man/shoken-recipe.5")
                .standardized,
            encoding: .utf8)
        let part = page.components(separatedBy: "\n.Sh EXAMPLES\n").last ?? ""
        return part.components(separatedBy: "\n.Bd -literal -offset indent\n").dropFirst()
            .map { $0.components(separatedBy: "\n.Ed")[0] }
            .filter { $0.hasPrefix("name = ") }
    }

    @Test("its examples are recipes, one of each kind")
    func examplesAreRead() throws {
        var kinds: Set<RecipeKind> = []
        for text in try Self.examples() {
            let kind = try RecipeText(text: text, file: "example").section.recipeKind()
            kinds.insert(kind)
            switch kind {
            case .pretrain where text.contains("[model]"):
                _ = try Recipe(text: text, file: "example")
            case .pretrain: _ = try HeadRecipe(text: text, file: "example")
            case .encoder: _ = try TuningRecipe(text: text, file: "example")
            case .instruct: _ = try InstructionRecipe(text: text, file: "example")
            }
        }
        #expect(kinds == Set(RecipeKind.allCases))
    }
}
