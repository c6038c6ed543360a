// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Curation

@Suite("Settings of a corpus")
struct CurationSettingsTests {
    private let sources = """
        name = "c"
        [[sources]]
        name = "wiki"
        files = "wiki"
        licence = "CC BY-SA 4.0"
        format = "wikiextractor"

        """

    private func read(_ text: String, _ folder: URL = URL(filePath: "/data")) throws
        -> CurationSettings
    {
        try CurationSettings(text: text, file: "corpus.toml", folder: folder)
    }

    @Test("are read with their defaults, names of files beside the file")
    func defaults() throws {
        let settings = try read(sources)
        let own = FilterSettings()
        #expect(settings.filters == own && settings.filters.active == CorpusFilter.ofRawTexts)
        #expect(settings.sources.first?.files == ["/data/wiki"])
        #expect(settings.sources.first?.address == nil)
        #expect(settings.sources.first?.format == .wikiextractor)
    }

    @Test("switch filters off and change them")
    func filters() throws {
        let folder = try TemporaryFolder()
        try folder.write("# ours\n甲\n乙\n\n", to: "words.txt")
        let settings = try read(
            "seed = 5\nshard_megabytes = 2\nskip_malformed = true\n" + sources + """
                [adult_words]
                words_file = "words.txt"
                add = ["丙"]
                remove = ["乙"]
                minimum_matches = 2
                [copyright]
                enabled = false
                [unfinished]
                minimum_share = 0.25
                [near_duplicates]
                threshold = 0.7
                bands = 20
                rows = 5
                shingle = 7
                [sentence_duplicates]
                minimum_characters = 10
                minimum_rest = 100
                """, folder.url)
        #expect(settings.seed == 5 && settings.shardBytes == 2 << 20 && settings.skipsMalformed)
        #expect(settings.filters.adultWords == .init(words: ["甲", "丙"], leastMatches: 2))
        #expect(settings.filters.copyright == nil)
        #expect(settings.filters.finishedShare == 0.25)
        #expect(
            settings.filters.nearDuplicates
                == .init(threshold: 0.7, shingle: 7, bands: 20, rows: 5))
        #expect(
            settings.filters.sentenceDuplicates == .init(leastCharacters: 10, leastRest: 100))
    }

    @Test(
        "that are wrong are refused with their key",
        arguments: [
            ("seeds = 1", "seeds"), ("[near_duplicates]\ntreshold = 1", "threshold"),
            ("[unfinished]\nminimum_share = 2", "minimum_share"),
            ("[adult_words]\nwords_file = \"absent.txt\"", "absent.txt"),
            ("[[sources]]\nname = \"wiki\"\nfiles = \"x\"", "wiki"),
            ("[[sources]]\nname = \"x\"\nfiles = []", "x"),
            ("[[sources]]\nname = \"x\"\nfiles = \"x\"\nformat = \"html\"", "oscar"),
            ("seed = [", "line"),
        ])
    func wrong(_ text: String, _ word: String) throws {
        let isTable = text.hasPrefix("[")
        let whole = isTable ? sources + text : text + "\n" + sources
        let error = #expect(throws: CurationError.self) { try read(whole) }
        expectSentence(of: try #require(error), naming: [word])
    }

    @Test("of errors each say what is wrong in a sentence")
    func explained() {
        for (error, word): (CurationError, String) in [
            (.changed(file: "f.txt"), "f.txt"), (.damaged(file: "f"), "f"),
            (.noManifest(file: "m.json"), "m.json"), (.tooMany(documents: 5, limit: 4), "4"),
            (.otherRun(folder: "out", difference: "seed"), "seed"),
        ] { expectSentence(of: error, naming: [word]) }
    }
}
