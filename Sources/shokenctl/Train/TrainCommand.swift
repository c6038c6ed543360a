// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// `shokenctl train`: from text to a model.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model by a recipe, or check that training computes right.",
        discussion: """
            Running a command again in the same output directory continues where it stopped. \
            SIGINT and SIGTERM let the step finish, write a checkpoint and exit with code 75.

            Examples:
              shokenctl train --recipe recipe.toml --data texts --output run --dry-run
              shokenctl train --recipe recipe.toml --data texts --output run
              shokenctl train status run
            """,
        subcommands: [
            Run.self, Pretrain.self, Heads.self, Tune.self, Instruct.self, Export.self,
            Status.self, Report.self, Scaling.self, Bench.self, Verify.self,
        ],
        defaultSubcommand: Run.self)
}
