// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Everything about models and their files.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Look after models and run them.",
        subcommands: [
            ModelListCommand.self, ModelShowCommand.self, ModelImportCommand.self,
            ModelInstructCommand.self,
            ModelVerifyCommand.self, ModelActivateCommand.self, ModelRollbackCommand.self,
            ModelShadowCommand.self, ModelCalibrateCommand.self, ModelCardCommand.self,
            ModelBenchCommand.self, ModelLogitsCommand.self, ModelGenerateCommand.self,
            ModelConvertCommand.self, ModelQuantizeCommand.self, ModelMergeCommand.self,
            ModelInspectCommand.self,
        ])
}
