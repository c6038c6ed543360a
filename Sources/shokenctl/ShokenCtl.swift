// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import Faults
import Foundation
import Tensors

/// The admin's and analyst's command.
@main
struct ShokenCtl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shokenctl",
        abstract: "Look after Shoken: models, spool, results.",
        discussion: """
            Shoken reads clinical documents and records what it finds. This command trains and \
            evaluates its models, looks after its spool and asks its database.
            Exit codes follow sysexits.h: 64 usage, 65 bad data, 66 no such input, 69 something \
            needed is missing, 73 cannot create, 74 input/output error, 75 try again, 78 bad \
            configuration.
            """,
        version: programVersion,
        subcommands: [
            AnnotateCommand.self,
            AuditCommand.self,
            BatchCommand.self,
            CorpusCommand.self,
            DataCommand.self,
            DatabaseCommand.self,
            DeidentifyCommand.self,
            DictionaryCommand.self,
            DoctorCommand.self,
            DocumentsCommand.self,
            EvaluateCommand.self,
            ExplainCommand.self,
            ExportCommand.self,
            ImportCommand.self,
            IntakeCommand.self,
            MergeCommand.self,
            ModelCommand.self,
            QueryCommand.self,
            ReportCommand.self,
            ReprocessCommand.self,
            ReviewCommand.self,
            SearchCommand.self,
            ShowCommand.self,
            SimilarCommand.self,
            SnapshotCommand.self,
            SpoolCommand.self,
            SQLCommand.self,
            TextCommand.self,
            TokenizerCommand.self,
            TrainCommand.self,
        ])

    /// Runs the command line; every failure ends in one sentence and an exit code.
    static func main() {
        do {
            try ComputeEnvironment.check()
            var command = try parseAsRoot()
            try command.run()
        } catch {
            // Faults of the command line, help and codes are the parser's; of other errors it knows
            // nothing and would print their cases.
            let isParsers = error is ExitCode || exitCode(for: error) != .failure
            if isParsers, !(error is any Explained) { exit(withError: error) }
            let failure = explained(error)
            FileHandle.standardError.write(Data("shokenctl: \(failure.explanation)\n".utf8))
            Foundation.exit(failure.disposition.exitCode)
        }
    }
}

/// Options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = Self.standardConfiguration

    /// Where the configuration is looked for if none is named.
    static let standardConfiguration = "/etc/shoken/shoken.toml"

    @Flag(name: .long, help: "Print JSON.")
    var json = false
}
