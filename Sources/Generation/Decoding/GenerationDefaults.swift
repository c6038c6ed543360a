// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import WeightFiles

/// What a model's `generation_config.json` says about how it wants to be asked.
///
/// Fields mean what they mean to Hugging Face's `generate`: tokens are drawn only where `do_sample`
/// is true, and then among the 50 most likely where `top_k` is not given.
package struct GenerationDefaults: Hashable, Sendable {
    /// The tokens that end a text; nil where the file does not say.
    package var stopTokens: [Int32]?
    /// How tokens are picked.
    package var sampling = SamplingSettings()
    /// The most new tokens; nil where the file does not say.
    package var limit: Int?

    /// Name of the file.
    package static let fileName = "generation_config.json"

    /// Greedy decoding, and nothing said.
    package init() {}

    /// Reads the file in a model's folder; a folder without one says nothing.
    ///
    /// Throws `ModelConfigurationError`, naming file and field.
    package init(directory: URL) throws(ModelConfigurationError) {
        let file = directory.appending(path: Self.fileName)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            self.init()
            return
        }
        try self.init(try ConfigurationFields(file: file))
    }

    /// Reads the content of the file; throws as `init(directory:)`.
    package init(_ fields: ConfigurationFields) throws(ModelConfigurationError) {
        if fields.has("eos_token_id") {
            var ids: [Int32] = []
            for id in try fields.integers("eos_token_id") ?? [] {
                guard let id = Int32(exactly: id), id >= 0 else {
                    throw .outOfRange(file: fields.file, field: "eos_token_id")
                }
                ids.append(id)
            }
            stopTokens = ids
        }
        limit = try fields.integer("max_new_tokens")
        if let limit, limit < 1 { throw .outOfRange(file: fields.file, field: "max_new_tokens") }
        func number(_ name: String) throws(ModelConfigurationError) -> Float? {
            try fields.number(name).map { Float($0) }
        }
        sampling.repetitionPenalty = try number("repetition_penalty") ?? 1
        if try fields.bool("do_sample") ?? false {
            sampling.temperature = try number("temperature") ?? 1
            sampling.topK = try fields.integer("top_k") ?? 50
            sampling.topP = try number("top_p") ?? 1
        }
        if let fault = sampling.firstFault {
            throw .outOfRange(
                file: fields.file, field: fault.replacing("-", with: "_"))
        }
    }
}
