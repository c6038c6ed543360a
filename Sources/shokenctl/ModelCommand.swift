import ArgumentParser

/// Everything about models and their files.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look after models and run them.",
        subcommands: [
            ModelListCommand.self, ModelShowCommand.self, ModelActivateCommand.self,
            ModelCardCommand.self,
            ModelLogitsCommand.self, ModelGenerateCommand.self,
        ])
}
