import ClinicalTasks
import ModelBundle

extension CommandFailure {
    /// The sentence for a published model that cannot become a bundle.
    static func explain(_ error: ModelImportError) -> CommandFailure {
        switch error {
        case .noTokenizer(let location):
            CommandFailure(
                Code.noInput,
                "\(location) holds no tokenizer (tokenizer.json, tokenizer.model, spiece.model, vocab.txt); name it with --tokenizer"
            )
        case .vocabularySize(let file, let tokenizer, let model) where tokenizer < model:
            CommandFailure(
                Code.badData,
                "\(file) has \(tokenizer) tokens, the model's vocab_size is \(model); if its publisher filled the vocabulary up, say --padded-vocabulary"
            )
        case .vocabularySize(let file, let tokenizer, let model):
            CommandFailure(
                Code.badData,
                "\(file) has \(tokenizer) tokens, the model's vocab_size is only \(model): they do not belong together"
            )
        case .context(let wanted, let allowed):
            CommandFailure(
                Code.badData,
                "a context of \(wanted) tokens is not possible: the model allows \(allowed.lowerBound) to \(allowed.upperBound)"
            )
        case .missing(let file):
            CommandFailure(Code.noInput, "\(file) is not there or cannot be read")
        case .notFinite(let location):
            CommandFailure(
                Code.badData, "\(location): the weights make no numbers of a sentence (NaN)")
        case .labelsTexts(let labels):
            CommandFailure(
                Code.unavailable,
                "the model gives whole texts one of \(labels) labels, and the database has no place for these; import it with --as trunk and fit heads on it"
            )
        case .noTokenLabels(let location):
            CommandFailure(
                Code.badData,
                "\(location): the model has no head that labels tokens (architectures)")
        case .origin(let file):
            CommandFailure(
                Code.badData,
                "\(file) is no account of a model's making that this version reads; take the one from the folder that `train export` wrote"
            )
        case .notOurTokenizer(let file):
            CommandFailure(
                Code.badData,
                "\(file) is no tokenizer of the kind that Shoken trains, but the model was exported with one; take the one from the folder that `train export` wrote"
            )
        }
    }

    /// The sentence for labels that cannot be mapped.
    static func explain(_ fault: LabelMap.Fault) -> CommandFailure {
        switch fault {
        case .namesMissing(let count):
            CommandFailure(
                Code.badData,
                "config.json names its \(count) labels by number only (id2label); list them as names = […] in the file of --labels"
            )
        case .nameCount(let expected, let found):
            CommandFailure(
                Code.badData, "names lists \(found) labels, the model has \(expected)")
        case .noOutside:
            CommandFailure(Code.badData, "no label is O (id2label, or names in the map)")
        case .unmapped(let classes):
            CommandFailure(
                Code.badData,
                "nothing says what these labels mean: \(classes.joined(separator: ", ")); give each a line in the file of --labels, \"ignore\" included"
            )
        case .unknown(let classes):
            CommandFailure(
                Code.badData,
                "the map names labels that the model has not: \(classes.joined(separator: ", "))")
        case .nothingMapped:
            CommandFailure(
                Code.badData, "all labels are ignored; import the model with --as trunk instead")
        }
    }
}
