// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// The filter by a classifier of quality, step by step.
struct CorpusQualityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality",
        abstract: "Filter a corpus by a classifier of its texts' quality.",
        discussion: """
            In this order: sample draws documents, annotate has a model call each high or low, \
            train grows a random forest over the last hidden state of each, filter writes the \
            corpus without what the forest calls low. Every step goes on after a kill with the \
            same command, and ends with the same bytes.
            """,
        subcommands: [
            QualitySampleCommand.self, QualityAnnotateCommand.self, QualityTrainCommand.self,
            QualityFilterCommand.self,
        ])
}
