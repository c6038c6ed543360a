// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Recipes
import TestSupport
import Testing

@Suite("A data folder, compared with a recipe")
struct DataCheckTests {
    private static let recipes = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../etc/shoken/recipes").standardized

    @Test("has each file as it must be, another, none, or one that nothing is said of")
    func states() throws {
        let folder = try TemporaryFolder()
        try folder.write("甲\n", to: "data/a.txt")
        try folder.write("乙\n", to: "data/b.txt")
        try folder.write("{}\n", to: "data/own.jsonl")
        let digest = ContentDigest(of: Data("甲\n".utf8)).hexadecimal
        func described(_ file: String, _ more: String = "") -> String {
            "[[files]]\nfile = \"\(file)\"\nsha256 = \"\(digest)\"\nlicence = \"CC0\"\n\(more)\n"
        }
        let recipe = try folder.write(
            """
            name = "x"
            kind = "instruct"
            [[data.sources]]
            file = "own.jsonl"
            licence = "our own"
            [[data.sources]]
            file = "gone.jsonl"
            licence = "our own"

            """ + described("a.txt", "address = \"the village\"") + described("b.txt")
                + described("c.txt"), to: "r.toml")
        let check = try DataCheck(recipe: recipe, data: folder["data"])
        #expect(
            check.files.map(\.state) == [.same, .different, .missing, .undescribed, .missing])
        #expect(
            check.files.map(\.file) == ["a.txt", "b.txt", "c.txt", "own.jsonl", "gone.jsonl"])
        #expect(check.files.map(\.address) == ["the village", nil, nil, nil, nil])
        #expect(check.files[1].found == ContentDigest(of: Data("乙\n".utf8)).hexadecimal)
    }

    @Test(
        "of a shipped recipe finds every published file described",
        arguments: [
            "base-heads", "heads", "entity-encoder", "instruct", "shoken-base", "ncvc-slm-1",
        ])
    func shipped(name: String) throws {
        let folder = try TemporaryFolder()
        let recipe = Self.recipes.appending(path: name + ".toml")
        let check = try DataCheck(recipe: recipe, data: folder.url)
        #expect(check.count(.missing) == check.files.count && !check.files.isEmpty)
        // Each has a SHA-256, a licence and a place; what the recipe reads is described.
        #expect(check.files.allSatisfy { $0.sha256 != nil && $0.address != nil })
    }

    @Test(
        "with a fault in [[files]] names the key",
        arguments: [
            ("sha256 = \"7df2", "sha256 = \"x", "files[3].sha256"),
            ("address = \"repository ujiuji1259", "adress = \"", "files[3].adress"),
            ("file = \"dictionaries/disease.tsv\"", "file = \"/disease.tsv\"", "files[3].file"),
        ])
    func faults(_ old: String, _ new: String, _ key: String) throws {
        let file = Self.recipes.appending(path: "base-heads.toml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let place = try #require(text.range(of: old))
        let error = #expect(throws: RecipeError.self) {
            try HeadRecipe(text: text.replacingCharacters(in: place, with: new), file: "r.toml")
        }
        #expect(error?.explanation.contains(key) == true, "\(String(describing: error))")
    }
}
