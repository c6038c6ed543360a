// SPDX-License-Identifier: Apache-2.0
import Faults
import JapaneseText
import TestSupport
import Testing

@Suite("Errors of dictionaries in words") struct ErrorExplanationTests {
    @Test(
        "name the dictionary and the field, and what helps",
        arguments: [
            (
                MorphologyError.dictionaryFileMissing(path: "/d/sys.dic"),
                ["/d/sys.dic", "mecab-ipadic-utf8"], Disposition.unavailable
            ),
            (.dictionaryFileMissing(path: "/d/u.dic"), ["/d/u.dic"], .unavailable),
            (.dictionaryRefused(directory: "/d", userDictionary: nil), ["/d"], .unavailable),
            (
                .wrongCharacterSet(path: "/d/sys.dic", characterSet: "EUC-JP"),
                ["/d/sys.dic", "EUC-JP", "UTF-8"], .unavailable
            ),
            (
                .malformedDictionary(path: "/d/u.dic", field: "size", found: 7),
                ["/d/u.dic", "size", "7"], .badData
            ),
            (
                .foreignDictionary(path: "/d/u.dic", field: "lsize", found: 7, expected: 8),
                ["/d/u.dic", "lsize", "7", "8", "dictionary build"], .badData
            ),
            (.nounMissing(directory: "/d"), ["/d", "IPADIC"], .unavailable),
            (.noTerms, ["no term"], .badData),
            (.temporaryFolder(path: "/t", errno: 13), ["/t", "13", "TMPDIR"], .cannotCreate),
            (.compilation(status: 256), ["256"], .software),
        ])
    func words(error: MorphologyError, words: [String], disposition: Disposition) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }
}
