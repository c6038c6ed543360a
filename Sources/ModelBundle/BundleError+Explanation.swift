// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Faults

extension BundleError: Explained {
    /// The bundle, its file and field, and what to do.
    package var explanation: String {
        switch self {
        case .notFound(let name):
            "there is no model bundle \(name); shokenctl model list shows those there are"
        case .unreadable(_, let error): error.explanation + Self.advice(against: error)
        case .manifestNotJSON(let file, let fault):
            "\(file) is not whole, or no manifest of a model: \(fault); copy the bundle again"
        case .mistakenFile(let bundle, let file, let content):
            "\(file) of the model \(bundle) \(Self.sentence(content))"
        case .malformedManifest(let file, let field):
            "\(file): \(field) is missing or of another type; copy the bundle again"
        case .unsupportedFormat(let file, let found, let expected):
            "\(file) has format \(found); this program reads format \(expected)"
        case .missingFile(let bundle, let file):
            "the model \(bundle) lacks its file \(file); copy the bundle again"
        case .changedFile(let bundle, let file):
            "\(file) of the model \(bundle) is not the file that was made with it; copy the bundle again"
        case .unsafeName(let bundle, let file):
            "the model \(bundle) names a file outside its folder: \(file.debugDescription)"
        case .cleaningVersion(let bundle, let found, let known):
            "the model \(bundle) was trained on text cleaned by version \(found) of the rules; this program knows \(known.map { "\($0)" }.joined(separator: ", "))"
        case .vocabularySize(let bundle, let tokenizer, let trunk):
            "tokenizer (\(tokenizer) pieces) and trunk (\(trunk)) of the model \(bundle) do not belong together"
        case .dictionary(let bundle, let expected, let found):
            Self.dictionary(of: bundle, expected: expected, found: found)
        case .tokenizerDictionary(let bundle, let directory, let expected):
            "the tokenizer of the model \(bundle) cuts words with the MeCab dictionary that was at \(directory) (digest \(expected)); it is neither there nor in text.mecab_dictionary: put it back, or import the model again with --dictionary"
        case .noTasks(let bundle):
            "the model \(bundle) answers no task yet; fit heads on it with shokenctl train heads --trunk \(bundle)"
        case .alreadyThere(let name):
            "there is a model \(name) already; choose another --name"
        case .noFormer: "no other model was active before this one"
        case .invalidName(let name): "\(name.debugDescription) cannot name a model"
        }
    }

    /// Another bundle is needed, or another name.
    package var disposition: Disposition { .unavailable }

    /// What a file of a bundle is, and what to do: a bundle is copied as a whole, or fetched by Git.
    private static func sentence(_ content: MistakenContent) -> String {
        switch content {
        case .empty: "is empty; copy the bundle again"
        case .html: "is a web page (HTML); copy the bundle again"
        case .zip: "is a zip archive; copy the bundle again"
        case .gitLFS: content.explanation
        }
    }

    /// What helps where a file is there and cannot be read.
    private static func advice(against error: FileError) -> String {
        switch error.symbol {
        case "EISDIR", "EBADFD", "ELOOP": "; copy the bundle again"
        default: error.adviceForModels
        }
    }

    /// A bundle that was trained on words cut with another user dictionary.
    private static func dictionary(
        of bundle: String, expected: String, found: String?
    ) -> String {
        let wanted =
            "the model \(bundle) was trained with the user dictionary of SHA-256 \(expected)"
        return found.map { "\(wanted); the configured one (text.user_dictionary) has \($0)" }
            ?? "\(wanted); name that file in text.user_dictionary"
    }
}
