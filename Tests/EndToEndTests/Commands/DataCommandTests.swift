// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import TestSupport
import Testing

@Suite("shokenctl data", .timeLimit(.minutes(5)))
struct DataCommandTests: CommandSubject {
    /// A folder that is as a recipe says, one in which a file is another, and one that lacks one.
    static let place = prepared { folder in
        let digest = ContentDigest(of: Data("甲\n".utf8)).hexadecimal
        try folder.write(
            """
            name = "x"
            [[files]]
            file = "a.txt"
            sha256 = "\(digest)"
            licence = "CC0"
            address = "the village"
            [[files]]
            file = "b.txt"
            sha256 = "\(digest)"
            licence = "MIT"
            """, to: "r.toml")
        try folder.write("name = \"x\"\n", to: "none.toml")
        for name in ["good", "changed", "lacking"] { try folder.write("甲\n", to: "\(name)/a.txt") }
        try folder.write("甲\n", to: "good/b.txt")
        try folder.write("乙\n", to: "changed/b.txt")
    }

    static let cases: [CommandCase] = [
        .works("data", "check", "good", "--recipe", "r.toml") {
            #expect($0.output.contains("the village") && $0.output.contains("MIT"))
            #expect($0.output.contains("no public address is known"))
        },
        .works("data", "check", "good", "--recipe", "r.toml", "--json") { result in
            let report = try result.object()
            #expect(report["ok"] as? Int == 2 && report["missing"] as? Int == 0)
            let files = try #require(report["files"] as? [[String: Any]])
            #expect(files.allSatisfy { $0["found"] as? String == $0["sha256"] as? String })
        },
        .fails("data", "check", "changed", "--recipe", "r.toml", "--json", code: 65) { result in
            let report = try result.object()
            #expect(report["ok"] as? Int == 1 && report["different"] as? Int == 1)
        },
        .fails("data", "check", "lacking", "--recipe", "r.toml", code: 66) {
            #expect($0.output.contains("missing"))
        },
        .fails("data", "check", "absent", "--recipe", "r.toml", code: 66, saying: "absent"),
        .fails("data", "check", "good", "--recipe", "none.toml", code: 78, saying: "[[files]]"),
        .fails("data", "check", "good", "--recipe", "absent.toml", code: 66, saying: "absent.toml"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
