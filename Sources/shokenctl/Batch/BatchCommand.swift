// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Exports

/// `shokenctl batch`: batch files for large models that run elsewhere.
struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Ask large models that run elsewhere, by files.",
        discussion: """
            export writes a batch file of the form that OpenAI's servers and vllm run-batch take; somebody \
            runs it where the model is; import takes the answers back. No program of Shoken talks to a network. \
            The file holds texts of documents: it is as confidential as they are.

            Examples:
              shokenctl batch export --task entities --served-model instruct-32b requests.jsonl
              vllm run-batch -i requests.jsonl -o answers.jsonl --model instruct-32b
              shokenctl batch import --requests requests.jsonl answers.jsonl
            """,
        subcommands: [BatchExportCommand.self, BatchImportCommand.self])
}

extension BatchTask: ExpressibleByArgument {}
