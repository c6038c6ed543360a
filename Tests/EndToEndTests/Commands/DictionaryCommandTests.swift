// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl dictionary", .timeLimit(.minutes(15)))
struct DictionaryCommandTests: CommandSubject {
    private static let terms = """
        surface,type,code,standard_name
        急性山吹熱,disease,A99,山吹熱
        両側胸水貯留,disease,J90,胸水
        ヤマブキシン錠,drug,,ヤマブキシン
        """

    static let place = prepared { folder in
        try folder.write(terms, to: "terms.csv")
        try folder.write("surface,type\n山吹熱,disease\n山吹熱,drug\n", to: "conflict.csv")
        try folder.write("surface,type\n山吹熱,disease\n靴,shoe\n", to: "bad-type.csv")
        try folder.write("山吹熱\n", to: "list.txt")
        try folder.write("急性山吹熱と両側胸水貯留を認める。\n", to: "note.txt")
        try folder.write("", to: "shoken.toml")
        try need("dictionary", "build", "--output", "site.dic", "terms.csv", in: folder)
    }

    /// SHA-256 of the dictionary of the folder, as `show` says it.
    private static func digest() throws -> String {
        let result = try Programs.run(
            "shokenctl", ["dictionary", "show", "site.dic", "--json"], in: place.get().url)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require((object as? [String: Any])?["sha256"] as? String)
    }

    static let cases: [CommandCase] = [
        .works("dictionary", "build", "--output", "again.dic", "terms.csv", "--json") { result in
            let report = try result.object()
            #expect(report["terms"] as? Int == 3 && report["output"] as? String == "again.dic")
            // The same lists give the same file.
            #expect(try report["sha256"] as? String == digest())
        },
        .works(
            "dictionary", "build", "--output", "list.dic", "--format", "disease-list", "list.txt"
        ) { #expect($0.output.contains("list.dic: 1 terms")) },
        .fails(
            "dictionary", "build", "--output", "x.dic", "absent.csv", code: 66,
            saying: "absent.csv", "ENOENT"),
        .fails(
            "dictionary", "build", "--output", "x.dic", "list.txt", code: 65,
            saying: "list.txt", "--format",
            check: { _ in
                let path = try place.get().path + "/x.dic"
                #expect(!FileManager.default.fileExists(atPath: path))
            }),
        .fails("dictionary", "build", "terms.csv", code: 64, saying: "--output"),
        .works("dictionary", "check", "terms.csv", "conflict.csv", "--json") { result in
            let report = try result.object()
            #expect(report["terms"] as? Int == 4)
            let repeated = try #require(report["repetitions"] as? [[String: Any]])
            #expect(repeated.map { $0["term"] as? String } == ["山吹熱"])
            #expect(repeated.first?["differs"] as? Bool == true)
        },
        .fails(
            "dictionary", "check", "bad-type.csv", code: 65, saying: "bad-type.csv:3", "type"),
        .works("dictionary", "show", "site.dic", "--json") { result in
            let report = try result.object()
            #expect(report["terms"] as? Int == 3 && report["coded"] as? Int == 2)
            #expect(report["types"] as? [String: Int] == ["disease": 2, "drug": 1])
        },
        .fails("dictionary", "show", "terms.csv", code: 65, saying: "terms.csv"),
        .fails("dictionary", "show", "absent.dic", code: 66, saying: "absent.dic"),
        .works(
            "dictionary", "lookup", "--user-dictionary", "site.dic", "両側胸水貯留", "--json"
        ) { result in
            let line = try result.object()
            #expect(line["by"] as? String == "exact" && line["code"] as? String == "J90")
            #expect(line["standard_name"] as? String == "胸水")
        },
        .fails(
            "dictionary", "lookup", "--user-dictionary", "site.dic", "急性山吹熱", "靴", code: 66,
            check: {
                #expect($0.output.contains("A99") && $0.output.contains("not found"))
            }),
        .fails(
            "dictionary", "lookup", "--config", "shoken.toml", "靴", code: 64,
            saying: "--user-dictionary"),
        .works("dictionary", "measure", "site.dic", "--text", "note.txt", "--json") { result in
            let report = try result.object()
            let text = try #require(report["text"] as? [String: Int])
            #expect(text["sentences"] == 1 && text["terms"] == 2)
            let frames = try #require(report["frames"] as? [[String: Any]])
            #expect(!frames.isEmpty)
            #expect(frames.allSatisfy { $0["whole"] as? Int == $0["terms"] as? Int })
        },
        .fails(
            "dictionary", "measure", "site.dic", "--text", "absent.txt", code: 66,
            saying: "absent.txt"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
