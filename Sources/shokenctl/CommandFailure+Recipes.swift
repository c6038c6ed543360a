import Recipes

extension CommandFailure {
    /// The sentence for a failure of a recipe or of what it names.
    static func explain(_ error: RecipeError) -> CommandFailure {
        switch error {
        case .recipeSyntax(let file, let line, let reason):
            CommandFailure(Code.configuration, "\(file), line \(line): \(reason)")
        case .unknownKey(let file, let key, let nearest):
            CommandFailure(
                Code.configuration,
                "\(file): the key \(key) means nothing; "
                    + (nearest.map { "did you mean \($0)?" } ?? "remove it"))
        case .missingKey(let file, let key):
            CommandFailure(Code.configuration, "\(file): the key \(key) is missing")
        case .badValue(let file, let key, let expected):
            CommandFailure(Code.configuration, "\(file): \(key) must be \(expected)")
        case .noDocuments(let file):
            CommandFailure(Code.noInput, "\(file): too little text for one row of training")
        case .notUTF8(let file, let offset):
            CommandFailure(Code.badData, "\(file) is not UTF-8 at byte \(offset)")
        case .tokenCache(let file, let offset):
            CommandFailure(
                Code.badData,
                "the tokens in \(file) are damaged at byte \(offset); remove the file")
        case .unfitBase(let file, let reason):
            CommandFailure(Code.badData, "\(file) cannot be tuned so: \(words(reason))")
        }
    }
}
