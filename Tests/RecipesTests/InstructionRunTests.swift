// SPDX-License-Identifier: Apache-2.0
import Foundation
import Generation
import LanguageModel
import Recipes
import Tensors
import TestSupport
import Testing
import Tokenizers
import Training
import WeightFiles

/// A tiny base of NCVC's kind whose pieces are single characters, without chat tokens.
private struct TinyBase {
    static let characters = "熱痛咳はありなしでしょうか発頭腹。"

    let folder: URL

    init(_ folder: URL, tied: Bool = false) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let special = UnigramTokenizer.SpecialToken.all
        let scalars = ["\u{2581}"] + Set(Self.characters.map(String.init)).sorted()
        let vocabulary = try UnigramVocabulary(
            pieces: special.map { .init(text: $0, score: 0) }
                + scalars.map { .init(text: $0, score: -3) },
            addedTokens: special.enumerated().map { .init(id: Int32($0), content: $1) },
            unknown: 3, template: nil, file: "test")
        let tokenizer = try UnigramTokenizer(vocabulary: vocabulary, file: "test")
        try tokenizer.write(to: folder.appending(path: "tokenizer.json"))
        var configuration = DecoderConfiguration(
            vocabSize: tokenizer.vocabularySize, hiddenSize: 32, intermediateSize: 48,
            numHiddenLayers: 2, numAttentionHeads: 2, numKeyValueHeads: 1, headDim: 16,
            maxPositionEmbeddings: 64, tieWordEmbeddings: tied)
        (configuration.bosTokenID, configuration.eosTokenIDs) = (0, [1])
        try configuration.write(to: folder.appending(path: "config.json"))
        let weights = ParameterSet(randomFor: configuration, seed: 5)
        try SafetensorsWriter.write(
            weights.named(), to: folder.appending(path: "model.safetensors"))
    }
}

@Suite("Instruction tuning") struct InstructionRunTests {
    private let folder: TemporaryFolder
    private var place: URL { folder.url }

    init() throws {
        folder = try TemporaryFolder()
        let rows = [
            ("発熱はあり。熱は", "あり"), ("頭痛はなし。痛は", "なし"), ("咳なし。咳は", "なし"), ("腹痛あり。痛は", "あり"),
        ].map { "{\"instruction\":\"\($0)\",\"output\":\"\($1)\"}" }
        try folder.write(rows.joined(separator: "\n"), to: "rows.jsonl")
    }

    private func recipe(_ more: String = "", steps: Int = 60, noise: Double = 0) throws
        -> InstructionRecipe
    {
        try InstructionRecipe(
            text: """
                name = "result"
                kind = "instruct"
                seed = 3
                threads = 1
                [base]
                model = "base"
                [data]
                [[data.sources]]
                file = "rows.jsonl"
                licence = "CC0"
                task = "ward"
                [training]
                steps = \(steps)
                batch_rows = 4
                context = 32
                learning_rate = 0.01
                warmup_steps = 5
                neftune_alpha = \(noise)
                [checkpoints]
                every_steps = 5
                \(more)
                """, file: "trial.toml")
    }

    private func run(
        _ recipe: InstructionRecipe, _ output: String, base: URL? = nil,
        stoppingAfter last: Int? = nil
    ) throws {
        let location = try base ?? TinyBase(place.appending(path: "base-\(UUID())")).folder
        let stop = StopRequest()
        try InstructionRun(
            recipe, base: InstructionBase(location, template: recipe.template), data: place,
            output: place.appending(path: output), written: { $0 }, program: "test", stop: stop,
            report: {
                if case .training(.step(let step)) = $0, step.step == last { stop.request() }
            }
        ).run()
    }

    /// What a tuned model answers to each row's question.
    private func answers(_ model: DecoderModel, _ folder: URL) throws -> [String] {
        let base = try InstructionBase(folder, template: nil)
        let chat = try base.chat()
        return try ["発熱はあり。熱は", "頭痛はなし。痛は", "咳なし。咳は", "腹痛あり。痛は"].map { question in
            let ids = try chat.encode([ChatMessage(role: .user, content: question)]).ids
            var request = GenerationRequest(prompt: ids, limit: 6)
            request.stopTokens = [1]
            request.adapter = model.adapterCount > 0 ? 0 : nil
            return base.tokenizer.decode(
                try model.generate([request])[0].tokens, skippingSpecial: false)
        }
    }

    @Test("of all weights adds the chat's tokens and learns the answers", arguments: [false, true])
    func whole(tied: Bool) throws {
        let base = try TinyBase(place.appending(path: "base"), tied: tied).folder
        try run(recipe(noise: 2), "out", base: base)
        let result = place.appending(path: "out/result")
        let configuration = try DecoderConfiguration(
            file: result.appending(path: "config.json"))
        let before = try DecoderConfiguration(file: base.appending(path: "config.json"))
        #expect(configuration.vocabSize == before.vocabSize + 3)
        let model = try DecoderModel(directory: result)
        #expect(try answers(model, result).map(Self.trimmed) == ["あり", "なし", "なし", "あり"])
        let settings = try #require(
            try TokenizerSettings.read(
                beside: result.appending(path: "tokenizer_config.json")))
        let template = try #require(settings.chatTemplate?.template)
        #expect(ChatTemplate.recognized(inJinja: template)?.name == "ncvc")
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces)
    }

    @Test("of an adapter leaves the base as it is, and writes the base with the tokens")
    func adapter() throws {
        try run(recipe("[lora]\nrank = 8\ntargets = \"all\"", steps: 150), "out")
        let (folder, result) = (
            place.appending(path: "out/base"), place.appending(path: "out/result")
        )
        let base = try DecoderModel(directory: folder)
        let adapter = try Adapter(directory: result, configuration: base.configuration)
        #expect(adapter.settings.base == folder.path(percentEncoded: false))
        let served = base.serving([adapter])
        #expect(try answers(served, folder).map(Self.trimmed) == ["あり", "なし", "なし", "あり"])
        var conversion = try ModelConversion(folder)
        conversion.adapter = adapter
        try conversion.writeFolder(to: place.appending(path: "merged"))
        let merged = try DecoderModel(directory: place.appending(path: "merged"))
        #expect(try answers(merged, folder) == answers(served, folder))
    }

    @Test(
        "goes on after a stop as if there had been none, bit by bit",
        arguments: ["", "[lora]\nrank = 4\ndropout = 0.2"])
    func resumed(more: String) throws {
        let base = try TinyBase(place.appending(path: "base")).folder
        let recipe = try recipe(
            more + "\n[validation]\nshare = 0.5\nevery_steps = 4", steps: 14, noise: 5)
        try run(recipe, "whole", base: base)
        #expect(throws: TrainingError.self) {
            try run(recipe, "parts", base: base, stoppingAfter: 6)
        }
        try run(recipe, "parts", base: base)
        let file = more.isEmpty ? "model.safetensors" : "adapter_model.safetensors"
        let (one, other) = (
            try SafetensorsFile(place.appending(path: "whole/result/\(file)")),
            try SafetensorsFile(place.appending(path: "parts/result/\(file)"))
        )
        for name in one.names { #expect(try one.tensor(name) == other.tensor(name), "\(name)") }
    }

    @Test("begins new tokens apart from each other, or all with the mean, and keeps the other rows")
    func tokens() throws {
        let base = try InstructionBase(
            TinyBase(place.appending(path: "base")).folder, template: nil)
        #expect(base.addedTokens == ChatVocabulary.roles)
        let first = base.configuration.vocabSize - 3
        let stored = try SafetensorsFile(place.appending(path: "base/model.safetensors"))
        for name in ["model.embed_tokens.weight", "lm_head.weight"] {
            let old = try stored.tensor(name)
            let normal = try #require(base.weights(.normal, seed: 1)[name])
            #expect(normal.rowSlice(0..<first) == old)
            let rows = (first..<first + 3).map { normal.rowSlice($0..<$0 + 1).values }
            #expect(Set(rows).count == 3)
            let spread = { (values: [Float]) in
                (values.reduce(0) { $0 + Double($1 * $1) } / Double(values.count)).squareRoot()
            }
            #expect(abs(spread(rows.flatMap(\.self)) / spread(old.values) - 1) < 0.3)
            let mean = try #require(base.weights(.mean, seed: 1)[name])
            let column =
                stride(from: 0, to: old.count, by: old.columns)
                .reduce(Float(0)) { $0 + old.values[$1] } / Float(old.rows)
            #expect(abs(mean.values[first * old.columns] - column) < 1e-6)
        }
    }

    @Test("learns answers only, from after the assistant's token to the end's")
    func labels() throws {
        let base = try InstructionBase(
            TinyBase(place.appending(path: "base")).folder, template: nil)
        let encoder = InstructionEncoder(chat: try base.chat(), context: 32, policy: .refuse)
        var account = InstructionEncoder.Account()
        let examples = try InstructionFile(name: "rows", format: .jsonLines, task: "t")
            .examples(Data(#"{"instruction":"熱","output":"あり","system":"咳"}"#.utf8))
        let row = try #require(
            encoder.encode(examples, file: "rows", account: &account).first
        ).tokens
        let assistant = try #require(base.tokenizer.id(of: "<|assistant|>"))
        let place = try #require(row.ids.firstIndex(of: assistant))
        #expect(row.labels[...place].allSatisfy { $0 == TrainingBatch.ignoredLabel })
        #expect(Array(row.labels[(place + 1)...]) == Array(row.ids[(place + 1)...]))
        #expect(row.ids.last == 1)
        // A marker in the text is text.
        let forged = try InstructionFile(name: "rows", format: .jsonLines, task: "t")
            .examples(Data(#"{"instruction":"<|assistant|>","output":"あり"}"#.utf8))
        let ids = try #require(
            encoder.encode(forged, file: "rows", account: &account).first
        ).tokens.ids
        #expect(ids.count { $0 == assistant } == 1)
    }

    @Test(
        "of rows longer than the context is refused, cuts or leaves out",
        arguments: LongRowPolicy.allCases)
    func longRows(policy: LongRowPolicy) throws {
        let base = try InstructionBase(
            TinyBase(place.appending(path: "base")).folder, template: nil)
        let encoder = InstructionEncoder(chat: try base.chat(), context: 12, policy: policy)
        var account = InstructionEncoder.Account()
        let long = String(repeating: "熱痛", count: 20)
        let examples = try InstructionFile(name: "rows", format: .jsonLines, task: "t").examples(
            Data(
                """
                {"instruction":"熱","output":"あり"}
                {"instruction":"\(long)","output":"なし"}
                {"instruction":"熱","output":"\(long)"}
                """.utf8))
        guard policy != .refuse else {
            let error = #expect(throws: InstructionDataError.self) {
                try encoder.encode(examples, file: "rows", account: &account)
            }
            guard case .rows(let rows, 2) = error else {
                Issue.record("two rows")
                return
            }
            #expect(rows.map(\.line) == [2, 3])
            return
        }
        let rows = try encoder.encode(examples, file: "rows", account: &account).map(\.tokens)
        #expect(rows.count == (policy == .cut ? 2 : 1))
        #expect(account.cut == (policy == .cut ? 1 : 0))
        #expect(account.leftOut == (policy == .cut ? 1 : 2))
        for row in rows {
            #expect(row.ids.count <= 12)
            #expect(row.labels.last == 1)
        }
        if policy == .cut {
            let answer = rows[1].labels.filter { $0 != TrainingBatch.ignoredLabel }
            #expect(Self.trimmed(base.tokenizer.decode(answer, skippingSpecial: true)) == "なし")
        }
    }

    @Test("says what it will be, and writes nothing for that")
    func plan() throws {
        let base = try TinyBase(place.appending(path: "base")).folder
        for (more, trained) in [("", 0), ("[lora]\nrank = 2\ntargets = [\"q_proj\"]", 2 * 2 * 64)] {
            let recipe = try recipe(more)
            let run = InstructionRun(
                recipe, base: try InstructionBase(base, template: nil), data: place,
                output: place.appending(path: "none"), written: { $0 }, program: "test",
                stop: StopRequest(),
                report: { _ in })
            let plan = try run.plan()
            #expect(plan.trainedParameters == (trained > 0 ? trained : plan.parameters))
            #expect(plan.memoryBytes > 12 * plan.trainedParameters)
            #expect(plan.seconds > 0)
            #expect(plan.account.tasks.map(\.rows) == [4])
        }
        #expect(
            !FileManager.default.fileExists(
                atPath: place.appending(path: "none").path(percentEncoded: false)))
    }

    @Test(
        "by the recipes that come with the project is read",
        arguments: ["instruct.toml", "instruct-lora.toml"])
    func examples(name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let recipe = try InstructionRecipe(
            file: folder.appending(path: "etc/shoken/recipes/\(name)"))
        #expect((recipe.adapter != nil) == name.contains("lora"))
        #expect(recipe.tuning.noise == 5 && recipe.validation != nil)
    }

    static let badRecipes: [(String, String)] = [
        ("[lora]\nrnk = 3", "lora.rnk"), ("[lora]\nrank = 0", "lora.rank"),
        ("[sampling]\ntemperature = 2\n[sampling.weights]\nward = 1", "sampling.temperature"),
        ("[sampling.weights]\nwrd = 1", "sampling.weights.wrd"),
        ("[chat]\ntoken_initialization = \"mean\"\n[lora]\nrank = 2", "chat.token_initialization"),
        ("[validation]\nmetric = \"f1\"", "validation.metric"),
    ]

    @Test("by a recipe that means nothing is refused by key", arguments: badRecipes)
    func badRecipe(more: String, key: String) throws {
        let error = #expect(throws: RecipeError.self) { try recipe(more) }
        switch error {
        case .unknownKey(_, key, _), .badValue(_, key, _): break
        default: Issue.record("\(String(describing: error))")
        }
    }
}
