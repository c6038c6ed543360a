// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText
import ModelBundle
import Recipes
import TestSupport
import Testing

@Suite("What heads learn from")
struct HeadSourcesTests {
    /// A published row of symptoms about a text in a fold.
    private static func message(_ text: String, fold: Int) -> String {
        """
        {"id":"x","task":"smdis","tag":"fever","question":"","options":["a","b"],"answer":"A",\
        "doc":"\(text)","doc_id":"\(text)","fold":\(fold)}

        """
    }

    private static func fitting(_ data: String, own: String, in folder: TemporaryFolder) throws
        -> HeadFitting
    {
        try folder.write(own, to: "own.jsonl")
        let published = (0..<5).map { message("投稿\($0)、熱が出た。", fold: $0) }.joined()
        try folder.write(published, to: "jmed-llm/train/smdis.jsonl")
        let text = """
            name = "x"
            [data]
            \(data)
            [[data.rows]]
            file = "own.jsonl"
            licence = "our own"
            kind = "other"
            [heads]
            symptoms = true
            """
        return HeadFitting(
            try HeadRecipe(text: text, file: "r.toml"), data: folder.url,
            analyzer: TextAnalyzer(analyzer: try MorphologicalAnalyzer()), stateWidth: 0
        ) { _ in [] }
    }

    private static let row = #"{"text":"新しい投稿。","fold":3,"symptoms":{"fever":true}}"# + "\n"
    /// The text of a published row in fold 2, in other widths and with white space.
    private static let copy =
        #"{"text":"投稿２、 熱が出た。","fold":0,"symptoms":{"fever":false,"cough":true}}"# + "\n"

    @Test("is one's own rows beside the published ones, of which they replace what they say, too")
    func mixed() throws {
        let folder = try TemporaryFolder()
        let sources = try Self.fitting("", own: Self.row + Self.copy, in: folder).sources()
        #expect(sources.map(\.name) == ["jmed-llm/train/smdis.jsonl", "own.jsonl"])
        #expect(sources.map(\.rows) == [4, 2] && sources[1].licence == "our own")
        #expect(sources[1].usedFor == ["symptoms"])
    }

    @Test("leaves a fold out by documents, whatever fold their rows say")
    func heldOut() throws {
        for (fold, rows) in [(2, [4, 1]), (3, [3, 1]), (0, [3, 2])] {
            let folder = try TemporaryFolder()
            let sources = try Self.fitting(
                "hold_out = \(fold)", own: Self.row + Self.copy, in: folder
            ).sources()
            #expect(sources.map(\.rows) == rows, "fold \(fold)")
        }
    }

    @Test("can be one's own rows alone; a task without rows is an error")
    func alone() throws {
        let folder = try TemporaryFolder()
        let fitting = try Self.fitting("published = \"none\"", own: Self.row, in: folder)
        #expect(try fitting.sources().map(\.name) == ["own.jsonl"])
        let other = #"{"text":"発熱","kind":"nursing","spans":[]}"# + "\n"
        let empty = try Self.fitting("published = \"none\"", own: other, in: folder)
        #expect(throws: OwnRowsError.noRows(task: "symptoms")) { try empty.fit { _ in } }
    }

    @Test("makes a golden set of what was left out, if that can be one")
    func golden() throws {
        let folder = try TemporaryFolder()
        let data = "published = \"none\"\nhold_out = 3\ngolden = true"
        let mention =
            #"{"text":"発熱あり。","kind":"nursing","fold":3,"spans":[{"start":0,"end":2,"label":"disease","certainty":"positive","level":2}]}"#
            + "\n"
        let files = try Self.fitting(data, own: Self.row + mention, in: folder).files()
        let golden = try #require(files["golden.jsonl"])
        #expect(
            String(decoding: golden, as: UTF8.self) == """
                {"entities":[{"certainty":"positive","level":2,"start":0,"text":"発熱","type":"disease"}],"kind":"nursing","text":"発熱あり。"}

                """)
        let none = try Self.fitting(data, own: Self.row, in: folder)
        #expect(throws: OwnRowsError.noGoldenRows(fold: 3)) { try none.files() }
    }
}
