// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

extension SentencePieceTokenizer {
    /// Reads a SentencePiece model.
    ///
    /// Whether a begin and an end piece belong around a text is what `add_bos_token` and
    /// `add_eos_token` say in a `tokenizer_config.json` beside it; without one, neither does.
    /// Throws `TokenizerError`, which names the file and the field, or `FileError`.
    package init(file: URL) throws {
        let content = try DiskFiles().read(
            FilePath(file.resolvingSymlinksInPath()),
            maximumBytes: SentencePieceModel.fileByteLimit)
        let model = try SentencePieceModel(Array(content), file: file.lastPathComponent)
        let settings = try TokenizerSettings.read(beside: file)
        self.init(
            model, addsBegin: settings?.addsBegin ?? false, addsEnd: settings?.addsEnd ?? false)
    }

    /// What the tokenizer is made of.
    package var summary: TokenizerSummary {
        let settings = model.normalization
        var parts: [String] = [settings.name.isEmpty ? "identity" : settings.name]
        if settings.removesExtraSpaces { parts.append("extra spaces removed") }
        if settings.addsDummyPrefix {
            parts.append("space put " + (settings.treatsSpaceAsSuffix ? "after" : "before"))
        }
        let special = model.pieces.indices.filter {
            [.control, .unknown].contains(model.pieces[$0].kind)
        }
        let name =
            switch model.algorithm {
            case .unigram: "Unigram"
            case .bpe: "BPE"
            case .word: "Word"
            case .character: "Char"
            }
        return TokenizerSummary(
            source: "SentencePiece model",
            model: name + (model.hasByteFallback ? ", byte fallback" : ""), normalizer: parts,
            preTokenizer: [], decoder: denormalizer == nil ? [] : ["denormalizer"],
            specialTokens: special.map {
                TokenizerSummary.SpecialToken(id: Int32($0), content: model.pieces[$0].text)
            },
            vocabularySize: vocabularySize)
    }
}
