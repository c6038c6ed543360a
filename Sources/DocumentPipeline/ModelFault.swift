import DurableFiles
import JapaneseText
import LinearHeads
import ModelBundle
import Tokenizers
import WeightFiles

/// Why a model cannot be used, as one sentence for the admin, without full stop.
package struct ModelFault: Error {
    /// The sentence; it names the file and the field.
    package let sentence: String

    /// The sentence for an error of a bundle, its files or the dictionaries; nil for any other error.
    package init?(_ error: any Error) {
        switch error {
        case let error as BundleError: sentence = Self.explain(error)
        case let error as TaskParameterError: sentence = Self.explain(error)
        case let error as FileError: sentence = error.explanation
        case let error as MorphologyError: sentence = Self.explain(error)
        case is TokenizerError, is WeightFileError, is ModelConfigurationError:
            // The facts name file, field and tensor; they hold no document text.
            sentence = "the model's file is damaged or of another kind: \(error)"
        default: return nil
        }
    }

    private static func explain(_ error: BundleError) -> String {
        switch error {
        case .notFound(let name):
            "there is no model bundle \(name); shokenctl model list shows those there are"
        case .unreadable(let file): "cannot read \(file)"
        case .malformedManifest(let file, let field):
            "\(file): \(field.isEmpty ? "the file" : field) is missing or of another type"
        case .unsupportedFormat(let file, let found, let expected):
            "\(file) has format \(found); this program reads format \(expected)"
        case .missingFile(let bundle, let file): "the model \(bundle) lacks its file \(file)"
        case .changedFile(let bundle, let file):
            "\(file) of the model \(bundle) is not the file that was made with it; copy the bundle again"
        case .unsafeName(let bundle, let file):
            "the model \(bundle) names a file outside its folder: \(file.debugDescription)"
        case .cleaningVersion(let bundle, let found, let known):
            "the model \(bundle) was trained on text cleaned by version \(found) of the rules; this program knows \(known.map { "\($0)" }.joined(separator: ", "))"
        case .vocabularySize(let bundle, let tokenizer, let trunk):
            "tokenizer (\(tokenizer) pieces) and trunk (\(trunk)) of the model \(bundle) do not belong together"
        case .dictionary(let bundle, let expected, let found):
            Self.explainDictionary(bundle, expected: expected, found: found)
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

    private static func explain(_ error: TaskParameterError) -> String {
        switch error {
        case .settings(let task, let field):
            "the model's settings of \(task) are damaged at \(field)"
        case .statesNotServed(let task, let width):
            "the model's head of \(task) was fitted with the trunk's states (stateWidth \(width)), which this program does not give to that task; fit it again without them"
        case .missingTensor(let task, let tensor): "the model's task \(task) lacks \(tensor)"
        case .shape(let task, let tensor, let expected, let found):
            "\(tensor) of the task \(task) has shape \(found), expected \(expected)"
        }
    }
}
