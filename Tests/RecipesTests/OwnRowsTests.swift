// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import Recipes
import TestSupport
import Testing

@Suite("Rows of one's own for heads")
struct OwnRowsTests {
    private static func read(
        _ content: String, as name: String = "rows.jsonl", tasks: Set<OwnRowTask>? = nil,
        kind: DocumentKind? = nil
    ) throws -> [OwnRow] {
        let folder = try TemporaryFolder()
        try folder.write(content, to: name)
        return try OwnRowsFile(file: name, licence: "our own", tasks: tasks, kind: kind)
            .read(below: folder.url)
    }

    @Test("say mentions, levels, stages, pairs and symptoms")
    func fields() throws {
        let rows = try Self.read(
            """
            {"kind":"nursing","text":"朝より発熱あり。","fold":3,"spans":[{"start":3,"end":5,"label":"disease","text":"発熱","certainty":"positive","subject":"patient","level":2}],"annotated":["disease"],"document_id":7,"reviewed":true,"reviewers":["甲"]}

            {"kind":"radiology","text":"右肺癌。","tnm":{"t":"T2a","n":"N0","m":"M1c2","stage":"IVB"}}
            {"text":"発熱あり。","second":"熱がある。","similarity":4}
            {"kind":"case-report","text":"皮疹が出現。","entity":"皮疹","role":"disease","level":3,"symptoms":{"fever":false}}
            """)
        #expect(rows.map(\.line) == [1, 3, 4, 5])
        let mention = try #require(rows[0].mentions?.first)
        #expect(mention.range == SourceRange(start: 3, end: 5) && mention.type == .disease)
        #expect(mention.certainty == .positive && mention.subject == .patient)
        #expect(rows[0].annotated == [.disease] && rows[0].fold == 3)
        #expect(rows[0].grades == [.init(surface: "発熱", role: .disease, level: .probable)])
        #expect(rows[1].categories == [.t: "T2a", .n: "N0", .m: "M1c2"] && rows[1].stage == "IVB")
        #expect(rows[2].similarity == 4 && rows[2].second == "熱がある。")
        #expect(rows[3].grades.map(\.level) == [.certain] && rows[3].symptoms == [.fever: false])
        #expect(
            rows.map { row in OwnRowTask.allCases.filter(row.serves) } == [
                [.entities, .adverseEvents], [.tnm], [.similarity], [.adverseEvents, .symptoms],
            ])
    }

    @Test("are read from tables, in encodings of spreadsheets, too")
    func tables() throws {
        let folder = try TemporaryFolder()
        let table = """
            text,kind,t,n,m,entity,role,level,spans
            右肺癌。,radiology,T1b,N0,M0,,,,
            皮疹が出現。,case-report,,,,皮疹,disease,2,
            朝より発熱あり。,nursing,,,,,,,"[{""start"":3,""end"":5,""label"":""disease""}]"
            """
        try #require(table.data(using: .shiftJIS)).write(to: folder["rows.csv"])
        let rows = try OwnRowsFile(file: "rows.csv", licence: "x").read(below: folder.url)
        #expect(rows[0].categories == [.t: "T1b", .n: "N0", .m: "M0"] && rows[0].mentions == nil)
        #expect(rows[1].grades == [.init(surface: "皮疹", role: .disease, level: .probable)])
        #expect(rows[2].mentions?.map(\.range) == [SourceRange(start: 3, end: 5)])
        let error = #expect(throws: OwnRowsError.self) {
            try Self.read("text,kidn\n発熱,nursing\n", as: "rows.csv")
        }
        #expect(error?.explanation.contains("kidn") == true)
        #expect(error?.explanation.contains("kind") == true)
    }

    @Test("that cannot be used are named by line, with what is right, without their text")
    func faults() throws {
        let bad: [(row: String, says: [String])] = [
            ("{", ["not a JSON object"]),
            (#"{"kind":"nursing","text":" ","spans":[]}"#, ["text"]),
            (#"{"kind":"nursing","text":"秘密"}"#, ["spans, tnm, level"]),
            (#"{"kind":"ward","text":"秘密","spans":[]}"#, ["kind", "nursing", "other"]),
            (#"{"text":"秘密","spans":[]}"#, ["kind", "nursing"]),
            (#"{"kind":"nursing","text":"秘密","spam":[]}"#, ["spam", "spans"]),
            (
                #"{"kind":"nursing","text":"秘密","spans":[{"start":0,"end":3,"label":"disease"}]}"#,
                ["spans[0]", "2"]
            ),
            (
                #"{"kind":"nursing","text":"秘密","spans":[{"start":0,"end":2,"label":"finding"}]}"#,
                ["spans[0].label", "disease, drug or dose"]
            ),
            (
                #"{"kind":"nursing","text":"秘密","spans":[{"start":0,"end":2,"label":"drug"},{"start":1,"end":2,"label":"dose"}]}"#,
                ["overlap"]
            ),
            (
                #"{"kind":"nursing","text":"秘密","spans":[{"start":0,"end":1,"label":"drug","certainty":"sure"}]}"#,
                ["certainty", "positive, suspicious, negative or general"]
            ),
            (
                #"{"kind":"nursing","text":"秘密","spans":[{"start":0,"end":1,"label":"drug"}],"annotated":["disease"]}"#,
                ["annotated: disease"]
            ),
            (
                #"{"kind":"nursing","text":"秘密","entity":"別","role":"drug","level":1}"#,
                ["entity", "words of the text"]
            ),
            (
                #"{"kind":"nursing","text":"秘密","entity":"秘","role":"drug","level":4}"#,
                ["level", "0 to 3"]
            ),
            (
                #"{"kind":"radiology","text":"秘密","tnm":{"t":"T5"}}"#,
                ["tnm.t", "T0, T1, T2, T3 or T4"]
            ),
            (#"{"text":"秘密","second":"秘","similarity":6}"#, ["similarity", "0 to 5"]),
            (#"{"text":"秘密","similarity":5}"#, ["second"]),
            (#"{"kind":"other","text":"秘密","symptoms":{"fewer":true}}"#, ["fewer", "fever"]),
            (#"{"kind":"other","text":"秘密","text":"秘","spans":[]}"#, ["text", "twice"]),
        ]
        for (row, says) in bad {
            let good = #"{"kind":"nursing","text":"秘密なし。","spans":[]}"#
            let error = #expect(throws: OwnRowsError.self, "\(row)") {
                try Self.read([good, row].joined(separator: "\n"))
            }
            let words = error?.explanation ?? ""
            #expect(words.hasPrefix("rows.jsonl, line 2: "), "\(words)")
            for part in says { #expect(words.contains(part), "\(part): \(words)") }
            #expect(!words.contains("秘密"))
        }
        let many = #expect(throws: OwnRowsError.self) {
            try Self.read([String](repeating: "{", count: 25).joined(separator: "\n"))
        }
        #expect(many?.explanation.contains("line 20") == true)
        #expect(many?.explanation.hasSuffix("and 5 more") == true)
        #expect(throws: OwnRowsError.nothing(file: "rows.jsonl", task: .tnm)) {
            try Self.read(
                #"{"kind":"nursing","text":"発熱","spans":[]}"#, tasks: [.entities, .tnm])
        }
    }

    @Test(
        "in a recipe with a fault name the key",
        arguments: [
            ("licence = \"our own\"", "", "data.rows[0].licence"),
            ("\"ward.jsonl\"", "\"../ward.jsonl\"", "data.rows[0].file"),
            ("[\"entities\"]", "[\"entity\"]", "data.rows[0].tasks"),
            ("[\"entities\"]", "[\"tnm\"]", "data.rows[0].tasks"),
            ("kind = \"nursing\"", "kind = \"ward\"", "data.rows[0].kind"),
            ("published = \"none\"", "published = \"no\"", "data.published"),
            ("hold_out = 0", "hold_out = 5", "data.hold_out"),
            ("hold_out = 0", "", "data.golden"),
            ("golden = true", "goldne = true", "data.goldne"),
        ])
    func keys(_ old: String, _ new: String, _ key: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../etc/shoken/recipes/own-heads.toml").standardized
        let text = try String(contentsOf: file, encoding: .utf8)
        let recipe = try HeadRecipe(text: text, file: "r.toml")
        #expect(recipe.sources.own.map(\.licence) == ["our own"] && recipe.sources.holdOut == 0)
        try #require(text.contains(old))
        let error = #expect(throws: RecipeError.self) {
            try HeadRecipe(text: text.replacing(old, with: new), file: "r.toml")
        }
        #expect(error?.explanation.contains(key) == true, "\(String(describing: error))")
    }
}
