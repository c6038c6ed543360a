// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import JapaneseText
import ModelBundle

/// What every command that follows a recipe takes, whatever the recipe's kind.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The directory that the recipe's files are in.", valueName: "directory"))
    var data: String

    @Option(help: ArgumentHelp("Where the work and the result go.", valueName: "directory"))
    var output: String

    @Option(help: "Threads to compute with, instead of what the recipe says.")
    var threads: Int?

    @Option(help: "MeCab's dictionary directory.")
    var dictionary: String?

    @Option(
        help:
            "A compiled user dictionary to cut words with; what comes out then works only with it.")
    var userDictionary: String?

    @Flag(
        help: "Check data and settings and say what it will cost: parameters, steps, memory, time.")
    var dryRun = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    }

    /// The directory that the recipe's files are in.
    var dataFolder: URL { URL(filePath: data, directoryHint: .isDirectory) }
    /// Where the work and the result go.
    var outputFolder: URL { URL(filePath: output, directoryHint: .isDirectory) }

    /// MeCab with the dictionaries.
    func morphology() throws -> MorphologicalAnalyzer {
        try MorphologicalAnalyzer(dictionary: dictionary, userDictionary: userDictionary)
    }

    /// The dictionaries as a manifest names them.
    func dictionaryName() throws -> String {
        BundleManifest.dictionary(
            user: try userDictionary.map {
                try ContentDigest(ofFile: FilePath(URL(filePath: $0).resolvingSymlinksInPath()))
                    .hexadecimal
            })
    }

    /// The same options as words of a command line.
    var arguments: [String] {
        var arguments = ["--data", data, "--output", output]
        if let threads { arguments += ["--threads", "\(threads)"] }
        if let dictionary { arguments += ["--dictionary", dictionary] }
        if let userDictionary { arguments += ["--user-dictionary", userDictionary] }
        if dryRun { arguments.append("--dry-run") }
        return arguments
    }
}
