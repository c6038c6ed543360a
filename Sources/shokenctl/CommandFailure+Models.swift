import LanguageModel
import WeightFiles

extension CommandFailure {
    /// The sentence for an error of a model's files or of running it; nil for others.
    init?(explainingModel error: any Error) {
        switch error {
        case let error as ModelConfigurationError: self = Self.explain(error)
        case let error as WeightFileError: self = Self.explain(error)
        case let error as TrunkError: self = Self.explain(error)
        case let error as ConversionError: self = Self.explain(error)
        default: return nil
        }
    }

    private static func explain(_ error: ModelConfigurationError) -> CommandFailure {
        switch error {
        case .file(let error): CommandFailure(Code.noInput, error.explanation)
        case .notJSON(let file): CommandFailure(Code.badData, "\(file) is not a JSON object")
        case .duplicate(let file, let field):
            CommandFailure(Code.badData, "\(file): the field \(field) stands twice")
        case .missing(let file, let field):
            CommandFailure(Code.badData, "\(file) has no field \(field)")
        case .type(let file, let field):
            CommandFailure(Code.badData, "\(file): the field \(field) has another type")
        case .outOfRange(let file, let field):
            CommandFailure(Code.badData, "\(file): \(field) is out of range")
        case .unsupported(let file, let field):
            CommandFailure(Code.unavailable, "\(file): this \(field) is not supported")
        }
    }

    private static func explain(_ error: ConversionError) -> CommandFailure {
        switch error {
        case .encoder(let file):
            CommandFailure(
                Code.unavailable,
                "\(file) is an encoder; encoders are converted from folder to folder only")
        case .tokenizerSize(let file, let tokens, let vocabulary):
            CommandFailure(
                Code.badData,
                "\(file) has \(tokens) tokens, but the model's vocabulary is \(vocabulary); they do "
                    + "not belong together")
        }
    }

    private static func explain(_ error: TrunkError) -> CommandFailure {
        switch error {
        case .tokenOutOfVocabulary(let sequence, let position, let id, let size):
            CommandFailure(
                Code.badData,
                "list \(sequence), position \(position): the id \(id) is not below \(size)")
        case .sequenceTooLong(let sequence, let tokens, let limit):
            CommandFailure(
                Code.badData,
                "list \(sequence) has \(tokens) tokens, the model takes \(limit) at most")
        case .tokenTypes(let sequence, _):
            CommandFailure(
                Code.badData,
                "list \(sequence): token_type_ids are not one for each token, or unknown")
        }
    }

    private static func explain(_ error: WeightFileError) -> CommandFailure {
        switch error {
        case .file(let error): CommandFailure(Code.noInput, error.explanation)
        case .notRepresentable(let tensor, let storage):
            CommandFailure(
                Code.badData, "\(tensor) has values too large for \(storage.rawValue)")
        case .notEncodable(let tensor, let format):
            CommandFailure(
                Code.badData,
                "\(tensor) has values that are no finite numbers or too large for \(format.name)")
        case .pickle(let file):
            CommandFailure(
                Code.unavailable,
                "\(file) is a PyTorch pickle, which can run code when it is read; convert the model "
                    + "to safetensors where you trust it (save_pretrained with safe_serialization)")
        default:
            // These errors name file, tensor and numbers; they are for whoever made the file.
            CommandFailure(Code.badData, "the weights cannot be used: \(error)")
        }
    }
}
