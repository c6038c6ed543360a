import DurableFiles
import Tokenizers

extension CommandFailure {
    /// The sentence for a tokenizer file that is wrong, or for a training that cannot be done.
    static func explain(_ error: TokenizerError) -> CommandFailure {
        switch error {
        case .tooLarge(let file, let field, let count, let limit):
            badData("\(file): \(field) is too large (\(count), the limit is \(limit))")
        case .malformed(let file, let field):
            field == "$"
                ? badData("\(file) is damaged, or no file of its kind")
                : badData("\(file): \(field) is damaged or has a wrong value")
        case .unrecognized(let file):
            badData("\(file): no tokenizer is there")
        case .missing(let file, let field):
            badData("\(file): \(field) is missing")
        case .unsupported(let file, let field, let value):
            badData("\(file): \(field) is \(value), which is not supported")
        case .outOfRange(let file, let field, let value, let count):
            badData("\(file): \(field) is \(value), but there are \(count) tokens")
        case .duplicate(let file, let field):
            badData("\(file): \(field) stands twice")
        case .missingSpecialToken(let file, let content):
            badData("\(file): the added token \(content.debugDescription) is missing")
        case .parameter(let name):
            CommandFailure(Code.usage, "\(name) is out of range")
        case .noWords:
            badData("the input holds no words")
        case .vocabularyTooSmall(let size, let needed):
            CommandFailure(
                Code.usage, "a vocabulary of \(size) is too small; at least \(needed) are needed")
        }
    }

    /// The sentence for a file that the kernel refuses.
    static func explain(_ error: FileError) -> CommandFailure {
        let code =
            switch error.operation {
            case .open, .examine, .list: Code.noInput
            default: Code.inputOutput
            }
        return CommandFailure(code, error.explanation)
    }

    private static func badData(_ sentence: String) -> CommandFailure {
        CommandFailure(Code.badData, sentence)
    }
}
