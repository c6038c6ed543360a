import Generation

extension CommandFailure {
    /// The sentence for requests, schemas and grammars that cannot be carried out; nil for others.
    init?(explainingGeneration error: any Error) {
        switch error {
        case let error as RefusedRequest:
            self = CommandFailure(
                Code.badData, "prompt \(error.index): " + Self.sentence(error.reason))
        case let error as SchemaError: self = Self.explain(error)
        case let error as GrammarError: self = Self.explain(error)
        default: return nil
        }
    }

    private static func sentence(_ error: ServingError) -> String {
        switch error {
        case .emptyPrompt: "there is no token"
        case .tokenOutOfVocabulary(let label, let position, let id, let size):
            (label.map { "label \($0), " } ?? "")
                + "position \(position): the id \(id) is not below \(size)"
        case .sequenceTooLong(let tokens, let limit):
            "\(tokens) tokens are too many, the model takes \(limit) at most"
        case .exceedsBudget(let tokens, let budget):
            "\(tokens) tokens must be held, but the budget is \(budget); give more with --budget, "
                + "or ask for fewer new tokens"
        case .noLabels: "there is nothing to choose from"
        case .emptyLabel(let label): "label \(label) is empty"
        case .labelTooLong(let label, let tokens, let rows):
            "label \(label) has \(tokens) tokens, but a pass takes \(rows) rows"
        case .noAdapter(let number): "there is no adapter \(number)"
        case .setting(let name): "\(name) is out of range"
        }
    }

    private static func explain(_ error: SchemaError) -> CommandFailure {
        let sentence =
            switch error.fault {
            case .notJSON: "is not JSON"
            case .unsupportedKeyword:
                "is not supported; see `shokenctl model generate --help` for what is"
            case .wrongValue: "is missing or has a wrong value"
            case .tooDeep(let limit): "stands deeper than \(limit) levels"
            case .tooMany(let limit): "is more than \(limit)"
            case .duplicate: "stands twice"
            }
        return CommandFailure(Code.badData, "\(error.file): \(error.field) \(sentence)")
    }

    private static func explain(_ error: GrammarError) -> CommandFailure {
        switch error {
        case .tooLarge(let limit):
            CommandFailure(
                Code.badData,
                "the schema has more than \(limit) states; lower its lengths and counts")
        case .ambiguous:
            CommandFailure(
                Code.badData, "a substring of the document and another text may begin alike")
        case .noText:
            CommandFailure(Code.badData, "no text can follow; is the document empty?")
        case .noDocument:
            CommandFailure(
                Code.usage, "the schema asks for substrings of a document; name it with --within")
        }
    }
}
