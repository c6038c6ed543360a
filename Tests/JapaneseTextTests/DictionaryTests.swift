// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import JapaneseText

@Suite("Dictionaries of MeCab")
struct DictionaryTests {
    private static let indexer = "/usr/lib/mecab/mecab-dict-index"
    private static let hasIndexer = FileManager.default.isExecutableFile(atPath: indexer)

    @Test(
        "a user dictionary adds its words",
        .enabled(if: hasIndexer, "mecab-dict-index of mecab-utils is not installed"))
    func userDictionary() throws {
        let folder = try TemporaryFolder()
        let words = try folder.write(
            "架空腫瘤,1285,1285,1,名詞,一般,*,*,*,*,架空腫瘤,カクウシュリュウ,カクウシュリュー\n",
            to: "words.csv")
        let compiled = folder["words.dic"]
        let process = Process()
        process.executableURL = URL(filePath: Self.indexer)
        process.arguments = [
            "-d", MorphologicalAnalyzer.defaultDictionary, "-u", compiled.path, "-f", "utf-8",
            "-t", "utf-8", words.path,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)

        let text = "右肺の架空腫瘤"
        let plain = TextAnalyzer(analyzer: try MorphologicalAnalyzer()).analyze(text)
        let extended = TextAnalyzer(
            analyzer: try MorphologicalAnalyzer(userDictionary: compiled.path)
        ).analyze(text)
        #expect(plain.sentences[0].morphemes.map(\.surface) == ["右", "肺", "の", "架空", "腫", "瘤"])
        #expect(extended.sentences[0].morphemes.map(\.surface) == ["右", "肺", "の", "架空腫瘤"])
        #expect(extended.sentences[0].morphemes.last?.reading == "カクウシュリュウ")
    }

    @Test("a missing dictionary is named")
    func missing() {
        #expect(throws: MorphologyError.dictionaryFileMissing(path: "/nowhere/dicrc")) {
            try MorphologicalAnalyzer(dictionary: "/nowhere")
        }
        #expect(throws: MorphologyError.dictionaryFileMissing(path: "/nowhere/user.dic")) {
            try MorphologicalAnalyzer(userDictionary: "/nowhere/user.dic")
        }
    }

    @Test("files that are no dictionary are refused", arguments: [0, 10, 5000])
    func refused(size: Int) throws {
        let folder = try TemporaryFolder()
        let content = Data(repeating: 0x5A, count: size)
        let broken = try folder.write(content, to: "broken.dic")
        #expect(
            throws: MorphologyError.malformedDictionary(
                path: broken.path, field: size < 72 ? "size" : "magic",
                found: size < 72 ? size : 0x5A5A_5A5A)
        ) {
            try MorphologicalAnalyzer(userDictionary: broken.path)
        }
        for name in ["dicrc", "sys.dic", "unk.dic", "char.bin", "matrix.bin"] {
            try folder.write(content, to: name)
        }
        #expect(
            throws: MorphologyError.dictionaryRefused(directory: folder.path, userDictionary: nil)
        ) {
            try MorphologicalAnalyzer(dictionary: folder.path)
        }
    }
}
