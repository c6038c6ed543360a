import Recipes

extension CommandFailure {
    /// The sentence for a run that cannot be exported.
    static func explain(_ error: TrainingExportError) -> CommandFailure {
        switch error {
        case .alreadyThere(let path):
            CommandFailure(
                Code.cannotCreate, "\(path) is there already; choose another --output or remove it")
        case .noSpace(let directory, let needed, let free):
            CommandFailure(
                Code.cannotCreate,
                "the export needs \(needed / 1_000_000) MB, and \(directory) has \(free / 1_000_000) MB left; give fewer --tokens or another --output"
            )
        case .architecture(let name):
            CommandFailure(
                Code.unavailable,
                "a model of the architecture \(name) cannot be exported for training")
        case .window(let tokens, let phase, let context):
            CommandFailure(
                Code.unavailable,
                "the phase \(phase) has rows of \(context) tokens, above the model's window of \(tokens); that can be exported only with cross_documents = true and the objective causal"
            )
        }
    }
}
