// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTasks
import Configuration
import DurableFiles
import Faults
import Foundation
import JSONFiles
import JapaneseText
import LanguageModel
import ModelBundle
import ResultStore

/// `shokenctl model import`: a published checkpoint becomes a bundle of this site.
struct ModelImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a bundle of a published model: a ready tagger, or a trunk for heads.",
        discussion: """
            FOLDER is a model as Hugging Face publishes it: config.json, safetensors, and its \
            tokenizer (tokenizer.json, tokenizer.model, spiece.model, or vocab.txt with \
            tokenizer_config.json). Encoders: BERT, RoBERTa, ModernBERT, DeBERTa-v2; decoders as in \
            `model logits`; a decoder may also be a GGUF file with its tokenizer in it. Files are \
            copied as they are, checked, tried on a sentence, and appear in the models directory in \
            one rename.

            A model with a head that labels tokens becomes a tagger: its entities are recorded, by \
            what its labels mean. PRISM's labels (d_positive, m-key_executed, m-val …) and our own \
            (disease, drug, dose, with _suspicious, _negative, _general) are known; every other \
            needs a line in the map, be it "ignore":

              names = ["O", "B-d_positive", "I-d_positive", "B-a"]  # if config.json has LABEL_0 …
              pieces = "each"                # or "first": a word is what its first piece is
              [labels]
              d_positive = "disease"
              d_suspicious = "disease suspicious"
              "*" = "ignore"                 # all other classes

            A decoder whose tokenizer is of the kind that Shoken trains, as it comes back from an \
            export of `train export`, becomes a trunk that reads MeCab's words, as one that was \
            trained here; shoken-origin.json in its folder says from what it was made.

            Any other model becomes a trunk: fit heads on it with `train heads --trunk NAME`. A \
            model that labels whole texts can only be a trunk (--as trunk), since the database has \
            no place for such labels. Weights that are there only as PyTorch's pickle are refused.
            """)

    /// What the model is to serve as.
    enum Service: String, ExpressibleByArgument, CaseIterable {
        case tagger, trunk
    }

    @Option(help: ArgumentHelp("The model's folder, or a GGUF file.", valueName: "folder|gguf"))
    var from: String

    @Option(help: "Name to give the bundle.")
    var name: String

    @Option(help: "What it serves as (default: tagger where the model labels tokens).")
    var `as`: Service?

    @Option(help: ArgumentHelp("What its labels mean, as TOML.", valueName: "file"))
    var labels: String?

    @Option(
        help: ArgumentHelp("The tokenizer, where it is elsewhere.", valueName: "file|folder"))
    var tokenizer: String?

    @Option(
        help: ArgumentHelp(
            "MeCab's system dictionary for a tokenizer that cuts words with MeCab.",
            valueName: "folder"))
    var dictionary: String?

    @Option(
        help: ArgumentHelp(
            "A compiled user dictionary for it; it is copied into the bundle.", valueName: "file"))
    var userDictionary: String?

    @Option(help: "Longest text that is read at once, in tokens (default: the model's, to 8192).")
    var context: Int?

    @Option(help: "Version to give the bundle.")
    var bundleVersion = "1"

    @Option(help: "The model's licence (default: what its README states).")
    var licence: String?

    @Flag(help: "Accept a tokenizer with fewer tokens than the model's vocab_size.")
    var paddedVocabulary = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let configuration = try common.configured()
        try configuration.registry.checkFree(name)
        if tokenizer == nil, let own = try OwnCheckpoint(URL(filePath: from)) {
            return try write(own, configuration)
        }
        var options = PublishedCheckpoint.Options()
        options.tokenizer = tokenizer.map { URL(filePath: $0) }
        options.dictionary = dictionary
        options.userDictionary = userDictionary
        options.context = context
        options.isPadded = paddedVocabulary
        let checkpoint = try PublishedCheckpoint(URL(filePath: from), options: options)
        let map = try labelMap(of: checkpoint.model)
        let bundle = try checkpoint.write(
            try manifest(checkpoint, map),
            card: ModelCard(manifest: manifest(checkpoint, map)).text,
            to: configuration.registry)
        try record(bundle, in: configuration)
        try report(bundle, map)
    }

    /// Makes the bundle of a trunk that reads MeCab's words.
    private func write(_ own: OwnCheckpoint, _ configuration: ServiceConfiguration) throws {
        guard self.as != .tagger, labels == nil else {
            throw ModelImportError.noTokenLabels(location: from)
        }
        guard context == nil, dictionary == nil, userDictionary == nil || own.origin == nil else {
            throw CommandFailure(
                .usage,
                "--context, --dictionary and --user-dictionary do not apply to a model that was trained on words: its files say them"
            )
        }
        let words = try wordDictionaries()
        let manifest = BundleManifest(
            name: name, version: bundleVersion, createdAt: Date().formatted(.iso8601),
            codeVersion: programVersion,
            cleaning: .init(
                profile: TextCleaner.Profile.documents.rawValue,
                version: own.origin?.cleaningVersion ?? CleaningVersion.newest.rawValue),
            dictionary: own.origin?.dictionary ?? words,
            origin: .init(recipe: own.origin?.recipe, recipeSHA256: own.origin?.recipeSHA256),
            tasks: [:],
            sources: own.origin?.sources ?? [
                .init(
                    name: URL(filePath: from).lastPathComponent,
                    licence: licence ?? own.statedLicence ?? "not stated", usedFor: ["trunk"],
                    rows: 0)
            ],
            licence: licence ?? own.origin?.licence ?? own.statedLicence ?? "not stated",
            scores: [:])
        let bundle = try own.write(
            manifest, card: ModelCard(manifest: manifest).text, to: configuration.registry)
        try record(bundle, in: configuration)
        if own.origin == nil, !common.json {
            print(
                "\(from) has no \(ModelOrigin.fileName): taken as trained on words cut with \(manifest.dictionary) and cleaned by the newest rules"
            )
        }
        try report(bundle, nil)
    }

    /// The map of a tagger's labels; nil for a trunk.
    private func labelMap(of model: Trunk) throws -> LabelMap? {
        if self.as == .trunk {
            guard labels == nil else {
                throw CommandFailure(.usage, "--labels are for a tagger, not for --as trunk")
            }
            return nil
        }
        guard let names = model.tokenLabels else {
            if self.as == nil, let texts = model.textLabelCount {
                throw ModelImportError.labelsTexts(labels: texts)
            }
            guard self.as == nil, labels == nil else {
                throw ModelImportError.noTokenLabels(location: from)
            }
            return nil
        }
        let file = try labels.map { try LabelMapFile(file: $0) }
        return try LabelMap(
            modelNames: names, names: file?.names, pieces: try pieces(file),
            given: file?.meanings ?? [:])
    }

    private func pieces(_ file: LabelMapFile?) throws -> LabelMap.Pieces {
        guard let text = file?.pieces else { return .first }
        guard let pieces = LabelMap.Pieces(rawValue: text) else {
            throw ConfigurationError.outOfRange(
                file: labels ?? "", key: "pieces", value: "\"\(text)\"",
                allowed: LabelMap.Pieces.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return pieces
    }

    private func manifest(
        _ checkpoint: PublishedCheckpoint, _ map: LabelMap?
    ) throws -> BundleManifest {
        let origin = try ModelOrigin(in: URL(filePath: from))
        let stated = licence ?? checkpoint.statedLicence ?? "not stated"
        let licence = origin.map { "trunk: \(stated); trained further: \($0.licence)" } ?? stated
        let settings = try map.map {
            try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode($0))
        }
        return BundleManifest(
            name: name, version: bundleVersion, createdAt: Date().formatted(.iso8601),
            codeVersion: programVersion,
            cleaning: .init(
                profile: TextCleaner.Profile.documents.rawValue,
                version: origin?.cleaningVersion ?? CleaningVersion.newest.rawValue),
            dictionary: try checkpoint.description.readsWords == true
                ? wordDictionaries() : BundleManifest.dictionary(user: nil),
            trunk: checkpoint.description,
            origin: origin.map { .init(recipe: $0.recipe, recipeSHA256: $0.recipeSHA256) },
            tasks: settings.map {
                [EntityTagger.taskName: .init(method: .tagger, settings: $0)]
            } ?? [:],
            sources: [
                .init(
                    name: URL(filePath: from).lastPathComponent, licence: stated,
                    usedFor: ["trunk"] + (map == nil ? [] : [EntityTagger.taskName]), rows: 0)
            ] + (origin?.sources ?? []), licence: licence, scores: [:])
    }

    /// The dictionaries that cut words for a model that reads such.
    private func wordDictionaries() throws -> String {
        BundleManifest.dictionary(
            user: try userDictionary.map {
                try ContentDigest(ofFile: FilePath(URL(filePath: $0).resolvingSymlinksInPath()))
                    .hexadecimal
            })
    }

    /// Puts the import into the audit trail, where there is a database.
    private func record(_ bundle: BundleDirectory, in configuration: ServiceConfiguration) throws {
        guard FileManager.default.fileExists(atPath: configuration.databaseFile) else { return }
        let database = try ResultDatabase(file: URL(filePath: configuration.databaseFile))
        try database.appendEvent(
            actor: NSUserName(), action: "model imported", object: name,
            details: ["sha256": bundle.sha256, "from": URL(filePath: from).lastPathComponent],
            at: Date())
    }

    private struct Report: Encodable {
        let name: String
        let directory: String
        let sha256: String
        let service: String
        let labels: [String: String]?
    }

    private func report(_ bundle: BundleDirectory, _ map: LabelMap?) throws {
        let report = Report(
            name: name, directory: bundle.directory.path(percentEncoded: false),
            sha256: bundle.sha256, service: map == nil ? "trunk" : "tagger",
            labels: map?.meanings)
        if common.json { return try printJSON(report) }
        print("\(name): imported as \(report.service), \(report.directory)")
        if let map {
            TextTable(
                columns: ["label", "becomes"],
                rows: map.meanings.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
            ).print()
            print("Use it with: shokenctl model activate \(name)")
        } else {
            print("Fit heads on it with: shokenctl train heads --trunk \(name) …")
        }
    }
}
