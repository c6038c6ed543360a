// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// What is wrong with a tokenizer file, or with a wish to train one.
///
/// `file` is the name of the file as given, `field` the path of the field, as in
/// `model.vocab[3][1]`. No case carries text that was to be tokenized.
package enum TokenizerError: JSONFieldError, Equatable, Sendable {
    /// The file, or a list in it, is larger than is accepted.
    case tooLarge(file: String, field: String, count: Int, limit: Int)
    /// The bytes are not JSON, or a value has the wrong type or is no finite number.
    case malformed(file: String, field: String)
    /// The file is no JSON, and where and how it is not; or it is plainly of another kind.
    case damaged(file: String, fault: String)
    /// Neither name nor contents are those of a tokenizer.
    case unrecognized(file: String)
    /// A field that is needed is absent or null.
    case missing(file: String, field: String)
    /// A setting that this program does not carry out.
    case unsupported(file: String, field: String, value: String)
    /// A number that must name a token does not.
    case outOfRange(file: String, field: String, value: Int, count: Int)
    /// The same piece or the same id stands twice.
    case duplicate(file: String, field: String)
    /// A special token that Shoken needs is not among the added tokens.
    case missingSpecialToken(file: String, content: String)
    /// A parameter of training is outside its range.
    case parameter(name: String)
    /// There is nothing to learn from.
    case noWords
    /// The vocabulary is too small for the characters that must be in it.
    case vocabularyTooSmall(size: Int, needed: Int)
}

/// A value of a tokenizer file with its path.
typealias TokenizerField = JSONField<TokenizerError>
