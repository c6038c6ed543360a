// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
package import Tensors
package import WeightFiles

extension ModelConversion {
    /// Writes the model as a folder that Hugging Face tools read; it appears whole or not at all.
    ///
    /// Without `storage` the elements of a folder stay as they are, and those of a GGUF file become
    /// 16-bit floats where all its matrices are, else 32-bit floats. With `roundsRows` large matrices of an
    /// encoder become whole numbers of 8 bits with a scale for each row. `shardBytes` divides the weights.
    /// `replaces` takes the place of a folder that is there; without it, `EEXIST`. `weights` stand in
    /// for those of the model, by the names and in the shapes that a folder has. Throws
    /// `WeightFileError`, `FileError`, `ConversionError` or `TokenizerError`.
    @discardableResult
    package func writeFolder(
        to folder: URL, storage: WeightStorage? = nil, roundsRows: Bool = false,
        shardBytes: Int? = nil, replaces: Bool = false, weights: [String: Tensor] = [:],
        progress: (Double) throws -> Void = { _ in }
    ) throws -> ConversionReport {
        guard !roundsRows || configuration == nil else {
            throw ConversionError.decoderInRows(file: path)
        }
        precondition(!roundsRows || shardBytes == nil, "a matrix and its scales are in one file")
        let plan = plannedTensors(storage, roundsRows: roundsRows)
        let shards = SafetensorsShards(plan, limit: shardBytes)
        let hasRows = plan.contains { $0.elements == .plain(.signed8) }
        let files = try accompanyingFiles(storage, hasRows: hasRows)
        var report = ConversionReport(plan)
        report.files = shards.files.count
        let stored = (configuration?.storedTensors ?? []).reduce(into: [:]) {
            $0[$1.name] = $1
        }
        let total = Double(max(1, report.parameters))
        var done = 0
        try NewFolder.write(to: folder, replaces: replaces) { temporary in
            for (name, content) in files {
                try DiskFiles().write(content, to: FilePath(temporary.appending(path: name)))
            }
            try shards.write(to: temporary) { sink in
                if let tensor = weights[sink.tensor.name] {
                    precondition(tensor.shape == sink.tensor.shape, "weights of the model's shapes")
                    try sink.append(tensor.values)
                    return
                }
                try fill(&sink, stored) { elements in
                    done += elements
                    try progress(Double(done) / total)
                }
            }
        }
        return report
    }

    private func plannedTensors(
        _ storage: WeightStorage?, roundsRows: Bool
    ) -> [PlannedTensor] {
        switch source {
        case .gguf(let decoder):
            let type = (storage ?? decoder.configuration.dtype).type
            return decoder.configuration.storedTensors.map {
                PlannedTensor(name: $0.name, shape: $0.shape, type: type)
            }
        case .folder(_, let folder, _):
            return folder.names.flatMap { name -> [PlannedTensor] in
                let shape = folder.shape(of: name) ?? []
                let stored = folder.storage(of: name) ?? .float32
                let isInRows = folder.isInRows(name)
                let staysInRows = isInRows && (roundsRows || storage == nil)
                guard stored.isFloat16Or32 || isInRows else {
                    return [PlannedTensor(name: name, shape: shape, type: stored)]
                }
                guard staysInRows || (roundsRows && Self.isRounded(shape)) else {
                    let type = storage?.type ?? (isInRows ? .float32 : stored)
                    return [PlannedTensor(name: name, shape: shape, type: type)]
                }
                return [
                    PlannedTensor(name: name, shape: shape, type: .signed8),
                    PlannedTensor(
                        name: SafetensorsFile.scales(of: name), shape: [shape[0]], type: .float32),
                ]
            }
        }
    }

    /// Whether a tensor's shape is that of a matrix that is large enough for 8 bits to save anything.
    private static func isRounded(_ shape: [Int]) -> Bool {
        shape.count == 2 && shape[0] * shape[1] >= 4096
    }

    /// Writes a matrix in 8 bits, or its scales; false for any other tensor.
    private func fillRows(_ sink: inout TensorSink, _ folder: SafetensorsFolder) throws -> Bool {
        let name = sink.tensor.name
        let (matrix, isScales) =
            folder.shape(of: name) == nil
            ? (String(name.dropLast(SafetensorsFile.scales(of: "").count)), true) : (name, false)
        let isKept = !isScales && !folder.isInRows(name) && folder.storage(of: name) == .signed8
        guard isScales || (sink.tensor.elements == .plain(.signed8) && !isKept) else {
            return false
        }
        guard let rows = RoundedRows(rounding: try folder.tensor(matrix)) else {
            throw WeightFileError.notRepresentable(tensor: matrix, storage: .signed8)
        }
        if isScales {
            try sink.append(rows.scales)
        } else {
            try sink.append(bytes: rows.steps.map { UInt8(bitPattern: $0) })
        }
        return true
    }

    private func fill(
        _ sink: inout TensorSink, _ stored: [String: StoredTensor],
        progress: (_ elements: Int) throws -> Void
    ) throws {
        let tensor = sink.tensor
        if let merged, merged.changes(tensor.name) {
            let values = try merged.tensor(tensor.name, shape: tensor.shape).values
            try sink.append(values)
            return try progress(values.count)
        }
        switch source {
        case .folder(_, let folder, _):
            if try fillRows(&sink, folder) { return try progress(tensor.count) }
            guard case .plain(let type) = tensor.elements, folder.storage(of: tensor.name) != type
            else { return try copyBytes(folder, &sink, progress: progress) }
            try folder.forEachStretch(of: tensor.name, tensor.shape) { values in
                try sink.append(values)
                try progress(values.count)
            }
        case .gguf(let decoder):
            guard let stored = stored[tensor.name] else {
                throw WeightFileError.missingTensor(file: path, tensor: tensor.name)
            }
            try decoder.forEachPublishedStretch(of: stored) { values in
                try sink.append(values)
                try progress(values.count)
            }
        }
    }

    private func copyBytes(
        _ folder: SafetensorsFolder, _ sink: inout TensorSink, progress: (Int) throws -> Void
    ) throws {
        let (total, stretch) = (sink.tensor.byteCount, GGUFExport.stretchElements * 4)
        for start in stride(from: 0, to: total, by: stretch) {
            let end = min(total, start + stretch)
            try sink.append(bytes: folder.bytes(of: sink.tensor.name, start..<end))
            try progress((end - start) * sink.tensor.count / max(1, total))
        }
    }

    /// The files beside the weights, by name.
    private func accompanyingFiles(
        _ storage: WeightStorage?, hasRows: Bool
    ) throws -> [String: Data] {
        let encoder = JSONEncoder.sorted(.prettyPrinted)
        switch source {
        case .folder(let url, _, let fields):
            var all = fields.all
            if let storage {
                for name in ["dtype", "torch_dtype"] where all[name] != nil {
                    all[name] = .string(storage.rawValue)
                }
                if all["dtype"] == nil { all["torch_dtype"] = .string(storage.rawValue) }
            }
            // Tools that do not know this form refuse it instead of taking the steps for weights.
            let method = JSONValue.sorted(["quant_method": .string(Self.roundedRowsMethod)])
            if hasRows {
                all["quantization_config"] = method
            } else if all["quantization_config"] == method {
                all["quantization_config"] = nil
            }
            var files = ["config.json": try encoder.encode(all)]
            for name in Self.travellingFiles {
                let file = url.appending(path: name)
                guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false))
                else { continue }
                files[name] = try DiskFiles().read(
                    FilePath(file.resolvingSymlinksInPath()),
                    maximumBytes: Self.travellingFileLimit)
            }
            return files
        case .gguf(let decoder):
            var configuration = decoder.configuration
            configuration.dtype = storage ?? configuration.dtype
            var files = try tokenizerFiles(decoder)
            files["config.json"] = try encoder.encode(configuration.fields)
            return files
        }
    }

    /// What `config.json` calls matrices in 8 bits with a scale for each row.
    package static let roundedRowsMethod = "shoken-int8-rows"

    /// Files of a model's folder that are copied with it.
    package static let travellingFiles = [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "tokenizer.model", "spiece.model",
        "vocab.json", "merges.txt", "vocab.txt", "chat_template.jinja", "chat_template.json",
        "LICENSE", "README.md", "labels.toml", "shoken-origin.json",
    ]
    /// The largest of them, in bytes.
    package static let travellingFileLimit = 256 << 20
}

extension StorageType {
    /// Whether elements of this type are read as numbers here.
    fileprivate var isFloat16Or32: Bool { [.float32, .float16, .bfloat16].contains(self) }
}

extension GGUFDecoder {
    /// Calls `body` with the elements of a tensor as the published checkpoint has them.
    fileprivate func forEachPublishedStretch(
        of tensor: StoredTensor, _ body: ([Float]) throws -> Void
    ) throws {
        let place = GGUFTensorMap(configuration).place(of: tensor)
        guard place.expert == nil, place.interleavedHeads == nil else {
            return try body(self.tensor(tensor.name, shape: tensor.shape).values)
        }
        // A checkpoint's norm weights are less by what the file added.
        let offset = place.offset == 0 ? 0 : configuration.normOffset - place.offset
        let rows = tensor.shape.first ?? 1
        let width = max(1, tensor.shape.dropFirst().reduce(1, *))
        let stretch = max(1, GGUFExport.stretchElements / width)
        try check(tensor.name, shape: tensor.shape)
        for start in stride(from: 0, to: rows, by: stretch) {
            let values = try file.tensor(
                place.name, rows: start..<min(rows, start + stretch)
            ).values
            try body(offset == 0 ? values : values.map { $0 + offset })
        }
    }
}
