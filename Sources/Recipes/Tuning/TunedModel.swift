// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import DurableFiles
import Foundation
import LanguageModel
import ModelBundle
import Tensors
import Training
import WeightFiles

/// A trained trunk with one head, as Hugging Face tools and `model import` read it.
struct TunedModel {
    let folder: TrunkFolder
    let head: HeadSource
    let tensors: [String: Tensor]
    /// Thresholds between ordered labels.
    let thresholds: [Double]?
    let pieces: LabelMap.Pieces
    /// The fold that it was trained without and on which nothing else depends; nil where there is none.
    let heldFold: Int?
    /// What it was made from.
    let origin: ModelOrigin

    /// Files of a tokenizer that are taken over as they are.
    private static let tokenizerFiles = [
        "tokenizer.json", "tokenizer.model", "spiece.model", "vocab.txt", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json",
    ]

    /// Writes the folder; `config.json` comes last, so that what is unfinished is no model.
    func write(to url: URL) throws {
        let files = DiskFiles()
        try files.makeDirectory(FilePath(url))
        for name in Self.tokenizerFiles {
            let source = folder.url.appending(path: name).resolvingSymlinksInPath()
            guard FileManager.default.fileExists(atPath: source.path) else { continue }
            let content = try Data(contentsOf: source, options: .mappedIfSafe)
            try files.write(content, to: FilePath(url.appending(path: name)))
        }
        try SafetensorsWriter.write(
            tensors.merging(evenTransitions) { own, _ in own }, storage: .float32,
            metadata: ["format": "pt"],
            to: url.appending(path: "model.safetensors"))
        if case .tokens = head.kind {
            try files.write(Data(labelMap.utf8), to: FilePath(url.appending(path: "labels.toml")))
        }
        try files.write(
            try origin.json(), to: FilePath(url.appending(path: ModelOrigin.fileName)))
        try files.write(try configuration(), to: FilePath(url.appending(path: "config.json")))
    }

    /// Labels that were trained as a chain whose rules alone count follow each other equally well, which
    /// serving has to know for the probabilities of entities.
    private var evenTransitions: [String: Tensor] {
        guard case .tokens(.constraints) = head.kind else { return [:] }
        let count = head.classNames.count
        return [
            LabelTransitions.names.pairs: Tensor(zeros: [count, count]),
            LabelTransitions.names.start: Tensor(zeros: [count]),
            LabelTransitions.names.end: Tensor(zeros: [count]),
        ]
    }

    /// What `model import --labels` needs: which pieces decide, and a line for each class to be filled.
    private var labelMap: String {
        var text = """
            # What the labels of this tagger mean, for: shokenctl model import --labels labels.toml
            pieces = "\(pieces.rawValue)"
            [labels]

            """
        for label in head.labels {
            let known = LabelMeaning.usual(for: label)?.text
            let quoted = label.replacingOccurrences(of: "\\", with: "\\\\")
                .replacingOccurrences(of: "\"", with: "\\\"")
            text += "\"\(quoted)\" = \"\(known ?? "ignore")\"\n"
        }
        return text
    }

    /// The trunk's own configuration with what the head changes.
    private func configuration() throws -> Data {
        let file = folder.url.appending(path: "config.json")
        let content = try DiskFiles().read(
            FilePath(file.resolvingSymlinksInPath()), maximumBytes: 16 << 20)
        guard var fields = try JSONSerialization.jsonObject(with: content) as? [String: Any] else {
            throw TrainingError.reference(file: file.path, field: "an object")
        }
        let stated = (fields["architectures"] as? [String])?.first
        fields["architectures"] = [folder.architecture(head.kind, stated: stated)]
        for key in [
            "problem_type", "num_labels", "_name_or_path", "id2label", "label2id",
            "quantization_config",
        ] {
            fields[key] = nil
        }
        if !folder.isEncoder {
            fields["tie_word_embeddings"] = true
            fields[TokenHead.Field.isCausal] = folder.isCausal
        }
        fields[TokenHead.Field.readsWords] = folder.readsWords ? true : nil
        if let layers = folder.keptLayers { fields["num_hidden_layers"] = layers }
        fields[HeldFold.field] = heldFold
        fields["torch_dtype"] = "float32"
        fields["dtype"] = nil
        switch head.kind {
        case .tokens, .label: setLabels(head.classNames, &fields)
        case .ordinal:
            setLabels(["score"], &fields)
            fields["problem_type"] = "regression"
            fields["ordinal_labels"] = head.labels
            fields["ordinal_thresholds"] = thresholds
        case .number:
            setLabels(["score"], &fields)
            fields["problem_type"] = "regression"
        case .maskedTokens: break
        }
        return try JSONSerialization.data(
            withJSONObject: fields, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    private func setLabels(_ names: [String], _ fields: inout [String: Any]) {
        let numbered = Array(names.enumerated())
        fields["id2label"] = Dictionary(
            uniqueKeysWithValues: numbered.map { (String($0.offset), $0.element) })
        fields["label2id"] = Dictionary(
            uniqueKeysWithValues: numbered.map { ($0.element, $0.offset) })
    }
}
