// SPDX-License-Identifier: Apache-2.0

/// The patterns that cut text before byte-level merging, by the names that GGUF files have for them.
///
/// Source of the names: llama.cpp's `llama-vocab.cpp`; of the patterns: the published
/// `tokenizer.json` of the models, which say the same.
enum SplitPattern: String, CaseIterable {
    case gpt2 = "gpt-2"
    case llama3 = "llama-bpe"
    case qwen2
    /// What llama.cpp takes where a file names no pattern.
    case unnamed = "default"

    init?(name: String) {
        switch name {
        case "gpt-2", "gpt2", "phi-2", "mpt", "olmo", "jais": self = .gpt2
        case "llama-bpe", "llama3", "llama-v3": self = .llama3
        case "qwen2", "deepseek-r1-qwen", "stablelm2": self = .qwen2
        case "default": self = .unnamed
        default: return nil
        }
    }

    /// The regular expressions, applied one after another to what the one before left together; empty
    /// where the byte-level step cuts by itself.
    var expressions: [String] {
        switch self {
        case .gpt2: []
        case .llama3: [Self.common(digits: "\\p{N}{1,3}")]
        case .qwen2: [Self.common(digits: "\\p{N}")]
        case .unnamed:
            [
                "[\\p{P}\\$\\+<=>\\^~\\|]+",
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
                "\\p{N}+", "[0-9][0-9][0-9]",
            ]
        }
    }

    /// Whether a word that is a token is that token, whatever the merges say.
    var ignoresMerges: Bool { self == .llama3 }

    /// Whether text is composed first.
    var composes: Bool { self == .qwen2 }

    private static func common(digits: String) -> String {
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + digits
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
    }
}
