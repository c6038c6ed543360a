// SPDX-License-Identifier: Apache-2.0
package import Faults

extension RecipeError: Explained {
    /// The file and the key, line or byte, and what is expected there.
    package var explanation: String {
        switch self {
        case .recipeSyntax(let file, let line, let reason): "\(file), line \(line): \(reason)"
        case .unknownKey(let file, let key, let nearest):
            "\(file): the key \(key) means nothing; "
                + (nearest.map { "did you mean \($0)?" } ?? "remove it")
        case .missingKey(let file, let key): "\(file): the key \(key) is missing"
        case .badValue(let file, let key, let expected): "\(file): \(key) must be \(expected)"
        case .stepUnit(let file, let key, let unit):
            "\(file): \(key) is for another kind of recipe; this kind counts a step in "
                + "\(unit.rawValue): \(unit.key)"
        case .conflictingKeys(let file, let first, let second):
            "\(file): \(first) and \(second) say the same thing; give one of them"
        case .noDocuments(let file): "\(file): too little text for one row of training"
        case .notUTF8(let file, let offset): "\(file) is not UTF-8 at byte \(offset)"
        case .undecodable(let file, let detail): "\(file): \(detail)"
        case .tokenCache(let file, let offset):
            "the tokens in \(file) are damaged at byte \(offset); remove the file"
        case .unfitBase(let file, let reason): "\(file) cannot be tuned so: \(reason.words)"
        }
    }

    /// The recipe is at fault, or what it names.
    package var disposition: Disposition {
        switch self {
        case .recipeSyntax, .unknownKey, .missingKey, .badValue, .stepUnit, .conflictingKeys:
            .configuration
        case .noDocuments: .noInput
        case .notUTF8, .undecodable, .tokenCache, .unfitBase: .badData
        }
    }
}

extension UnfitBase {
    /// Why a base cannot be tuned, in words.
    var words: String {
        switch self {
        case .vocabulary: "its tokenizer has more tokens than its embedding has rows"
        case .noTemplate:
            "it has no chat template, and chat tokens are added to Shoken's own tokenizers only; "
                + "name a template under [chat]"
        case .encoder: "it is an encoder, which answers nothing"
        case .blocks:
            "the weights of a GGUF file are not trained themselves; add [lora] to the recipe"
        }
    }
}
