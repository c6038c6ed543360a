// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `shokenctl evaluate …`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure models and their training.",
        subcommands: [
            EvaluateCompareCommand.self, EvaluateFoldsCommand.self, EvaluateIgakuQACommand.self,
            EvaluateJMEDCommand.self,
            EvaluateQACommand.self, EvaluateReliabilityCommand.self, EvaluateRowsCommand.self,
            EvaluateRunsCommand.self,
            EvaluateTableCommand.self,
        ])
}
