import Tokenizers

extension CommandFailure {
    /// The sentence for a chat template that is not known, or does not fit tokenizer or messages.
    static func explain(_ error: ChatTemplateError) -> CommandFailure {
        let names = ChatTemplate.known.map(\.name).joined(separator: ", ")
        switch error {
        case .unknownTemplate(let file):
            return CommandFailure(
                Code.badData,
                "\(file): chat_template is of no known kind; name one with --template (\(names))")
        case .noTemplate(let file):
            return CommandFailure(
                Code.badData,
                "\(file): there is no chat_template; name one with --template (\(names))")
        case .unknownName(let name):
            return CommandFailure(
                Code.usage, "there is no template \(name.debugDescription), only \(names)")
        case .missingToken(let template, let content):
            return CommandFailure(
                Code.badData,
                "the tokenizer has no token \(content.debugDescription), which the template "
                    + "\(template) needs")
        case .noMessages:
            return CommandFailure(Code.badData, "there are no messages")
        case .unexpectedSystem(let template, let message):
            return CommandFailure(
                Code.badData,
                "message \(message + 1): the template \(template) has no place for a system "
                    + "message here")
        case .rolesMustAlternate(let template, let message):
            return CommandFailure(
                Code.badData,
                "message \(message + 1): with the template \(template) user and assistant take "
                    + "turns, and the user begins")
        case .unsupportedTokenizer:
            return CommandFailure(
                Code.badData, "this tokenizer cannot keep special tokens apart from text")
        }
    }
}
