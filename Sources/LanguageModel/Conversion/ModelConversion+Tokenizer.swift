import Foundation
import WeightFiles

extension ModelConversion {
    /// The entries of a GGUF file that belong to the tokenizer: the ids around a text only.
    func tokenizerEntries(
        _ configuration: DecoderConfiguration
    ) throws -> [(key: String, value: GGUFValue)] {
        var entries: [(key: String, value: GGUFValue)] = [("tokenizer.ggml.model", .text("none"))]
        if let id = configuration.bosTokenID {
            entries.append(("tokenizer.ggml.bos_token_id", .integer(Int(id))))
        }
        if let id = configuration.eosTokenIDs.first {
            entries.append(("tokenizer.ggml.eos_token_id", .integer(Int(id))))
        }
        return entries
    }

    /// The files of the tokenizer that a GGUF file holds.
    func tokenizerFiles(_ decoder: GGUFDecoder) throws -> [String: Data] { [:] }
}
