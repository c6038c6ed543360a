// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import DurableFiles
import Foundation
import Terminology

/// What a user dictionary changes in how text is cut.
struct DictionaryMeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Count what a user dictionary changes in how text is cut into words.",
        discussion: """
            Puts terms that the system dictionary alone cuts apart into ordinary sentences and counts \
            those that are one word. With --text, cuts UTF-8 text files with and without the dictionary \
            and counts where words end otherwise: inside a term, as wanted, or anywhere else.
            With --json: {"frames":[{"frame","insideLonger","terms","whole","wholeBefore"}],"text":\
            {"added","disturbed","joined","lostOutside","sentences","terms","words"}}.
            """)

    @Argument(help: ArgumentHelp("A compiled user dictionary.", valueName: "file"))
    var file: String
    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("UTF-8 text files.", valueName: "file"))
    var text: [String] = []
    @Option(name: .long, help: "How many terms, taken evenly from the whole dictionary.")
    var sample = 1000
    @Option(
        name: .long,
        help: ArgumentHelp("MeCab's system dictionary, a directory.", valueName: "directory"))
    var dictionary: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    private static let mostTextBytes = 1 << 30

    private struct Report: Encodable {
        let frames: [CuttingMeasure.FrameCount]
        let text: CuttingMeasure.TextCount
    }

    func run() throws {
        let measure = try CuttingMeasure(userDictionary: file, systemDictionary: dictionary)
        let bar = ProgressBar()
        bar.show("terms", 0)
        let frames = measure.frames(of: measure.dividedTerms(limit: max(0, sample)))
        var count = CuttingMeasure.TextCount()
        for (index, name) in text.enumerated() {
            let content = try DiskFiles().read(
                FilePath(URL(filePath: name).resolvingSymlinksInPath()),
                maximumBytes: Self.mostTextBytes)
            for line in content.split(separator: UInt8(ascii: "\n")) {
                measure.add(String(decoding: line, as: UTF8.self), to: &count)
            }
            bar.show("text", Double(index + 1) / Double(text.count))
        }
        bar.finish()
        if json { return try printJSON(Report(frames: frames, text: count)) }
        TextTable(
            columns: ["FRAME", "TERMS", "WHOLE", "INSIDE A LONGER ONE", "WHOLE WITHOUT IT"],
            rows: frames.map {
                [
                    $0.frame.replacingOccurrences(of: "%", with: "…"), "\($0.terms)", "\($0.whole)",
                    "\($0.insideLonger)", "\($0.wholeBefore)",
                ]
            }
        ).print()
        guard !text.isEmpty else { return }
        print(
            """

            \(count.sentences) sentences, \(count.words) words, \(count.terms) terms in them
            \(count.joined) ends of words went inside terms, \(count.lostOutside) elsewhere
            \(count.added) ends of words are new, \(count.disturbed) sentences are cut otherwise \
            beside terms
            """)
    }
}
