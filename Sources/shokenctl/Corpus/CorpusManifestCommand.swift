// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Curation
import DurableFiles
import Foundation

/// `shokenctl corpus manifest`: what a corpus is made of.
struct CorpusManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Show what a corpus is made of: sources, licences, filters.",
        discussion: """
            For each source how much was read and how much is left, and for each filter how much \
            it took out. With --html also as a page with a chart of the sources' shares.
            """)

    @Argument(help: ArgumentHelp("A corpus's manifest.json, or its folder.", valueName: "file"))
    var manifest: String
    @Option(name: .long, help: ArgumentHelp("Write a page.", valueName: "file"))
    var html: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        var file = URL(filePath: manifest)
        if try DiskFiles().facts(of: FilePath(file))?.kind == .directory {
            file.append(path: CurationRun.manifestName)
        }
        let manifest = try CorpusManifest(file: file)
        if let html {
            try DiskFiles().write(
                Data(ManifestPage(manifest).html.utf8), to: FilePath(URL(filePath: html)))
        }
        if json { return try printJSON(manifest) }
        ManifestTables(manifest).print()
    }
}

/// A manifest as aligned text.
struct ManifestTables {
    private let manifest: CorpusManifest

    init(_ manifest: CorpusManifest) { self.manifest = manifest }

    func print() {
        let total = manifest.total
        TextTable(
            columns: ["SOURCE", "LICENCE", "DOCUMENTS", "KEPT", "BYTES", "KEPT"] + tokenColumns,
            rows: manifest.sources.map { row($0.name, $0.licence ?? "undisclosed", $0.tally) }
                + [row("all", "", total)]
        ).print()
        Swift.print("")
        TextTable(
            columns: ["FILTER", "DOCUMENTS OUT", "CHARACTERS OUT", "DOCUMENTS LEFT"],
            rows: total.steps(manifest.filters).map {
                [
                    $0.filter.rawValue, "\($0.removed.documents)", "\($0.removed.characters)",
                    "\($0.left.documents)",
                ]
            }
        ).print()
        if total.sentences > 0 {
            Swift.print("\(total.sentences) repeated sentences out of documents that stay")
        }
        if total.malformed > 0 {
            Swift.print("\(total.malformed) records that could not be read were passed over")
        }
        for (name, lacking) in manifest.undisclosed {
            Swift.print("undisclosed: \(name) has \(lacking)")
        }
    }

    private var tokenColumns: [String] { manifest.tokenizer == nil ? [] : ["TOKENS", "KEPT"] }

    private func row(_ name: String, _ licence: String, _ tally: SourceTally) -> [String] {
        let tokens = [tally.read.tokens, tally.kept.tokens].compactMap { $0.map(String.init) }
        return [
            name, licence, "\(tally.read.documents)", "\(tally.kept.documents)",
            "\(tally.read.bytes)", "\(tally.kept.bytes)",
        ] + tokens
    }
}
