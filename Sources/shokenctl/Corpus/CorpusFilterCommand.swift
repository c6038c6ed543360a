// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import Corpora
import Curation
import DurableFiles
import Foundation
import JSONFiles
import Tensors
import Training

/// `shokenctl corpus filter`: makes a corpus.
struct CorpusFilterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter",
        abstract: "Filter raw texts and write them as a corpus with its manifest.",
        discussion: """
            Filters, in their order: adult-words, copyright, unfinished (documents without \
            finished sentences), near-duplicates, sentence-duplicates. All are on; --without and \
            a file of settings (shoken-corpus(5)) switch them off or change them. OUTPUT gets \
            corpus-NNNNNN.jsonl, manifest.json and manifest.html. After a stop or a kill the same \
            command goes on, and ends with the same files.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("Sources and filters; see shoken-corpus(5).", valueName: "file"))
    var settings: String?
    @Argument(
        help: ArgumentHelp(
            "Files or folders of raw text, a source each, in place of --settings.",
            valueName: "file"))
    var files: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Folder of the corpus, made if need be.", valueName: "directory"))
    var output: String
    @Option(name: .long, help: "How the files hold documents (default: told by their content).")
    var format: RawTextFormat?
    @Option(name: .long, help: "The licence of the files.")
    var licence: String?
    @Option(name: .long, help: "Where the files were published.")
    var address: String?
    @Option(
        name: .long, parsing: .singleValue,
        help: "Leave a filter out; may stand several times.")
    var without: [CorpusFilter] = []
    @Option(
        name: .long,
        help: ArgumentHelp("Count tokens with this tokenizer.", valueName: "file|directory"))
    var tokenizer: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write samples of what each filter took out to a file, which then holds text.",
            valueName: "file"))
    var samples: String?
    @Option(name: .long, help: "How many samples of each filter.")
    var samplesPerFilter = 20
    @OptionGroup var compute: ThreadsOption
    @Flag(name: .long, help: "Print the manifest as JSON.")
    var json = false

    func validate() throws {
        guard (settings == nil) != files.isEmpty else {
            throw ValidationError("name either files or --settings")
        }
        guard settings == nil || (format == nil && licence == nil && address == nil) else {
            throw ValidationError(
                "--format, --licence and --address are for files; --settings has them itself")
        }
        guard (1...10_000).contains(samplesPerFilter) else {
            throw ValidationError("--samples-per-filter must be 1 to 10000")
        }
    }

    func run() throws {
        ComputeThreads.set(compute.count)
        var settings = try chosenSettings()
        for filter in without { settings.filters.leaveOut(filter) }
        settings.samplesPerFilter = samples == nil ? 0 : samplesPerFilter
        let counter = try tokenizer.map { try TokenCounter(tokenizer: URL(filePath: $0)) }
        let bar = ProgressBar()
        let begin = ContinuousClock.now
        let manifest = try CurationRun(
            settings, output: FilePath(URL(filePath: output)), tokens: counter,
            program: "shokenctl \(programVersion)",
            progress: { stage, share in bar.show(stage.rawValue, share) }
        ).run(samples: samples.map { FilePath(URL(filePath: $0)) })
        bar.finish()
        if json { return try printJSON(manifest) }
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        ManifestTables(manifest).print()
        print(
            String(
                format: "%.1f MB of text in %.1f s, %.1f MB/s, at most %.0f MiB of memory",
                Double(manifest.total.read.bytes) / 1e6, seconds,
                Double(manifest.total.read.bytes) / 1e6 / max(seconds, 1e-3),
                Double(ProcessMemory.peakBytes) / 1_048_576))
    }

    private func chosenSettings() throws -> CurationSettings {
        if let settings { return try CurationSettings(file: URL(filePath: settings)) }
        return try CurationSettings(
            name: URL(filePath: output).standardizedFileURL.lastPathComponent,
            sources: files.map {
                CorpusSource(
                    name: URL(filePath: $0).standardizedFileURL.lastPathComponent,
                    address: address, licence: licence, format: format, files: [$0])
            })
    }
}
