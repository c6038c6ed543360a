// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl model, on bundles", .timeLimit(.minutes(15)))
struct ModelBundleCommandTests: CommandSubject {
    /// The bundles of `models/` do not change but for which is active; those of `others/` are its copy,
    /// where a rollback leads from `two` to `one`, and those of `gated/`, of whose site there is a golden set that none of
    /// them answers.
    static let place = prepared { folder in
        let database = "[database]\nfile = \"shoken.db\"\n"
        for name in ["models", "others"] {
            try folder.write(
                database + "[models]\ndirectory = \"\(name)\"\n", to: name + ".toml")
        }
        try FictionalCheckpoint(.bert).write(to: folder["published"])
        try FictionalInstructModel.write("ward", in: folder)
        try folder.write("[labels]\na = \"ignore\"\n", to: "labels.toml")
        try folder.write("| task | F1 |\n|---|---|\n| entities | 0.123 |\n", to: "scores.md")
        // Of drugs that score 0.1 to 0.9, the upper half is right nine times in ten, the lower once in two.
        let lines = (0..<600).map { number in
            let score = 0.1 + 0.8 * Double(number % 97) / 97
            let isRight = score < 0.5 ? number % 2 == 0 : number % 10 > 0
            return """
                {"task":"entities","type":"drug","fold":\(number % 5),"document":"d\(number)",\
                "score":\(score),"right":\(isRight)}
                """
        }
        try folder.write(lines.joined(separator: "\n"), to: "held.jsonl")
        try folder.write(
            #"{"task":"smdis","type":"fever","fold":0,"document":"d","score":0.5,"right":true}"#,
            to: "other.jsonl")
        let files = FileManager.default
        try files.createDirectory(at: folder["models"], withIntermediateDirectories: false)
        for name in ["one", "two", "changed", "scored", "sure"] {
            try importBundle(name, in: folder)
        }
        let file = folder["models/changed/vocab.txt"]
        var content = try Data(contentsOf: file)
        content[content.count - 2] ^= 1
        try content.write(to: file)
        try folder.write("{}", to: "models/damaged/shoken.json")
        for name in ["one", "two"] {
            try need("model", "activate", name, "--config", "models.toml", in: folder)
        }
        try files.copyItem(at: folder["models"], to: folder["others"])
        try files.copyItem(at: folder["models"], to: folder["gated"])
        for name in ["stopped", "ended"] {
            try files.copyItem(at: folder["models"], to: folder[name])
            try folder.write("two\n0.5\n", to: "\(name)/shadow")
            try folder.write(
                database + "[models]\ndirectory = \"\(name)\"\n", to: name + ".toml")
        }
        try folder.write(
            """
            {"kind": "nursing", "text": "そわそわあり。", "entities": [{"type": "disease", "text": "そわそわ"}]}
            """, to: "golden.jsonl")
        try folder.write(
            database + "[models]\ndirectory = \"gated\"\ngolden = [\"golden.jsonl\"]\n",
            to: "gated.toml")
    }

    private static func importBundle(_ name: String, in folder: TemporaryFolder) throws {
        try need(
            "model", "import", "--from", "published", "--labels", "labels.toml", "--name", name,
            "--config", "models.toml", in: folder)
    }

    static let cases: [CommandCase] = [
        .works("model", "list", "--config", "others.toml", "--json") { result in
            let bundles = try result.list()
            let names = bundles.compactMap { $0["name"] as? String }
            #expect(Set(names).isSuperset(of: ["one", "two", "damaged"]))
            let damaged = try #require(bundles.first { $0["name"] as? String == "damaged" })
            #expect(damaged["error"] is String)
            let one = try #require(bundles.first { $0["name"] as? String == "one" })
            #expect(one["error"] == nil && one["tasks"] as? [String] == ["entities"])
            #expect(one["licence"] as? String == "apache-2.0")
        },
        .fails("model", "list", "--config", "absent.toml", code: 78, saying: "absent.toml"),
        .works("model", "show", "one", "--verify", "--config", "models.toml") {
            #expect($0.output.contains("disease") && $0.output.contains("apache-2.0"))
        },
        .works("model", "show", "./models/one", "--config", "absent.toml", "--json") { result in
            let manifest = try result.object()
            #expect(manifest["name"] as? String == "one")
            #expect((manifest["files"] as? [String: Any])?["vocab.txt"] is String)
        },
        .fails("model", "show", "none", "--config", "models.toml", code: 69, saying: "none"),
        .fails(
            "model", "show", "damaged", "--config", "models.toml", code: 69, saying: "shoken.json"),
        .fails(
            "model", "show", "changed", "--verify", "--config", "models.toml", code: 69,
            saying: "changed", "vocab.txt"),
        .works("model", "verify", "one", "--config", "models.toml", "--json") { result in
            let report = try result.object()
            #expect(report["name"] as? String == "one" && (report["files"] as? Int ?? 0) >= 5)
            #expect((report["sha256"] as? String)?.count == 64)
        },
        .fails(
            "model", "verify", "changed", "--config", "models.toml", code: 69,
            saying: "changed", "vocab.txt"),
        .works("model", "activate", "one", "--config", "models.toml", "--json") {
            let report = try $0.object()
            #expect(report["active"] as? String == "one")
        },
        .fails(
            "model", "activate", "changed", "--config", "models.toml", code: 69,
            saying: "changed", "vocab.txt"),
        .fails(
            "model", "activate", "one", "--config", "gated.toml", code: 65,
            saying: "one is refused, ", "diseases: it has none of 1 right"),
        .fails(
            "model", "activate", "one", "--force", "--config", "gated.toml", code: 64,
            saying: "--reason"),
        .works(
            "model", "activate", "scored", "--force", "--reason", "試験", "--config",
            "gated.toml", "--json"
        ) { result in
            let report = try result.object()
            #expect(report["active"] as? String == "scored" && report["rows"] as? Int == 1)
            #expect(report["objections"] as? [String] == ["diseases: it has none of 1 right"])
        },
        .works(
            "model", "shadow", "start", "one", "--share", "0.5", "--config", "models.toml",
            "--json"
        ) { result in
            let report = try result.object()
            #expect(report["shadow"] as? String == "one" && report["share"] as? Double == 0.5)
        },
        .fails(
            "model", "shadow", "start", "one", "--share", "0", "--config", "models.toml",
            code: 64, saying: "--share is above 0 and up to 1"),
        .fails(
            "model", "shadow", "start", "nobody", "--config", "models.toml", code: 69,
            saying: "nobody"),
        .fails(
            "model", "shadow", "status", "--config", "models.toml", code: 66,
            saying: "shoken.db"),
        .works("model", "shadow", "stop", "--config", "stopped.toml") {
            #expect($0.output == "two reads along no more.\n")
        },
        .works("model", "shadow", "stop", "--config", "ended.toml", "--json") { result in
            let stopped = try result.object()["stopped"] as? String
            #expect(stopped == "two")
        },
        .fails(
            "model", "shadow", "stop", "--config", "others.toml", code: 66,
            saying: "no model reads along"),
        .works("model", "rollback", "--config", "others.toml", "--json") { result in
            let report = try result.object()
            #expect(report["active"] as? String == "one" && report["former"] as? String == "two")
        },
        .fails("model", "rollback", "--config", "absent.toml", code: 78, saying: "absent.toml"),
        .works(
            "model", "import", "--from", "published", "--name", "trunk", "--as", "trunk",
            "--config", "models.toml", "--json"
        ) { result in
            let report = try result.object()
            #expect(report["service"] as? String == "trunk")
            let directory = try #require(report["directory"] as? String)
            #expect(FileManager.default.fileExists(atPath: directory + "/shoken.json"))
        },
        .fails(
            "model", "import", "--from", "absent", "--name", "x", "--config", "models.toml",
            code: 66, saying: "absent"),
        .fails(
            "model", "import", "--from", "published", "--name", "one", "--config", "models.toml",
            code: 69, saying: "one"),
        .works(
            "model", "instruct", "--from", "ward.gguf", "--beside", "one", "--name", "instructed",
            "--template", "llama-2", "--document-tokens", "1000", "--config", "models.toml",
            "--json"
        ) { result in
            let report = try result.object()
            #expect(
                report["task"] as? String == "tnm" && report["architecture"] as? String == "llama")
            let directory = try #require(report["directory"] as? String)
            #expect(FileManager.default.fileExists(atPath: directory + "/instruct.gguf"))
        },
        .fails(
            "model", "instruct", "--from", "absent.gguf", "--beside", "one", "--name", "x",
            "--config", "models.toml", code: 66, saying: "absent.gguf"),
        .fails(
            "model", "instruct", "--from", "ward.gguf", "--beside", "one", "--name", "x",
            "--answer-tokens", "5", "--config", "models.toml", code: 64,
            saying: "--answer-tokens"),
        .works(
            "model", "card", "--model", "models/scored", "--scores", "scores.md", "--json"
        ) { result in
            let digest = try #require(try result.object()["sha256"] as? String)
            let folder = try place.get()
            let card = folder["models/scored/MODEL_CARD.md"]
            #expect(try String(contentsOf: card, encoding: .utf8).contains("0.123"))
            let verified = try Programs.run(
                "shokenctl", ["model", "verify", "./models/scored", "--json"], in: folder.url)
            #expect(verified.output.contains(digest), "\(verified.errors)")
        },
        .works(
            "model", "calibrate", "--model", "models/sure", "--predictions", "held.jsonl",
            "--precision", "drug=0.85", "--bundle-version", "1.1", "--json"
        ) { result in
            let report = try result.object()
            let row = try #require((report["rows"] as? [[String: Any]])?.first)
            let review = try #require(row["review"] as? [String: Any])
            #expect((review["precision"] as? Double ?? 0) > 0.83)
            let before = (row["before"] as? [String: Any])?["errorByCount"] as? Double ?? 0
            let after = (row["after"] as? [String: Any])?["errorByCount"] as? Double ?? 1
            #expect(after < before)
            let folder = try place.get()
            let shown = try Programs.run(
                "shokenctl", ["model", "show", "./models/sure", "--verify"], in: folder.url)
            #expect(shown.output.contains("version   1.1"), "\(shown.errors)")
            #expect(shown.output.contains("Calibrated: mentions of drug\n"))
            #expect(shown.output.contains("Not calibrated: mentions of disease, mentions of dose"))
            #expect(shown.output.contains("drug      0."))
            let plain = try Programs.run(
                "shokenctl", ["model", "show", "./models/one"], in: folder.url)
            #expect(plain.output.contains("Scores are not calibrated."))
        },
        .works(
            "model", "calibrate", "--model", "models/one", "--predictions", "held.jsonl",
            "--dry-run"
        ) { result in
            #expect(result.lines.count == 2 && result.lines[1].contains("drug"))
            let manifest = try String(
                contentsOf: place.get()["models/one/shoken.json"], encoding: .utf8)
            #expect(!manifest.contains("calibration"))
        },
        .fails(
            "model", "calibrate", "--model", "models/one", "--predictions", "other.jsonl",
            code: 65, saying: "entities, crade or jcsts"),
        .fails(
            "model", "calibrate", "--model", "models/one", "--predictions", "absent.jsonl",
            code: 66, saying: "absent.jsonl"),
        .fails(
            "model", "calibrate", "--model", "models/one", "--predictions", "held.jsonl",
            "--precision", "organ=0.9", code: 64, saying: "disease, drug, dose"),
        .fails(
            "model", "card", "--model", "models/one", "--scores", "absent.md", code: 66,
            saying: "absent.md"),
        .fails(
            "model", "card", "--model", "models/changed", "--scores", "scores.md", code: 69,
            saying: "vocab.txt"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
