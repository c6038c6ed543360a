// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
package import LanguageModel
package import ModelBundle
package import Training
import WeightFiles

/// A pre-training run as a directory that other machines train with PyTorch and Transformers.
///
/// It holds the rows in the order in which we would read them, the weights that we would begin with,
/// the settings, and a script.
package struct TrainingExport {
    /// Largest file of rows where nothing else is said, in bytes.
    package static let usualShardBytes = 256 << 20

    /// The recipe.
    package let recipe: Recipe
    /// The network, with the tokenizer's vocabulary.
    package let configuration: DecoderConfiguration
    private let shards: [RowShards]

    /// An export; `configuration` is the recipe's with the tokenizer's vocabulary, or nearly so where
    /// only ``byteCount`` is wanted.
    ///
    /// Throws ``TrainingExportError/architecture(_:)`` or
    /// ``TrainingExportError/window(tokens:phase:context:)``.
    package init(
        _ recipe: Recipe, configuration: DecoderConfiguration,
        shardBytes: Int = Self.usualShardBytes
    ) throws(TrainingExportError) {
        guard configuration.architecture.description.isExportedForTraining else {
            throw .architecture(configuration.architecture.rawValue)
        }
        for phase in recipe.phases where phase.objective != .causal || !phase.crossesDocuments {
            if let window = configuration.slidingWindow, phase.context > window {
                throw .window(tokens: window, phase: phase.name, context: phase.context)
            }
        }
        (self.recipe, self.configuration) = (recipe, configuration)
        shards = recipe.phases.map { RowShards(byteLimit: shardBytes, phase: $0) }
    }

    /// Files of rows.
    package var shardCount: Int { shards.reduce(0) { $0 + $1.plan.count } }
    /// Rows of all phases.
    package var rowCount: Int { shards.reduce(0) { $0 + $1.rowCount } }
    /// Bytes of rows and weights; the other files are small.
    package var byteCount: Int {
        shards.reduce(4 * configuration.parameterCount) { $0 + $1.byteCount }
    }

    /// What the directory is made from, besides the recipe.
    package struct Content {
        /// The run: its first weights, its rows, its optimizer.
        package let run: PretrainingRun
        /// The model that training goes on from; nil where it begins with random weights.
        package let start: StartModel?
        /// The tokenizer's file, where there is no such model.
        package let tokenizer: URL
        /// The token that begins a document; nil where only its end is marked.
        package let begin: Int32?
        /// The token that ends a document.
        package let end: Int32
        /// The recipe's file.
        package let recipeFile: URL
        /// What the model is made from, for the bundle that comes of it.
        package let origin: ModelOrigin

        /// All parts.
        package init(
            run: PretrainingRun, start: StartModel? = nil, tokenizer: URL, begin: Int32?,
            end: Int32, recipeFile: URL, origin: ModelOrigin
        ) {
            (self.run, self.start, self.tokenizer) = (run, start, tokenizer)
            (self.begin, self.end) = (begin, end)
            (self.recipeFile, self.origin) = (recipeFile, origin)
        }
    }

    /// Makes sure that an export can be written to a place.
    ///
    /// Throws ``TrainingExportError/alreadyThere(_:)``,
    /// ``TrainingExportError/noSpace(directory:needed:free:)`` and `FileError`.
    package func check(_ folder: URL) throws {
        let (disk, path) = (DiskFiles(), FilePath(folder))
        guard try disk.facts(of: path) == nil else {
            throw TrainingExportError.alreadyThere(path.description)
        }
        try disk.makeDirectory(path.parent)
        let free = Int(clamping: try disk.freeBytes(at: path.parent))
        guard byteCount < free else {
            throw TrainingExportError.noSpace(
                directory: path.parent.description, needed: byteCount, free: free)
        }
    }

    /// Writes the directory, which appears whole or not at all.
    ///
    /// `progress` is told what is written and the share of all rows that is done. Throws what `check`
    /// and the content throw, ``TrainingError/stopped(phase:step:)`` when a stop was asked for, and
    /// the errors of the files.
    package func write(
        _ content: Content, to folder: URL, stop: StopRequest,
        progress: (_ part: String, _ share: Double) -> Void
    ) throws {
        try check(folder)
        try NewFolder.write(to: folder, replaces: false) { folder in
            try DiskFiles().makeDirectory(FilePath(folder.appending(path: "data")))
            var phases: [ExportedTraining.Phase] = []
            let stages = content.run.stages()
            var done = 0
            for (index, shards) in shards.enumerated() {
                var rows = try content.run.rows(ofPhase: index)
                phases.append(
                    .init(
                        recipe.phases[index], dropoutSeed: rows.dropoutSeed,
                        stages[index].optimizer))
                for shard in shards.plan {
                    if stop.isRequested {
                        throw TrainingError.stopped(phase: "export", step: done)
                    }
                    progress(shard.file, Double(done) / Double(rowCount))
                    try shards.write(shard, rows: &rows, in: folder)
                    done += shard.rows
                }
            }
            progress("model.safetensors", 1)
            let companions = try writeModel(content, in: folder)
            try writeSettings(content, phases, companions, in: folder)
            try writeManifest(in: folder)
        }
    }

    // MARK: Files

    /// The modules of the model, where Transformers has none of its own.
    private var modules: [String: [UInt8]] {
        guard configuration.architecture == .ncvc else { return [:] }
        return [
            "configuration_ncvc.py": PackageResources.configuration_ncvc_py,
            "modeling_ncvc.py": PackageResources.modeling_ncvc_py,
        ]
    }

    /// Writes the model before the first step; gives back the names of its tokenizer's files.
    private func writeModel(_ content: Content, in folder: URL) throws -> [String] {
        var companions = ["tokenizer.json"]
        if let start = content.start {
            companions = try place(start, in: folder)
        } else {
            try SafetensorsWriter.write(
                content.run.start().named(), storage: .float32,
                metadata: [
                    "format": "pt", "recipe": recipe.name, "recipe_sha256": recipe.digest,
                ], to: folder.appending(path: "model.safetensors"))
            var stored = configuration
            stored.dtype = .float32
            try write(json(stored.fields), "config.json", in: folder)
            try write(try Data(contentsOf: content.tokenizer), "tokenizer.json", in: folder)
        }
        guard !modules.isEmpty else { return companions }
        let file = folder.appending(path: "config.json")
        var fields = try ConfigurationFields(file: file).all
        fields["auto_map"] = [
            "AutoConfig": "configuration_ncvc.NcvcConfig",
            "AutoModelForCausalLM": "modeling_ncvc.NcvcForCausalLM",
        ]
        try write(json(fields), "config.json", in: folder)
        for (name, bytes) in modules { try write(Data(bytes), name, in: folder) }
        return companions
    }

    /// Puts the files of a model in 32 bits into a folder; gives back the names of all but
    /// configuration and weights.
    private func place(_ start: StartModel, in folder: URL) throws -> [String] {
        let (disk, part) = (DiskFiles(), folder.appending(path: "model"))
        try start.write(start.parameters(), to: part)
        let names = try disk.names(in: FilePath(part)).sorted()
        for name in names {
            try disk.move(
                FilePath(part).appending(name), to: FilePath(folder).appending(name))
        }
        try disk.removeDirectory(FilePath(part))
        return names.map(\.escaped).filter {
            $0 != "config.json" && !$0.hasPrefix("model.safetensors")
        }
    }

    private func writeSettings(
        _ content: Content, _ phases: [ExportedTraining.Phase], _ companions: [String],
        in folder: URL
    ) throws {
        let training = ExportedTraining(
            recipe: recipe.name, recipeSHA256: recipe.digest, seed: recipe.seed,
            parameters: configuration.parameterCount,
            beginToken: content.begin, endToken: content.end, phases: phases,
            companions: companions + ["training.json", "recipe.toml", ModelOrigin.fileName])
        try write(json(training), "training.json", in: folder)
        try write(
            json(
                DeepSpeedSettings(
                    bf16: .init(enabled: recipe.phases.contains { $0.precision == .bfloat16 }))),
            "deepspeed.json", in: folder)
        try write(Data(PackageResources.train_py), "train.py", in: folder)
        try write(Data(PackageResources.rows_py), "rows.py", in: folder)
        try write(try Data(contentsOf: content.recipeFile), "recipe.toml", in: folder)
        try write(content.origin.json(), ModelOrigin.fileName, in: folder)
        let readme = ExportReadme(
            training: training, configuration: configuration, hasModules: !modules.isEmpty)
        try write(Data(readme.text.utf8), "README.md", in: folder)
    }

    /// Sizes and digests of all that is there.
    private func writeManifest(in folder: URL) throws {
        var manifest = ExportManifest(files: [:], shards: shards.flatMap(\.plan))
        let disk = DiskFiles()
        for part in ["", "data/"] {
            for name in try disk.names(in: FilePath(folder.appending(path: part))) {
                let file = part + name.escaped
                let path = FilePath(folder.appending(path: file))
                guard let facts = try disk.facts(of: path), facts.kind == .regularFile
                else { continue }
                manifest.files[file] = .init(
                    bytes: facts.size, sha256: try ContentDigest(ofFile: path).hexadecimal)
            }
        }
        try write(json(manifest), "manifest.json", in: folder)
    }

    private func json(_ value: some Encodable) throws -> Data {
        return try JSONEncoder.sorted(.prettyPrinted).encode(value) + Data("\n".utf8)
    }

    private func write(_ content: Data, _ name: String, in folder: URL) throws {
        try DiskFiles().write(content, to: FilePath(folder.appending(path: name)))
    }
}

/// `deepspeed.json`: what DeepSpeed shares among processes; the script adds what is said of each phase.
private struct DeepSpeedSettings: Encodable {
    struct Zero: Encodable {
        let stage = 2
        let overlap_comm = true
        let contiguous_gradients = true
    }

    struct Switch: Encodable { let enabled: Bool }

    let zero_optimization = Zero()
    let bf16: Switch
}
