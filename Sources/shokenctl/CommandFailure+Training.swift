import JapaneseText
import Training

extension CommandFailure {
    /// The sentence for a failure of a training run.
    static func explain(_ error: TrainingError) -> CommandFailure {
        switch error {
        case .tensorMissing(let name):
            CommandFailure(Code.badData, "the weight file lacks the tensor \(name)")
        case .tensorShape(let name, let expected, let found):
            CommandFailure(
                Code.badData, "the tensor \(name) has shape \(found) instead of \(expected)")
        case .recipeSyntax(let file, let line, let reason):
            CommandFailure(Code.configuration, "\(file), line \(line): \(reason)")
        case .unknownKey(let file, let key):
            CommandFailure(Code.configuration, "\(file): the key \(key) means nothing; remove it")
        case .missingKey(let file, let key):
            CommandFailure(Code.configuration, "\(file): the key \(key) is missing")
        case .badValue(let file, let key, let expected):
            CommandFailure(Code.configuration, "\(file): \(key) must be \(expected)")
        case .noDocuments(let file):
            CommandFailure(Code.noInput, "\(file): too little text for one row of training")
        case .notUTF8(let file, let offset):
            CommandFailure(Code.badData, "\(file) is not UTF-8 at byte \(offset)")
        case .checkpoint(let file, let reason):
            CommandFailure(
                Code.badData,
                "the checkpoint \(file) cannot be used: \(reason); choose another --output or remove it"
            )
        case .tokenCache(let file, let offset):
            CommandFailure(
                Code.badData,
                "the tokens in \(file) are damaged at byte \(offset); remove the file")
        case .reference(let file, let field):
            CommandFailure(Code.badData, "\(file) holds no reference run: \(field)")
        case .diverged(let phase, let step):
            CommandFailure(
                Code.software,
                "the loss is no number any more (phase \(phase), step \(step)); lower learning_rate"
            )
        case .stopped(let phase, let step):
            CommandFailure(
                Code.tryAgain,
                "stopped in \(phase) at \(step); run the same command again to go on")
        }
    }
}
