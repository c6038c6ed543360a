// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Corpora
import Curation

/// Everything about the raw text that models learn from.
struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus",
        abstract: "Make a corpus of raw texts, and say what it is made of.",
        subcommands: [
            CorpusShowCommand.self, CorpusFilterCommand.self, CorpusManifestCommand.self,
            CorpusContaminationCommand.self,
        ])
}

extension RawTextFormat: ExpressibleByArgument {}

extension CorpusFilter: ExpressibleByArgument {}
