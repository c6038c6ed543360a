// SPDX-License-Identifier: Apache-2.0
package import Foundation
import WeightFiles

/// A model on its way from one kind of file to another.
///
/// No more of it is in memory than some rows of a matrix, or one matrix whose rows are reordered.
package struct ModelConversion: Sendable {
    /// Where the model is.
    enum Source: Sendable {
        case folder(URL, SafetensorsFolder, ConfigurationFields)
        case gguf(GGUFDecoder)
    }

    let source: Source
    /// The decoder's settings; nil for encoders, which are converted from folder to folder only.
    package let configuration: DecoderConfiguration?
    /// What is added to the weights on their way; it must fit the configuration.
    package var adapter: Adapter?

    /// Opens a folder or a GGUF file and checks that every tensor is there in its shape.
    ///
    /// Throws as `OpenedModel` does.
    package init(_ location: URL) throws {
        guard location.leadsToFolder else {
            try OpenedModel.refusePickle(location)
            let decoder = try GGUFDecoder(GGUFFile(location))
            (source, configuration) = (.gguf(decoder), decoder.configuration)
            try Self.check(decoder, decoder.configuration)
            return
        }
        let fields = try ConfigurationFields(file: location.appending(path: "config.json"))
        let folder = try SafetensorsFolder(location)
        source = .folder(location, folder, fields)
        let type = try fields.required("model_type", try fields.string("model_type"))
        guard EncoderArchitecture(rawValue: type) == nil else {
            configuration = nil
            _ = try EncoderConfiguration(fields)
            return
        }
        let configuration = try DecoderConfiguration(fields)
        self.configuration = configuration
        try Self.check(folder, configuration)
    }

    private static func check(
        _ source: any TensorSource, _ configuration: DecoderConfiguration
    ) throws(WeightFileError) {
        for tensor in configuration.storedTensors {
            try source.check(tensor.name, shape: tensor.shape)
        }
    }

    /// What errors call the source.
    package var path: String { tensors.path }

    /// The tensors as they are to be written.
    var tensors: any TensorSource { merged ?? stored }

    /// The tensors with the adapter's changes; nil without an adapter.
    var merged: MergedTensors? {
        adapter.map { MergedTensors(base: stored, adapter: $0) }
    }

    private var stored: any TensorSource {
        switch source {
        case .folder(_, let folder, _): folder
        case .gguf(let decoder): decoder
        }
    }

    /// The kind of the model, for people.
    package var architecture: String {
        if case .folder(_, _, let fields) = source {
            return (try? fields.string("model_type")) ?? ""
        }
        return configuration?.architecture.rawValue ?? ""
    }

    /// Whether weights of the source are in blocks, so that what is written has their error too.
    package var isQuantized: Bool {
        guard case .gguf(let decoder) = source else { return false }
        return decoder.file.names.contains {
            (decoder.file.format(of: $0)?.blockElements ?? 1) > 1
        }
    }
}

/// What was written.
package struct ConversionReport: Sendable {
    /// Bytes of all elements.
    package var bytes = 0
    /// Number of parameters, as stored.
    package var parameters = 0
    /// Files of weights.
    package var files = 1
    /// Tensors by how they are stored.
    package var tensorsByFormat: [String: Int] = [:]
    /// Tensors whose rows are not whole blocks of the format that was asked for, and what they got.
    package var fallbacks: [String: String] = [:]

    init(_ tensors: [PlannedTensor]) {
        for tensor in tensors {
            bytes += tensor.byteCount
            parameters += tensor.count
            switch tensor.elements {
            case .plain(let type): tensorsByFormat[type.rawValue, default: 0] += 1
            case .blocks(let format): tensorsByFormat[format.name, default: 0] += 1
            }
        }
    }
}

/// Why a model cannot be converted.
package enum ConversionError: Error, Equatable {
    /// Encoders have no form in GGUF that is written here.
    case encoder(file: String)
    /// A decoder is not written in 8 bits with a scale for each row; it has forms of its own.
    case decoderInRows(file: String)
    /// The tokenizer beside the model has more tokens than the model's vocabulary.
    case tokenizerSize(file: String, tokens: Int, vocabulary: Int)
}
