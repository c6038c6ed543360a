// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The part of a Hugging Face `tokenizer.json` that Shoken carries out; everything else that
/// would change the ids is refused by name.
struct TokenizerFile: Decodable {
    /// A component of which only the kind matters, or nothing.
    struct Component: Decodable {
        let type: String
    }

    struct AddedToken: Decodable {
        let id: Int
        let content: String
        let special: Bool?
        let singleWord: Bool?
        let lstrip: Bool?
        let rstrip: Bool?
        let normalized: Bool?

        enum CodingKeys: String, CodingKey {
            case id, content, special, lstrip, rstrip, normalized
            case singleWord = "single_word"
        }
    }

    struct Metaspace: Decodable {
        let type: String
        let replacement: String?
        let prependScheme: String?
        let split: Bool?

        enum CodingKeys: String, CodingKey {
            case type, replacement, split
            case prependScheme = "prepend_scheme"
        }
    }

    struct PostProcessor: Decodable {
        let type: String
        let single: [TemplatePart]?
        let specialTokens: [String: TemplateToken]?

        enum CodingKeys: String, CodingKey {
            case type, single
            case specialTokens = "special_tokens"
        }
    }

    struct TemplatePart: Decodable {
        struct Name: Decodable {
            let id: String
        }

        let special: Name?
        let sequence: Name?

        enum CodingKeys: String, CodingKey {
            case special = "SpecialToken"
            case sequence = "Sequence"
        }
    }

    struct TemplateToken: Decodable {
        let ids: [Int32]
    }

    struct Model: Decodable {
        let type: String
        let unknown: Int?
        let vocabulary: [Entry]
        let byteFallback: Bool?

        enum CodingKeys: String, CodingKey {
            case type
            case unknown = "unk_id"
            case vocabulary = "vocab"
            case byteFallback = "byte_fallback"
        }
    }

    /// `["▁の", -3.98]`.
    struct Entry: Decodable {
        let piece: UnigramVocabulary.Piece

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            let text = try container.decode(String.self)
            let score = try container.decode(Double.self)
            piece = UnigramVocabulary.Piece(text: text, score: score)
            guard container.isAtEnd else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "more than a piece and a score")
            }
        }
    }

    /// A value of any kind, of which only the presence matters.
    struct Presence: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    let truncation: Presence?
    let padding: Presence?
    let addedTokens: [AddedToken]?
    let normalizer: Component?
    let preTokenizer: Metaspace?
    let postProcessor: PostProcessor?
    let decoder: Metaspace?
    let model: Model

    enum CodingKeys: String, CodingKey {
        case truncation, padding, normalizer, decoder, model
        case addedTokens = "added_tokens"
        case preTokenizer = "pre_tokenizer"
        case postProcessor = "post_processor"
    }
}
