// SPDX-License-Identifier: Apache-2.0
package import Faults

extension TokenizerError: Explained {
    /// The file and the field, or the parameter of a training.
    package var explanation: String {
        switch self {
        case .tooLarge(let file, let field, let count, let limit):
            "\(file): \(field) is too large (\(count), the limit is \(limit))"
        case .malformed(let file, "$"):
            "\(file) is damaged, or no file of its kind; copy or download it again"
        case .malformed(let file, let field):
            "\(file): \(field) is damaged or has a wrong value" + Self.advice
        case .damaged(let file, let fault): "\(file) \(fault)"
        case .unrecognized(let file):
            "\(file): no tokenizer is there; what is read is a tokenizer.json, a vocab.txt, a SentencePiece "
                + "model, a GGUF file, or a folder with one of them"
        case .missing(let file, let field):
            "\(file): \(field) is missing" + Self.advice
        case .unsupported(let file, let field, let value):
            "\(file): \(field) is \(value), which is not supported; choose a model with another tokenizer "
                + "(models of type Unigram, BPE and WordPiece are read)"
        case .outOfRange(let file, let field, let value, let count):
            "\(file): \(field) is \(value), where 0 to \(count - 1) is possible" + Self.advice
        case .duplicate(let file, let field):
            "\(file): \(field) stands twice" + Self.advice
        case .missingSpecialToken(let file, let content):
            "\(file): the added token \(content.debugDescription) is missing" + Self.advice
        case .parameter(let name):
            "\(name) is out of range"
        case .noWords:
            "the input holds no words"
        case .vocabularyTooSmall(let size, let needed):
            "a vocabulary of \(size) is too small; at least \(needed) are needed"
        }
    }

    /// What helps where a file is not as its publisher has written it.
    private static let advice = "; copy or download the file again"

    /// The file is at fault, or what was asked of a training.
    package var disposition: Disposition {
        switch self {
        case .parameter, .vocabularyTooSmall: .usage
        default: .badData
        }
    }
}

extension ProtobufReader.Fault: Explained {
    /// What is wrong with a message; the file is the caller's to name.
    var explanation: String { "a tag, number or length does not fit into the message" }

    /// The file is at fault.
    var disposition: Disposition { .badData }
}
