// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
import Glibc
import ModelBundle
import TestSupport
import Testing

@Suite("Errors of bundles and imports in words") struct ErrorExplanationTests {
    @Test(
        "name the bundle and its file or field",
        arguments: [
            (BundleError.notFound("m"), ["bundle m;", "model list"]),
            (
                .unreadable(file: "f", FileError(.open, FilePath("/m/f"), errno: EISDIR)),
                ["/m/f", "a folder is in its place", "copy the bundle"]
            ),
            (
                .unreadable(file: "f", FileError(.open, FilePath("/m/f"), errno: EACCES)),
                ["/m/f", "Permission denied", "chmod"]
            ),
            (
                .manifestNotJSON(file: "m/shoken.json", fault: "it is empty"),
                ["m/shoken.json", "it is empty", "copy the bundle"]
            ),
            (.mistakenFile(bundle: "m", file: "f", .gitLFS), ["f of the model m", "git lfs pull"]),
            (.malformedManifest(file: "m/shoken.json", field: "name"), ["shoken.json", "name"]),
            (.unsupportedFormat(file: "m/shoken.json", found: 9, expected: 3), ["json", "9", "3"]),
            (.missingFile(bundle: "m", file: "f"), ["m ", "f"]),
            (.changedFile(bundle: "m", file: "f"), ["f of the model m"]),
            (.unsafeName(bundle: "m", file: "../f"), ["m ", "\"../f\""]),
            (.cleaningVersion(bundle: "m", found: 9, known: [1, 2]), ["m ", "9", "1, 2"]),
            (.vocabularySize(bundle: "m", tokenizer: 5, trunk: 6), ["m ", "5", "6"]),
            (
                .dictionary(bundle: "m", expected: "aa", found: nil),
                ["m ", "aa", "user_dictionary"]
            ),
            (.dictionary(bundle: "m", expected: "aa", found: "bb"), ["m ", "aa", "bb"]),
            (
                .tokenizerDictionary(bundle: "m", directory: "/d", expected: "aa"),
                ["m ", "/d", "aa", "--dictionary"]
            ),
            (.noTasks(bundle: "m"), ["m ", "--trunk m"]), (.alreadyThere("m"), ["m ", "--name"]),
            (.noFormer, ["active"]), (.invalidName("a/b"), ["\"a/b\""]),
        ])
    func bundles(error: BundleError, words: [String]) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == .unavailable)
    }

    @Test(
        "name the published file and the option that helps",
        arguments: [
            (
                ModelImportError.noTokenizer(location: "m"), ["m ", "--tokenizer"],
                Disposition.noInput
            ),
            (
                .vocabularySize(file: "t", tokenizer: 5, model: 6), ["t ", "5", "6", "--padded"],
                .badData
            ),
            (
                .vocabularySize(file: "t", tokenizer: 6, model: 5), ["t ", "5", "6", "only"],
                .badData
            ),
            (.context(wanted: 9, allowed: 2...4), ["9", "2 to 4"], .badData),
            (.missing(file: "m/f"), ["m/f"], .noInput),
            (.notFinite(location: "m"), ["m:", "NaN"], .badData),
            (.labelsTexts(labels: 4), ["4", "--as trunk"], .unavailable),
            (.noTokenLabels(location: "m"), ["m:", "architectures"], .badData),
            (.origin(file: "o.json"), ["o.json"], .badData),
            (.notOurTokenizer(file: "t.json"), ["t.json"], .badData),
        ])
    func imports(error: ModelImportError, words: [String], disposition: Disposition) {
        expectSentence(of: error, naming: words)
        #expect(error.disposition == disposition)
    }
}
