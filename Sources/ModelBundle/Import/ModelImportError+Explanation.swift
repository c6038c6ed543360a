// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ModelImportError: Explained {
    /// The file or the setting, what was expected, and the option that helps.
    package var explanation: String {
        switch self {
        case .noTokenizer(let location):
            "\(location) holds no tokenizer (tokenizer.json, tokenizer.model, spiece.model, vocab.txt); name it with --tokenizer"
        case .vocabularySize(let file, let tokenizer, let model) where tokenizer < model:
            "\(file) has \(tokenizer) tokens, the model's vocab_size is \(model); if its publisher filled the vocabulary up, say --padded-vocabulary"
        case .vocabularySize(let file, let tokenizer, let model):
            "\(file) has \(tokenizer) tokens, the model's vocab_size is only \(model): they do not belong together"
        case .context(let wanted, let allowed):
            "a context of \(wanted) tokens is not possible: the model allows \(allowed.lowerBound) to \(allowed.upperBound)"
        case .missing(let file):
            "\(file) is not there or cannot be read; see whether the path is right and the model was downloaded whole"
        case .notFinite(let location):
            "\(location): the weights make no numbers of a sentence (NaN); download the model again, or choose another"
        case .labelsTexts(let labels):
            "the model gives whole texts one of \(labels) labels, and the database has no place for these; import it with --as trunk and fit heads on it"
        case .noTokenLabels(let location):
            "\(location): the model has no head that labels tokens (architectures)"
        case .origin(let file):
            "\(file) is no account of a model's making that this version reads; take the one from the folder that `train export` wrote"
        case .notOurTokenizer(let file):
            "\(file) is no tokenizer of the kind that Shoken trains, but the model was exported with one; take the one from the folder that `train export` wrote"
        }
    }

    /// A file is missing or at fault, or the model is of a kind that has no place here.
    package var disposition: Disposition {
        switch self {
        case .noTokenizer, .missing: .noInput
        case .labelsTexts: .unavailable
        default: .badData
        }
    }
}
