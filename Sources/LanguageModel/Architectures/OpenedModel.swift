// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Tensors
import WeightFiles

/// A model as it was published, of whatever kind its files say.
package enum OpenedModel: Sendable {
    /// A decoder.
    case decoder(DecoderModel)
    /// An encoder, with or without a head of its own.
    case encoder(EncoderModel)

    /// Opens a folder with `config.json` and safetensors files, or a GGUF file.
    ///
    /// The precision is that of `DecoderWeights`.
    ///
    /// Throws `ModelConfigurationError` or `WeightFileError`, naming the file; `unsupported` for an
    /// architecture that is not known, `pickle` for weights that only PyTorch's pickle holds.
    package init(_ location: URL, precision: Precision? = nil) throws {
        guard location.leadsToFolder else {
            try Self.refusePickle(location)
            self = .decoder(try DecoderModel(gguf: GGUFFile(location), precision: precision))
            return
        }
        let fields = try ConfigurationFields(file: location.appending(path: "config.json"))
        let type = try fields.required("model_type", try fields.string("model_type"))
        if EncoderArchitecture(rawValue: type) != nil {
            self = .encoder(
                try EncoderModel(
                    from: SafetensorsFolder(location), configuration: EncoderConfiguration(fields),
                    precision: precision))
        } else {
            guard DecoderArchitecture(rawValue: type) != nil else {
                throw ModelConfigurationError.unsupported(
                    file: fields.file, field: "model_type", found: fields.shown(at: "model_type"),
                    supported: (EncoderArchitecture.allCases.map(\.rawValue)
                        + DecoderArchitecture.allCases.map(\.rawValue)).sorted())
            }
            let configuration = try DecoderConfiguration(fields)
            self = .decoder(
                DecoderModel(
                    configuration: configuration,
                    weights: try DecoderWeights(
                        from: SafetensorsFolder(location), configuration: configuration,
                        precision: precision)))
        }
    }

    /// Pickle runs code when it is read, so it is never read.
    static func refusePickle(_ file: URL) throws(WeightFileError) {
        guard ["bin", "pt", "pth", "pkl", "ckpt"].contains(file.pathExtension.lowercased()),
            try !GGUFFile.isGGUF(file)
        else { return }
        throw .pickle(file: file.path(percentEncoded: false))
    }
}
