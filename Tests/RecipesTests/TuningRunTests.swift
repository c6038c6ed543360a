// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import Foundation
import JapaneseText
import LanguageModel
import ModelBundle
import Recipes
import Tensors
import TestSupport
import Testing
import Training
import WeightFiles

private let analyzer: TextAnalyzer? = (try? MorphologicalAnalyzer()).map {
    TextAnalyzer(cleaner: TextCleaner(profile: .documents), analyzer: $0)
}

/// A folder with a tiny encoder's configuration and tokenizer, and data of fictional sentences.
private final class TuningFolder {
    private let folder: TemporaryFolder
    var url: URL { folder.url }

    static let sentences = [
        "昨夜より⟦disease:発熱⟧あり。", "⟦disease:咳嗽⟧を認める。", "⟦drug:アスピリン⟧を内服した。",
        "右下葉に⟦disease:肺炎⟧を認める。", "⟦drug:アスピリン⟧⟦dose:100mg⟧を内服した。", "⟦disease:発熱⟧はなし。",
        "⟦disease:咳嗽⟧、⟦disease:発熱⟧あり。", "昨夜より⟦drug:アスピリン⟧を内服。",
    ]

    init() throws {
        folder = try TemporaryFolder()
        let characters = Set(Self.sentences.flatMap { MarkedText($0).text.map(String.init) })
        let pieces =
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
            + characters.sorted().flatMap { [$0, "##" + $0] }
        try folder.write(pieces.map { $0 + "\n" }.joined(), to: "model/vocab.txt")
        let settings: [String: Any] = [
            "tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab",
            "subword_tokenizer_type": "wordpiece", "do_lower_case": false,
            "mecab_kwargs": ["mecab_dic": "ipadic"],
        ]
        try folder.write(
            JSONSerialization.data(withJSONObject: settings), to: "model/tokenizer_config.json")
        let configuration: [String: Any] = [
            "model_type": "bert", "architectures": ["BertModel"], "vocab_size": pieces.count,
            "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 4, "max_position_embeddings": 32, "type_vocab_size": 2,
            "layer_norm_eps": 1e-5, "pad_token_id": 0,
        ]
        try folder.write(
            JSONSerialization.data(withJSONObject: configuration), to: "model/config.json")
        try write(
            "spans.jsonl",
            Self.sentences.map { sentence in
                let marked = MarkedText(sentence)
                return [
                    "text": marked.text,
                    "spans": marked.marks.map {
                        [
                            "start": $0.span.range.start, "end": $0.span.range.end,
                            "label": $0.label,
                        ] as [String: Any]
                    },
                ]
            })
        try write(
            "labels.jsonl",
            Self.sentences.map { sentence in
                let marked = MarkedText(sentence)
                return ["text": marked.text, "label": min(2, marked.marks.count - 1)]
            })
        try write(
            "pairs.jsonl",
            (0..<4).flatMap { place in
                let first = MarkedText(Self.sentences[place]).text
                return [
                    ["text": first, "second": first, "label": "same"],
                    [
                        "text": first, "second": MarkedText(Self.sentences[place + 4]).text,
                        "label": "other",
                    ],
                ]
            })
        let raw = Self.sentences.map { MarkedText($0).text }.joined(separator: "\n\n")
        try folder.write(raw, to: "raw.txt")
        try writeUnigramModel(characters)
    }

    /// The same model with a published Unigram tokenizer, of which a piece reaches over words.
    private func writeUnigramModel(_ characters: Set<String>) throws {
        let pieces =
            ["<s>", "<pad>", "</s>", "<unk>", "▁", "熱あり", "を認める。"] + characters.sorted()
        let tokenizer: [String: Any] = [
            "version": "1.0",
            "added_tokens": ["<s>", "<pad>", "</s>", "<unk>"].enumerated().map {
                [
                    "id": $0, "content": $1, "single_word": false, "lstrip": false,
                    "rstrip": false, "normalized": false, "special": true,
                ] as [String: Any]
            },
            "pre_tokenizer": [
                "type": "Metaspace", "replacement": "▁", "add_prefix_space": true,
            ],
            "model": [
                "type": "Unigram", "unk_id": 3,
                "vocab": pieces.map { [$0, $0.count > 1 ? -1.0 : -5.0] as [Any] },
            ] as [String: Any],
        ]
        try folder.write(
            JSONSerialization.data(withJSONObject: tokenizer), to: "unigram/tokenizer.json")
        let configuration: [String: Any] = [
            "model_type": "bert", "architectures": ["BertModel"], "vocab_size": pieces.count,
            "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 4, "max_position_embeddings": 64, "type_vocab_size": 2,
            "layer_norm_eps": 1e-5, "pad_token_id": 1,
        ]
        try folder.write(
            JSONSerialization.data(withJSONObject: configuration), to: "unigram/config.json")
    }

    func write(_ name: String, _ rows: [[String: Any]]) throws {
        let lines = try rows.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
        }
        try folder.write(lines.joined(separator: "\n"), to: name)
    }

    func run(_ recipe: String) throws -> TuningRun {
        try TuningRun(
            TuningRecipe(text: recipe, file: "tagger.toml"), data: url,
            analyzer: try #require(analyzer), file: "tagger.toml")
    }

    /// Runs a recipe and gives the last validation and the models' folders.
    func train(
        _ recipe: String, to output: String = "run"
    ) throws -> (metrics: [String: Double], models: [URL]) {
        var last: [String: Double] = [:]
        let models = try run(recipe).run(
            output: url.appending(path: output), stop: StopRequest()
        ) {
            if case .validation(let found) = $0 { last = found.metrics }
        }
        return (last, models)
    }
}

private func recipe(_ heads: String, training: String = "", more: String = "") -> String {
    """
    name = "ward"
    kind = "encoder"
    seed = 3
    threads = 1
    [trunk]
    directory = "model"
    start = "random"
    pieces = "each"
    [training]
    steps = 120
    batch_texts = 8
    learning_rate = 3e-3
    dropout = 0
    \(training)
    \(more)
    \(heads)
    """
}

private let entities = """
    [[heads]]
    name = "entities"
    kind = "tokens"
    labels = ["disease", "drug", "dose"]
    files = ["spans.jsonl"]

    """

@Suite(
    "Runs that train a trunk through heads",
    .enabled(if: analyzer != nil, "MeCab's dictionary is not there"), .timeLimit(.minutes(15)))
struct TuningRunTests {
    @Test(
        "A tagger learns sentences by heart, and what is written gives the same when served",
        arguments: ["none", "constraints", "crf"])
    func tagger(chain: String) throws {
        let folder = try TuningFolder()
        let (_, models) = try folder.train(recipe(entities + "chain = \"\(chain)\"\n"))
        try expectByHeart(models, chain: chain)
    }

    @Test("MeCab's words go one by one into a published Unigram tokenizer, in training and serving")
    func words() throws {
        let folder = try TuningFolder()
        let text = recipe(entities).replacing(
            "directory = \"model\"", with: "directory = \"unigram\"\nwords = true")
        let (_, models) = try folder.train(text)
        let published = try expectByHeart(models, chain: "constraints")
        #expect(published.description.readsWords == true)
        let origin = try #require(try ModelOrigin(in: models[0]))
        #expect(origin.recipe == "ward" && origin.readsWords)
        #expect(origin.sources.map(\.name) == ["unigram", "spans.jsonl"])
        #expect(origin.sources.map(\.rows) == [0, 8] && origin.licence == ModelOrigin.notStated)
        // An encoder that reads words is no trunk of our own kind.
        #expect(try OwnCheckpoint(models[0]) == nil)
        #expect(
            published.description.tokensBefore == [0] && published.description.tokensAfter == [2])
        let tokens = try #require(TrunkTokens(published.tokenizer, readsWords: true))
            .tokens(of: #require(analyzer).analyze("右下葉に肺炎を認める。"))
        // No token reaches over a word, as 「を認める。」 would.
        let found = tokens.compactMap { published.tokenizer.piece(of: $0.id) }
        #expect(found.joined() == "右下葉に肺炎を認める。" && found.allSatisfy { $0.count == 1 })
        #expect(throws: RecipeError.self) {
            try folder.run(recipe(entities).replacing("pieces", with: "words = true\npieces"))
        }
    }

    @discardableResult
    private func expectByHeart(_ models: [URL], chain: String) throws -> PublishedCheckpoint {
        let published = try PublishedCheckpoint(models[0], options: PublishedCheckpoint.Options())
        let trunk = published.model
        let labels = try #require(trunk.tokenLabels)
        #expect(labels.count == 7)
        #expect((trunk.labelTransitions != nil) == (chain != "none"))
        let map = try LabelMap(modelNames: labels, names: nil, pieces: .each, given: [:])
        let tagger = try EntityTagger(
            settings: JSONEncoder().encode(map), labelCount: labels.count,
            transitions: trunk.labelTransitions)
        let reader = TrunkReader(
            .text(
                TextTrunk(
                    tokenizer: published.tokenizer,
                    readsWords: published.description.readsWords == true, model: trunk,
                    before: published.description.tokensBefore,
                    after: published.description.tokensAfter,
                    context: published.description.context)))
        for sentence in TuningFolder.sentences {
            let marked = MarkedText(sentence)
            let text = try #require(analyzer).analyze(marked.text)
            let reading = try #require(
                try reader.readings(of: [text], wordStates: false).first)
            let found = tagger.entities(
                in: DocumentReading(
                    document: ClinicalDocument(kind: .nursing, text: marked.text), text: text,
                    labelled: reading.labelled))
            #expect(found.map(\.span) == marked.marks.map(\.span))
            #expect(found.map(\.type.rawValue) == marked.marks.map(\.label))
            // Without a chain the labels of an entity need not be likely together.
            #expect(chain == "none" || found.allSatisfy { (0.5...1).contains($0.score) })
        }
        return published
    }

    @Test(
        "Heads have a learning rate of their own, on the first layers of a trunk whose states are scaled"
    )
    func firstLayers() throws {
        let folder = try TuningFolder()
        _ = try folder.train(
            recipe(entities, training: "epochs = 1").replacing("steps = 120", with: "steps = 1"),
            to: "first")
        let first = folder.url.appending(path: "first/ward")
        let text = recipe(entities, training: "head_learning_rate = 1e-2")
            .replacing("learning_rate = 3e-3", with: "learning_rate = 1e-9")
            .replacing("steps = 120", with: "steps = 2")
            .replacing("directory = \"model\"", with: "directory = \"first/ward\"\nlayers = 1")
            .replacing("start = \"random\"", with: "norm_scale = 3\nlicence = \"MIT\"")
            .replacing("files = [", with: "licences = [\"CC BY-NC-SA 4.0\"]\nfiles = [")
        let (_, models) = try folder.train(text, to: "second")
        let origin = try #require(try ModelOrigin(in: models[0]))
        #expect(origin.sources.map(\.licence) == ["MIT", "CC BY-NC-SA 4.0"])
        #expect(origin.licence.hasPrefix("CC BY-NC-SA 4.0"))
        let (before, after) = (try SafetensorsFolder(first), try SafetensorsFolder(models[0]))
        func largest(_ name: String, _ scale: Float = 1) throws -> Float {
            zip(try before.tensor(name).values, try after.tensor(name).values)
                .map { abs($0 * scale - $1) }.max() ?? 0
        }
        #expect(try largest("bert.encoder.layer.0.output.LayerNorm.weight", 3) < 1e-6)
        #expect(try largest("bert.encoder.layer.0.attention.output.LayerNorm.weight") < 1e-6)
        #expect(try largest("bert.encoder.layer.0.output.dense.weight") < 1e-6)
        #expect(try largest("classifier.weight") > 5e-3)
        #expect(!after.names.contains { $0.contains("layer.1.") })
        #expect(try PublishedCheckpoint(models[0], options: .init()).model.tokenLabels?.count == 7)
        #expect(throws: RecipeError.self) {
            try folder.run(recipe(entities).replacing("pieces", with: "layers = 3\npieces"))
        }
        #expect(throws: RecipeError.self) {
            try folder.run(recipe(entities).replacing("pieces", with: "norm_scale = 2\npieces"))
        }
    }

    @Test("Labels that were not annotated are neither learnt as absent nor measured")
    func partial() throws {
        let folder = try TuningFolder()
        // Without its drugs, whole and not annotated.
        let rows = TuningFolder.sentences.map { MarkedText($0) }.map { marked in
            let marks = marked.marks.filter { $0.label == "disease" }
            let isCertain = marked.marks.count == marks.count
            return [
                "text": marked.text, "annotated": isCertain ? ["disease", "drug"] : ["disease"],
                "spans": marks.map {
                    [
                        "start": $0.span.range.start, "end": $0.span.range.end, "label": $0.label,
                    ] as [String: Any]
                },
            ] as [String: Any]
        }
        try folder.write("partial.jsonl", rows)
        let heads = entities.replacing("spans.jsonl", with: "partial.jsonl")
        #expect(try folder.run(recipe(heads)).plan().heads[0].rows == 8)
        try folder.write(
            "wrong.jsonl",
            [
                [
                    "text": "発熱あり", "annotated": ["drug"],
                    "spans": [["start": 0, "end": 2, "label": "disease"]],
                ]
            ])
        #expect(throws: LabelledDataError.self) {
            try folder.run(recipe(entities.replacing("spans.jsonl", with: "wrong.jsonl")))
        }
        let row = { (id: String, task: String, tag: String, answer: String, start: Int) in
            [
                "id": id, "task": task, "tag": tag, "question": "", "answer": [answer],
                "doc": "発熱にアスピリン", "doc_id": "d1", "corpus": "MedTxt-CR",
                "fold": 0,
                "spans": [
                    ["text": answer, "offsets": [[start, start + answer.unicodeScalars.count]]]
                ],
            ] as [String: Any]
        }
        try folder.write("jmed.jsonl", [row("1", "mrner_disease", "d", "発熱", 0)])
        let jmed = entities.replacing("spans.jsonl", with: "jmed.jsonl") + "form = \"jmed-llm\"\n"
        #expect(throws: LabelledDataError.noRows(head: "entities", part: "training")) {
            try folder.run(recipe(jmed))
        }
        #expect(try folder.run(recipe(jmed + "partial = true\n")).plan().heads[0].rows == 1)
    }

    @Test(
        "Heads of texts, of pairs and of hidden words learn their rows",
        arguments: [
            (
                "kind = \"label\"\nlabels = [\"0\", \"1\", \"2\"]\nfiles = [\"labels.jsonl\"]",
                0.3
            ),
            (
                "kind = \"label\"\nbalanced = true\nlabels = [\"0\", \"1\", \"2\"]\n"
                    + "files = [\"labels.jsonl\"]", 0.3
            ),
            (
                "kind = \"ordinal\"\nlabels = [\"0\", \"1\", \"2\"]\nfiles = [\"labels.jsonl\"]",
                0.45
            ),
            ("kind = \"number\"\nfiles = [\"labels.jsonl\"]", 0.3),
            (
                "kind = \"label\"\npair = true\nlabels = [\"same\", \"other\"]\n"
                    + "files = [\"pairs.jsonl\"]", 0.3
            ),
            ("kind = \"masked\"\nfiles = [\"raw.txt\"]", 0.6),
        ])
    func learns(head: String, share: Double) throws {
        let folder = try TuningFolder()
        let plan = try folder.run(recipe("[[heads]]\nname = \"a\"\n" + head)).plan()
        #expect(plan.steps == 120 && plan.heads[0].examples == 8)
        var losses: [Double] = []
        let models = try folder.run(recipe("[[heads]]\nname = \"a\"\n" + head)).run(
            output: folder.url.appending(path: "run"), stop: StopRequest()
        ) {
            if case .step(let step) = $0 { losses.append(step.loss) }
        }
        let last = losses.suffix(10).reduce(0, +) / 10
        #expect(last < share * losses[0], "\(losses[0]) to \(last)")
        // The engine loads what was written.
        let model = try EncoderModel(directory: models[0])
        let logits = try #require(try model.logits([EncoderModel.Input(ids: [2, 7, 9, 3])]))
        #expect(!logits[0].values.contains { !$0.isFinite })
    }

    @Test("Folds and shares keep texts apart, and early stopping keeps the best state")
    func validation() throws {
        let folder = try TuningFolder()
        let (metrics, _) = try folder.train(
            recipe(
                entities,
                more: """
                    [validation]
                    every_steps = 20
                    share = 0.3
                    metric = "f1"
                    patience = 2
                    """))
        #expect(Set(metrics.keys) == ["loss", "f1", "precision", "recall"])
        #expect(
            throws: LabelledDataError.field(RowPlace(file: "spans.jsonl", line: 1), field: "fold")
        ) { try folder.run(recipe(entities, more: "[validation]\nfold = 0")) }
    }

    @Test("Warming up longer than the epochs last is refused with their number of steps")
    func longWarmup() throws {
        func epochs(_ warmup: Int) -> String {
            recipe(entities, training: "warmup_steps = \(warmup)")
                .replacingOccurrences(of: "steps = 120", with: "epochs = 2")
        }
        let folder = try TuningFolder()
        #expect(try folder.run(epochs(2)).steps == 2)
        let error = RecipeError.badValue(
            file: "tagger.toml", key: "training.warmup_steps",
            expected: "at most 2, the steps of the run")
        #expect(throws: error) { try folder.run(epochs(3)) }
    }

    @Test("Several heads are trained together and written apart")
    func several() throws {
        let folder = try TuningFolder()
        let (metrics, models) = try folder.train(
            recipe(
                entities + """
                    share = 2
                    [[heads]]
                    name = "level"
                    kind = "ordinal"
                    labels = ["0", "1", "2"]
                    files = ["labels.jsonl"]
                    """, training: "layer_decay = 0.9", more: "[validation]\nshare = 0.4"))
        #expect(models.map(\.lastPathComponent) == ["ward-entities", "ward-level"])
        #expect(metrics["entities.f1"] != nil && metrics["level.kappa"] != nil)
        #expect(try EncoderModel(directory: models[0]).configuration.task == .tokenClassification)
        #expect(
            try EncoderModel(directory: models[1]).configuration.task == .sequenceClassification)
    }

    @Test("A run that is stopped goes on to the same weights; another recipe is refused")
    func resume() throws {
        let folder = try TuningFolder()
        let text = recipe(entities, training: "", more: "[checkpoints]\nevery_steps = 10")
            .replacingOccurrences(of: "steps = 120", with: "steps = 24")
        let whole = try folder.train(text, to: "whole").models[0]
        let stop = StopRequest()
        #expect(throws: TrainingError.stopped(phase: "tuning", step: 13)) {
            try folder.run(text).run(output: folder.url.appending(path: "parts"), stop: stop) {
                if case .step(let step) = $0, step.step == 13 { stop.request() }
            }
        }
        let parts = try folder.train(text, to: "parts").models[0]
        #expect(
            try Data(contentsOf: whole.appending(path: "model.safetensors"))
                == Data(contentsOf: parts.appending(path: "model.safetensors")))
        #expect(throws: TrainingError.self) {
            try folder.train(
                text.replacingOccurrences(of: "3e-3", with: "4e-3"), to: "parts")
        }
    }

    @Test("Training goes on from what was written, with the trunk's weights and the head's")
    func continued() throws {
        let folder = try TuningFolder()
        _ = try folder.train(
            recipe("[[heads]]\nname = \"a\"\nkind = \"masked\"\nfiles = [\"raw.txt\"]"))
        let next = recipe(entities)
            .replacingOccurrences(of: "directory = \"model\"", with: "directory = \"run/ward\"")
            .replacingOccurrences(of: "start = \"random\"", with: "")
            .replacingOccurrences(of: "learning_rate = 3e-3", with: "learning_rate = 0")
            .replacingOccurrences(of: "steps = 120", with: "steps = 1")
        let before = try SafetensorsFile(
            folder.url.appending(path: "run/ward/model.safetensors"))
        let model = try folder.train(next, to: "tagger").models[0]
        let after = try SafetensorsFile(model.appending(path: "model.safetensors"))
        let name = "bert.encoder.layer.1.output.dense.weight"
        #expect(try before.tensor(name) == after.tensor(name))
        #expect(after.shape(of: "cls.predictions.bias") == nil)
        #expect(after.shape(of: "classifier.weight") == [7, 32])
    }

    @Test("An adapter learns beside weights that stay, and is written alone and merged")
    func adapter() throws {
        let folder = try TuningFolder()
        _ = try folder.train(
            recipe("[[heads]]\nname = \"a\"\nkind = \"masked\"\nfiles = [\"raw.txt\"]"))
        let text = recipe(
            entities, more: "[lora]\nrank = 4\nalpha = 16\ntargets = [\"query\", \"output.dense\"]"
        )
        .replacingOccurrences(of: "directory = \"model\"", with: "directory = \"run/ward\"")
        .replacingOccurrences(of: "start = \"random\"", with: "")
        .replacingOccurrences(of: "learning_rate = 3e-3", with: "learning_rate = 1e-2")
        var losses: [Double] = []
        let model = try folder.run(text).run(
            output: folder.url.appending(path: "tagger"), stop: StopRequest()
        ) {
            if case .step(let step) = $0 { losses.append(step.loss) }
        }[0]
        #expect(losses.suffix(10).reduce(0, +) / 10 < 0.3 * losses[0], "\(losses)")
        let before = try SafetensorsFile(folder.url.appending(path: "run/ward/model.safetensors"))
        let merged = try SafetensorsFile(model.appending(path: "model.safetensors"))
        let changed = try Set(
            before.names.filter { name in
                guard merged.shape(of: name) != nil else { return false }
                return try before.tensor(name) != merged.tensor(name)
            })
        #expect(
            changed
                == Set(
                    (0..<2).flatMap { layer in
                        ["attention.self.query", "attention.output.dense", "output.dense"]
                            .map { "bert.encoder.layer.\(layer).\($0).weight" }
                    }))
        let place = folder.url.appending(path: "tagger/ward-adapter")
        let adapter = try SafetensorsFile(place.appending(path: "adapter_model.safetensors"))
        let query = "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight"
        #expect(adapter.shape(of: query) == [4, 32])
        #expect(
            try adapter.tensor("base_model.model.classifier.weight")
                == merged.tensor("classifier.weight"))
        let settings = try #require(
            JSONSerialization.jsonObject(
                with: Data(contentsOf: place.appending(path: "adapter_config.json")))
                as? [String: Any])
        #expect(settings["task_type"] as? String == "TOKEN_CLS")
        #expect(settings["modules_to_save"] as? [String] == ["classifier"])
        #expect((settings["target_modules"] as? [String])?.count == 6)
        // Another base under the same adapter would be another model.
        try FileManager.default.removeItem(at: model.appending(path: "config.json"))
        let other = folder.url.appending(path: "run/ward/config.json")
        try (String(contentsOf: other, encoding: .utf8) + "\n")
            .write(to: other, atomically: true, encoding: .utf8)
        #expect(throws: TrainingError.self) { try folder.train(text, to: "tagger") }
        #expect(throws: RecipeError.self) {
            try folder.run(recipe(entities, more: "[lora]\nrank = 4"))
        }
    }

    @Test(
        "Products of 16 bits learn what those of 32 learn",
        .enabled(if: TrainingPrecision.bfloat16.isAvailable, "the processor has no such products"))
    func halfPrecision() throws {
        let folder = try TuningFolder()
        func losses(_ precision: String) throws -> [Double] {
            var losses: [Double] = []
            _ = try folder.run(recipe(entities, training: "precision = \"\(precision)\"")).run(
                output: folder.url.appending(path: precision), stop: StopRequest()
            ) {
                if case .step(let step) = $0 { losses.append(step.loss) }
            }
            return losses
        }
        let (half, single) = try (losses("bf16"), losses("f32"))
        #expect(abs(half[0] - single[0]) < 0.02 * single[0] && half != single)
        #expect(half.suffix(10).reduce(0, +) / 10 < 0.3 * half[0])
    }

    @Test("What is wrong with data or recipe is said before the start")
    func refusals() throws {
        let folder = try TuningFolder()
        #expect(
            throws: LabelledDataError.unknownLabel(
                RowPlace(file: "spans.jsonl", line: 3), known: ["disease"])
        ) {
            try folder.run(
                recipe(entities.replacingOccurrences(of: ", \"drug\", \"dose\"", with: "")))
        }
        for (change, key) in [
            (("kind = \"tokens\"", "kind = \"token\""), "heads[0].kind"),
            (("files = [\"spans.jsonl\"]", "files = [\"../x.jsonl\"]"), "heads[0].files"),
            (("seed = 3", "seed = -3"), "seed"),
            (("kind = \"tokens\"", "kind = \"tokens\"\nbalanced = true"), "heads[0].chain"),
            (("start = \"random\"", "start = \"other\""), "trunk.start"),
            (("kind = \"encoder\"", "kind = \"decoder\""), "kind"),
            (("directory = \"model\"", "directory = \"model\"\ncontext = 400"), "trunk.context"),
        ] {
            let error = #expect(throws: RecipeError.self) {
                try folder.run(
                    recipe(entities).replacingOccurrences(of: change.0, with: change.1))
            }
            guard case .badValue(_, let found, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(found == key)
        }
        #expect(throws: RecipeError.self) {
            try folder.run(recipe(entities + "classweights = 1"))
        }
    }
}

@Suite("A recipe of heads")
struct TuningRecipeTests {
    @Test("The one that comes with the project is read, and stops at the best F1")
    func example() throws {
        let recipe = try TuningRecipe(
            file: URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../etc/shoken/recipes/tagger.toml").standardized)
        #expect(recipe.heads.map(\.labels) == [["disease", "drug", "dose"]])
        #expect(recipe.heads.map(\.kind) == [.tokens(.constraints)])
        #expect(recipe.validation?.settings.metric == "f1")
        #expect(recipe.validation?.settings.keepsBest == true)
        #expect(recipe.validation?.settings.lowerIsBetter == false)
    }
}

@Suite("Hidden words")
struct WordMaskingTests {
    @Test("All pieces of a word are hidden together, in the shares that BERT has")
    func shares() {
        let masking = WordMasking(share: 0.15, mask: 4, vocabulary: 1000)
        let ids = (0..<40).map { Int32(100 + $0) }
        let words = stride(from: 0, to: 40, by: 2).map { [Int32($0), Int32($0 + 1)] }
        let example = HeadExample(
            ids: ids, types: [], targets: .tokens(rows: [], labels: [], chains: []))
        var generator = SplitMix64(seed: 1, stream: 1)
        var (chosen, masked, kept) = (0, 0, 0)
        for _ in 0..<2000 {
            let hidden = masking.hiding(example, words: words, &generator)
            guard case .tokens(let rows, let labels, _, _) = hidden.targets else { continue }
            #expect(labels == rows.map { ids[Int($0)] })
            #expect(Set(rows.map { $0 / 2 }).count * 2 == rows.count)
            chosen += rows.count
            masked += rows.count { hidden.ids[Int($0)] == 4 }
            kept += rows.count { hidden.ids[Int($0)] == ids[Int($0)] }
        }
        let all = Double(2000 * 40)
        #expect(abs(Double(chosen) / all - 0.15) < 0.01)
        #expect(abs(Double(masked) / Double(chosen) - 0.8) < 0.02)
        #expect(abs(Double(kept) / Double(chosen) - 0.1) < 0.02)
    }
}
