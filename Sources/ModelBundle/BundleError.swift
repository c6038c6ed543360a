// SPDX-License-Identifier: Apache-2.0
package import DurableFiles

/// Why a model bundle cannot be used.
package enum BundleError: Error, Equatable, Sendable {
    /// No folder of that name, or a folder without `shoken.json`.
    case notFound(String)
    /// A file of the bundle is there and cannot be read.
    case unreadable(file: String, FileError)
    /// The manifest is no JSON, and where and how it is not.
    case manifestNotJSON(file: String, fault: String)
    /// What lies in a file's place is empty or of another kind.
    case mistakenFile(bundle: String, file: String, MistakenContent)
    /// A field of the manifest is missing or of another type.
    case malformedManifest(file: String, field: String)
    /// The manifest's format is not the one that this program reads.
    case unsupportedFormat(file: String, found: Int, expected: Int)
    /// A file that the manifest lists is not in the folder.
    case missingFile(bundle: String, file: String)
    /// A file's bytes are not those that the manifest lists.
    case changedFile(bundle: String, file: String)
    /// A file name in the manifest leaves the folder.
    case unsafeName(bundle: String, file: String)
    /// The bundle was trained on text cleaned by a version of the rules that is not known here.
    case cleaningVersion(bundle: String, found: Int, known: [Int])
    /// The words were cut with another user dictionary, given by its SHA-256, at training; nil is none.
    case dictionary(bundle: String, expected: String, found: String?)
    /// The trunk has been trained with another tokenizer.
    case vocabularySize(bundle: String, tokenizer: Int, trunk: Int)
    /// The tokenizer's MeCab dictionary is not there, or is another one than at import.
    case tokenizerDictionary(bundle: String, directory: String, expected: String)
    /// The bundle answers no task: it is a trunk for heads that are yet to be fitted.
    case noTasks(bundle: String)
    /// There is a bundle of that name already.
    case alreadyThere(String)
    /// No bundle was active before the present one.
    case noFormer
    /// A name that cannot name a folder.
    case invalidName(String)
}
