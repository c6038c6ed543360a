import LanguageModel
import Recipes

extension CommandFailure {
    /// The sentence for an adapter, or instruction data, that cannot be used; nil for other errors.
    init?(explainingTuning error: any Error) {
        switch error {
        case let error as AdapterError: self = Self.explain(error)
        case let error as InstructionDataError: self = Self.explain(error)
        default: return nil
        }
    }

    private static func explain(_ error: AdapterError) -> CommandFailure {
        switch error {
        case .target(let file, let target):
            CommandFailure(
                Code.badData, "\(file): the model has no linear layer \(target) to change")
        case .tensor(let file, let tensor):
            CommandFailure(
                Code.badData,
                "\(file): the tensor \(tensor) belongs to no layer that adapter_config.json names")
        case .empty(let file): CommandFailure(Code.badData, "\(file) changes no layer")
        }
    }

    private static func explain(_ error: InstructionDataError) -> CommandFailure {
        switch error {
        case .rows(let rows, let count):
            let named = rows.map { "\($0.file), line \($0.line): \(words($0.fault))" }
            let more = count > rows.count ? ["and \(count - rows.count) more"] : []
            return CommandFailure(
                Code.badData, "rows cannot be used: " + (named + more).joined(separator: "; "))
        case .column(let file, let column):
            return CommandFailure(
                Code.badData, "\(file): the first line names no column \(column)")
        case .table(let file, let line):
            return CommandFailure(
                Code.badData, "\(file), line \(line): a quotation mark is out of place")
        case .empty(let file):
            return CommandFailure(Code.badData, "\(file): there is no row to use")
        }
    }

    private static func words(_ fault: InstructionFault) -> String {
        switch fault {
        case .notJSON: "not a JSON object"
        case .missing(let field): "\(field) is missing or empty"
        case .type(let field): "\(field) is of another type"
        case .fieldCount(let expected, let found): "\(found) fields instead of \(expected)"
        case .answerOutOfOptions: "the answer names no option"
        case .role: "a role is none of system, user and assistant"
        case .noAnswer: "the last message is not the assistant's"
        case .order: "the chat template has no place for the messages in this order"
        case .tooLong(let tokens, let context):
            "\(tokens) tokens in a context of \(context); see training.long_rows"
        }
    }

    /// Why a base cannot be tuned.
    static func words(_ fault: UnfitBase) -> String {
        switch fault {
        case .vocabulary: "its tokenizer has more tokens than its embedding has rows"
        case .noTemplate:
            "it has no chat template, and chat tokens are added to Shoken's own tokenizers only; "
                + "name a template under [chat]"
        case .encoder: "it is an encoder, which answers nothing"
        case .blocks:
            "the weights of a GGUF file are not trained themselves; add [lora] to the recipe"
        }
    }
}
