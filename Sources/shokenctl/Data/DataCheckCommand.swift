// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Recipes

/// `shokenctl data check`: is a folder what a recipe was made with?
struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare a folder with the data that a recipe names.",
        discussion: """
            Every file that the recipe reads below DIR is ok (its SHA-256 is the one that [[files]] of the recipe \
            states), missing, different, or undescribed: there, but the recipe says nothing of it, as of rows of \
            your own. With it stand the licence and where its contents can be had, or that no public address is \
            known. Nothing is fetched. Exits with 66 if a file is missing, else with 65 if one is different.
            With --json: {"files":[{"file","state","sha256","found","licence","address"}],"ok","missing",\
            "different","undescribed"}.

            Examples:
              shokenctl data check data
              shokenctl data check data --recipe ward-heads.toml --json
            """)

    /// The recipe of the default model, where packages put it.
    static let standardRecipe = "/usr/share/doc/shoken/examples/recipes/base-heads.toml"

    @Argument(help: ArgumentHelp("The data directory.", valueName: "dir"))
    var directory: String

    @Option(help: ArgumentHelp("The recipe.", valueName: "file"))
    var recipe = Self.standardRecipe

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        let files: [DataCheck.File]
        let ok, missing, different, undescribed: Int
    }

    func run() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw CommandFailure(.noInput, "\(directory) is no directory") }
        let check = try DataCheck(
            recipe: URL(filePath: recipe),
            data: URL(filePath: directory, directoryHint: .isDirectory))
        guard !check.files.isEmpty else {
            throw CommandFailure(.configuration, "\(recipe) reads no files, and has no [[files]]")
        }
        if common.json {
            try printJSON(
                Report(
                    files: check.files, ok: check.count(.same), missing: check.count(.missing),
                    different: check.count(.different), undescribed: check.count(.undescribed)))
        } else {
            TextTable(
                columns: ["file", "state", "licence", "address"],
                rows: check.files.map { file in
                    [
                        file.file, file.state.rawValue, file.licence ?? "not stated",
                        file.address ?? "no public address is known",
                    ]
                }
            ).print()
        }
        if check.count(.missing) > 0 { throw ExitCode(Disposition.noInput) }
        if check.count(.different) > 0 { throw ExitCode(Disposition.badData) }
    }
}
