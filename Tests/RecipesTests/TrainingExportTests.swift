// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import LanguageModel
import ModelBundle
import TestSupport
import Training
import Testing
import WeightFiles

@testable import Recipes

/// Documents of a made-up language.
private let documents: [[Int32]] = (0..<40).map { number -> [Int32] in
    let length: Int = 5 + number % 23
    return (0..<length).map { place -> Int32 in Int32(4 + (number * 7 + place * 3) % 12) }
}

private func recipe(crossDocuments: Bool = false) throws -> Recipe {
    try TrialRecipe.read(
        model: "scale_embedding = true",
        first: """
            tokens = 1024
            micro_batch_tokens = 32
            dropout = 0.1
            cross_documents = \(crossDocuments)
            """,
        second: """
            tokens = 640
            micro_batch_tokens = 64
            weight_decay = 0.05
            precision = "bf16"
            """)
}

@Suite("An exported training run")
struct TrainingExportTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("{}", to: "tokenizer.json")
        try folder.write("name = \"trial\"\n", to: "trial.toml")
    }

    private func run(_ recipe: Recipe) -> PretrainingRun {
        PretrainingRun(
            recipe, configuration(recipe),
            special: PretrainingRun.SpecialTokens(begin: 0, end: 1, masks: [3, 3]), workers: 1,
            pools: { _ in [DocumentPool(documents: documents, weight: 1.5)] })
    }

    private func configuration(_ recipe: Recipe) -> DecoderConfiguration {
        var configuration = recipe.model
        configuration.vocabSize = 16
        (configuration.bosTokenID, configuration.eosTokenIDs) = (0, [1])
        return configuration
    }

    private func content(_ recipe: Recipe) -> TrainingExport.Content {
        TrainingExport.Content(
            run: run(recipe), tokenizer: folder["tokenizer.json"], begin: 0, end: 1,
            recipeFile: folder["trial.toml"],
            origin: ModelOrigin(
                recipe: "trial", recipeSHA256: recipe.digest, codeVersion: "1", cleaningVersion: 1,
                dictionary: "ipadic", readsWords: true, sources: [], licence: "CC0"))
    }

    private func write(
        _ recipe: Recipe, shardBytes: Int = 1 << 20, as name: String = "out",
        stop: StopRequest = StopRequest()
    ) throws -> URL {
        let place = folder[name]
        try TrainingExport(
            recipe, configuration: configuration(recipe), shardBytes: shardBytes
        ).write(content(recipe), to: place, stop: stop, progress: { _, _ in })
        return place
    }

    private func manifest(_ place: URL) throws -> ExportManifest {
        try JSONDecoder().decode(
            ExportManifest.self, from: Data(contentsOf: place.appending(path: "manifest.json")))
    }

    /// All numbers of a tensor in the shards of a phase.
    private func numbers(_ name: String, of phase: String, in place: URL) throws -> [Int32] {
        try manifest(place).shards.filter { $0.phase == phase }.flatMap { shard in
            let content = try Data(contentsOf: place.appending(path: shard.file))
            var length = 0
            for byte in content.prefix(8).reversed() { length = length << 8 | Int(byte) }
            let header = try #require(
                try JSONSerialization.jsonObject(with: content[8..<8 + length])
                    as? [String: [String: Any]])
            let entry = try #require(header[name])
            #expect(entry["dtype"] as? String == "I32")
            #expect(entry["shape"] as? [Int] == [shard.rows, 16])
            let offsets = try #require(entry["data_offsets"] as? [Int])
            let start = 8 + length + offsets[0]
            let bytes = [UInt8](content[start..<8 + length + offsets[1]])
            return stride(from: 0, to: bytes.count, by: 4).map { place -> Int32 in
                var bits: UInt32 = 0
                for byte in bytes[place..<place + 4].reversed() { bits = bits << 8 | UInt32(byte) }
                return Int32(bitPattern: bits)
            }
        }
    }

    @Test("holds the rows of every phase as a run reads them", arguments: [1 << 20, 700, 1])
    func rowsInOrder(shardBytes: Int) throws {
        let recipe = try recipe()
        let place = try write(recipe, shardBytes: shardBytes)
        for (index, phase) in recipe.phases.enumerated() {
            var rows = try run(recipe).rows(ofPhase: index)
            let batches = (0..<phase.steps).flatMap { rows.batches(step: $0) }
            #expect(
                try numbers("input_ids", of: phase.name, in: place) == batches.flatMap(\.tokens))
            guard phase.objective == .maskedNext else { continue }
            let labels = try numbers("labels", of: phase.name, in: place)
            let expected = batches.flatMap { batch in
                var labels = [Int32](repeating: -100, count: batch.tokens.count)
                for (row, label) in zip(batch.targets.rows, batch.targets.labels) {
                    labels[Int(row)] = label
                }
                return labels
            }
            #expect(labels == expected)
            #expect(labels.contains { $0 >= 0 })
        }
    }

    @Test("lists every file with its size and digest, and keeps shards below the limit")
    func files() throws {
        let place = try write(recipe(), shardBytes: 1000)
        let manifest = try manifest(place)
        var found = Set(try FileManager.default.subpathsOfDirectory(atPath: place.path))
        found.subtract(["data", "manifest.json"])
        #expect(Set(manifest.files.keys) == found)
        for (name, file) in manifest.files {
            let path = FilePath(place.appending(path: name))
            #expect(try DiskFiles().facts(of: path)?.size == file.bytes)
            #expect(try ContentDigest(ofFile: path).hexadecimal == file.sha256)
        }
        #expect(manifest.shards.map(\.rows) == [15, 15, 15, 15, 4, 7, 7, 7, 7, 7, 5])
        #expect(manifest.shards.map(\.firstRow) == [0, 15, 30, 45, 60, 0, 7, 14, 21, 28, 35])
        #expect(Set(manifest.shards.map(\.file)).count == manifest.shards.count)
    }

    @Test("begins with our own weights, in a model that the engine reads")
    func model() throws {
        let recipe = try recipe()
        let place = try write(recipe)
        let model = try DecoderModel(directory: place)
        #expect(model.configuration == configuration(recipe))
        #expect(model.configuration.embeddingScale == 4)
        let file = try SafetensorsFile(place.appending(path: "model.safetensors"))
        let expected = run(recipe).start().named()
        #expect(Set(file.names) == Set(expected.keys))
        for (name, tensor) in expected { #expect(try file.tensor(name) == tensor) }
        #expect(try ModelOrigin(in: place)?.recipeSHA256 == recipe.digest)
    }

    @Test("says schedule, optimizer and seeds of each phase")
    func settings() throws {
        let recipe = try recipe(crossDocuments: true)
        let json = try Data(contentsOf: write(recipe).appending(path: "training.json"))
        let training = try JSONDecoder().decode(ExportedTraining.self, from: json)
        #expect(training.phases.map(\.steps) == [8, 5])
        #expect(training.phases.map(\.rowsPerStep) == [8, 8])
        #expect(training.phases.map(\.rowsPerPass) == [2, 4])
        #expect(training.phases.map(\.crossDocuments) == [true, false])
        #expect(training.phases.map(\.weightDecay) == [0.1, 0.05])
        #expect(training.phases.map(\.dropout) == [0.1, 0])
        #expect(training.phases[0].adam == .init(beta1: 0.9, beta2: 0.95, epsilon: 1e-8))
        #expect(training.phases[0].seed != training.phases[1].seed)
        #expect(training.phases.map(\.precision) == ["f32", "bf16"])
    }

    @Test("of the paper's recipe has the paper's steps, rows, rates and size")
    func paper() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../etc/shoken/recipes/ncvc-slm-1.toml").standardized
        let recipe = try Recipe(file: file)
        let export = try TrainingExport(
            recipe, configuration: recipe.model)
        #expect(export.configuration.parameterCount == 1_191_282_688)
        #expect(export.rowCount == 24000 * 1024)
        let phase = ExportedTraining.Phase(
            recipe.phases[0], dropoutSeed: 1, AdamW.Settings())
        #expect(phase.steps == 24000 && phase.rowsPerStep == 1024 && phase.rowsPerPass == 8)
        #expect(phase.warmupSteps == 750 && phase.precision == "bf16")
        #expect(phase.learningRate == 1e-3 && phase.dropout == 0.1)
        #expect(phase.crossDocuments && phase.weightDecay == 0.1 && phase.clipNorm == 1)
    }

    @Test("is the same, byte for byte, each time")
    func same() throws {
        let recipe = try recipe()
        let places = try ["a", "b"].map { try write(recipe, shardBytes: 900, as: $0) }
        #expect(try manifest(places[0]) == manifest(places[1]))
    }

    @Test("takes no place that is taken, and leaves nothing when it is stopped")
    func wholeOrNothing() throws {
        let (recipe, stop) = (try recipe(), StopRequest())
        let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        stop.request()
        #expect(throws: TrainingError.stopped(phase: "export", step: 0)) {
            try write(recipe, stop: stop)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
        let place = try write(recipe)
        #expect(throws: TrainingExportError.alreadyThere(place.path)) { try write(recipe) }
    }

    @Test("is refused for networks that the script does not train as we do")
    func refusals() throws {
        var configuration = try configuration(recipe())
        configuration.architecture = .gemma2
        #expect(throws: TrainingExportError.architecture("gemma2")) {
            try TrainingExport(recipe(), configuration: configuration)
        }
        configuration.architecture = .mistral
        configuration.slidingWindow = 8
        #expect(throws: TrainingExportError.window(tokens: 8, phase: "first", context: 16)) {
            try TrainingExport(recipe(), configuration: configuration)
        }
    }
}
