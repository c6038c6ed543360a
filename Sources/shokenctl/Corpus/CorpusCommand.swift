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
            CorpusContaminationCommand.self, CorpusQualityCommand.self, CorpusTextbooksCommand.self,
        ])
}

extension RawTextFormat: ExpressibleByArgument {}

/// Filters that may be left out of `corpus filter`.
extension CorpusFilter: ExpressibleByArgument {
    init?(argument: String) {
        guard let filter = Self.ofRawTexts.first(where: { $0.rawValue == argument }) else {
            return nil
        }
        self = filter
    }

    static var allValueStrings: [String] { ofRawTexts.map(\.rawValue) }
}
