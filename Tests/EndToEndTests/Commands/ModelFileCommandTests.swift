// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl model, on files of models", .timeLimit(.minutes(15)))
struct ModelFileCommandTests: CommandSubject {
    private static let prompts = "[[1,5,9,33],[1,70,8]]"

    static let place = prepared { folder in
        let model = folder["model"]
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: false)
        try FictionalDecoder(writtenTo: model).writeAdapter(to: folder["adapter"], seed: 7)
        try FictionalCheckpoint(.bert).write(to: folder["encoder"])
        try folder.write(prompts, to: "prompts.json")
        try FictionalCheckpoint(.modernbert).write(to: folder["unigram"])
        try folder.write("発熱\r\n右葉\r\n", to: "words.txt")
        try folder.write("発熱あり。", to: "first.txt")
        try folder.write("咳嗽なし。", to: "second.txt")
    }

    /// Whether a report on a conversion tells the model, and what it wrote is there.
    private static func check(_ result: CommandResult, type: String?) throws {
        let report = try result.object()
        #expect(report["architecture"] as? String == "llama")
        #expect(report["type"] as? String == type)
        let output = try #require(report["output"] as? String)
        #expect(FileManager.default.fileExists(atPath: output))
        #expect((report["bytes"] as? Int ?? 0) > 0 && (report["files"] as? Int ?? 0) > 0)
    }

    static let cases: [CommandCase] = [
        .works(
            "model", "generate", "--model", "model", "--tokens", "-", "--greedy", "--max-new", "3",
            "--ignore-stop", "--json", input: prompts
        ) { result in
            let lists = try #require(try result.object()["generations"] as? [[Int]])
            #expect(lists.map(\.count) == [3, 3])
        },
        .fails(
            "model", "generate", "--model", "model", "--tokens", "-", input: "[[1,96]]", code: 65,
            saying: "96"),
        .fails("model", "generate", "--model", "model", code: 64, saying: "--tokens"),
        .works(
            "model", "logits", "--model", "model", "--input", "prompts.json", "--output",
            "logits.safetensors", "--json"
        ) { result in
            let report = try result.object()
            #expect(report["sequences"] as? Int == 2 && report["vocabulary"] as? Int == 96)
            let file = try Data(contentsOf: place.get()["logits.safetensors"])
            #expect(file.count > 4 * 96 * 7)
        },
        .fails(
            "model", "logits", "--model", "model", "--input", "-", "--output", "x", input: "{}",
            code: 65, saying: "list"),
        .fails(
            "model", "logits", "--model", "absent", "--input", "prompts.json", "--output", "x",
            code: 66, saying: "absent"),
        .works(
            "model", "convert", "--model", "model", "--output", "half", "--dtype", "f16", "--json"
        ) { try check($0, type: nil) },
        .fails(
            "model", "convert", "--model", "absent", "--output", "x", code: 66, saying: "absent"),
        .works(
            "model", "quantize", "--model", "model", "--output", "small.gguf", "--type", "q8_0",
            "--json"
        ) { try check($0, type: "q8_0") },
        .fails(
            "model", "quantize", "--model", "encoder", "--output", "x.gguf", "--type", "q8_0",
            code: 69, saying: "encoder"),
        .works(
            "model", "merge", "--model", "model", "--adapter", "adapter", "--output", "merged",
            "--json"
        ) { try check($0, type: nil) },
        .fails(
            "model", "merge", "--model", "model", "--adapter", "absent", "--output", "x", code: 66,
            saying: "absent"),
        .works(
            "model", "bench", "--model", "model", "--prompt", "4", "--new", "2", "--documents",
            "2", "--tokens", "4", "--rounds", "1", "--threads", "1", "--json"
        ) { result in
            let report = try result.object()
            for figure in ["prefill", "decode", "documents", "bandwidth", "operations"] {
                #expect((report[figure] as? Double ?? 0) > 0, "\(figure)")
            }
        },
        .fails("model", "bench", "--rounds", "1", code: 64, saying: "--model", "--shape"),
        .fails("model", "bench", "--model", "encoder", code: 64, saying: "encoder"),
        .works(
            "model", "inspect", "embeddings", "--model", "unigram", "--mark", "words.txt",
            "--perplexity", "5", "--neighbours", "5", "--html", "map.html", "--csv", "map.csv",
            "--json"
        ) { try checkMap($0) },
        .fails(
            "model", "inspect", "embeddings", "--model", "unigram", "--tokens", "9", code: 64,
            saying: "9 points", "perplexity", "17"),
        .fails(
            "model", "inspect", "embeddings", "--model", "unigram", "--method", "pca", code: 64,
            saying: "tsne", "umap"),
        .fails(
            "model", "inspect", "embeddings", "--model", "model", code: 66, saying: "--tokenizer"),
        .works(
            "model", "inspect", "analogies", "--model", "unigram", "--analogy", "肺炎,肺,右葉",
            "--top", "3", "--json"
        ) { result in
            let found = try #require(try result.list().first)
            #expect(found["tokens"] as? [Int] == [1, 1, 2])
            let nearest = try #require(found["nearest"] as? [[String: Any]])
            let cosines = nearest.compactMap { $0["cosine"] as? Double }
            #expect(cosines.count == 3 && cosines == cosines.sorted(by: >))
            #expect(cosines.allSatisfy { $0 <= 1.0001 })
            #expect(!nearest.contains { $0["name"] as? String == "肺炎" })
        },
        .fails(
            "model", "inspect", "analogies", "--model", "unigram", "--analogy", "肺炎,肺",
            code: 64, saying: "three words"),
        .fails(
            "model", "inspect", "analogies", "--model", "unigram", "--analogy", "肺炎,肺,膵",
            code: 65, saying: "膵"),
        .works(
            "model", "inspect", "attention", "--model", "model", "--tokenizer", "unigram",
            "--text", "first.txt", "--text", "second.txt", "--html", "attention.html", "--csv",
            "attention.csv", "--json"
        ) { try checkAttention($0) },
        .fails(
            "model", "inspect", "attention", "--model", "model", "--tokenizer", "unigram",
            "--text", "first.txt", "--layers", "1,3", code: 64, saying: "2 layers"),
        .fails(
            "model", "inspect", "attention", "--model", "unigram", "--text", "first.txt",
            code: 65, saying: "encoder"),
    ]

    /// Whether a map has every token once, and the words that were to be marked.
    private static func checkMap(_ result: CommandResult) throws {
        let report = try result.object()
        let layouts = try #require(report["layouts"] as? [[String: Any]])
        #expect(layouts.map { $0["method"] as? String } == ["t-SNE", "UMAP"])
        for layout in layouts {
            let trust = try #require(layout["trustworthiness"] as? Double)
            #expect((0...1).contains(trust))
        }
        let points = try #require(report["points"] as? Int)
        let folder = try place.get()
        let csv = try String(contentsOf: folder["map.csv"], encoding: .utf8)
        let rows = csv.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows[0].joined(separator: ",") == "ids,name,marked,tsne_x,tsne_y,umap_x,umap_y")
        #expect(rows.count == points + 1)
        // A token of the vocabulary, and a word of two, which is added.
        let marked = rows.dropFirst().filter { $0[2] == "1" }
        #expect(marked.map { $0[1] } == ["発熱", "右葉"])
        #expect(marked.last?[0].split(separator: " ").count == 2)
        let page = try String(contentsOf: folder["map.html"], encoding: .utf8)
        #expect(page.matches(of: /<circle/).count == 2 * points)
        #expect(page.contains("<title>発熱</title>") && !page.contains("<script"))
    }

    /// Whether rows of weights sum to 1 and no token sees those after it.
    private static func checkAttention(_ result: CommandResult) throws {
        let report = try result.object()
        let tokens = try #require(report["tokens"] as? Int)
        let boundaries = try #require(report["boundaries"] as? [Int])
        #expect(boundaries.count == 2 && boundaries.last == tokens - 1)
        let layers = try #require(report["layers"] as? [[String: Any]])
        #expect(layers.map { $0["layer"] as? Int } == [1, 2])
        let folder = try place.get()
        let csv = try String(contentsOf: folder["attention.csv"], encoding: .utf8)
        var sums: [[Substring]: Double] = [:]
        for row in csv.split(separator: "\n").dropFirst().map({ $0.split(separator: ",") }) {
            let (query, key) = (try #require(Int(row[1])), try #require(Int(row[2])))
            #expect(key <= query)
            sums[[row[0], row[1]], default: 0] += try #require(Double(row[5]))
        }
        #expect(sums.count == 2 * tokens)
        #expect(sums.values.allSatisfy { abs($0 - 1) < 1e-4 })
        let page = try String(contentsOf: folder["attention.html"], encoding: .utf8)
        #expect(page.matches(of: /<svg/).count == 2 && page.contains("class=\"mark\""))
    }

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
