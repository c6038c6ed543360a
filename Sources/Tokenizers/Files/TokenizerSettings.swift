// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// The part of a Hugging Face `tokenizer_config.json` that Shoken reads.
///
/// Fields that are absent or null are nil; what they then mean depends on the tokenizer.
package struct TokenizerSettings: Decodable, Equatable, Sendable {
    /// A token as a string, or as an object whose `content` is the string.
    package struct Token: Decodable, Equatable, Sendable {
        /// The characters that are the token.
        package let content: String

        private enum CodingKeys: String, CodingKey { case content }

        package init(from decoder: any Decoder) throws {
            if let container = try? decoder.singleValueContainer(),
                let text = try? container.decode(String.self)
            {
                content = text
            } else {
                content = try decoder.container(keyedBy: CodingKeys.self)
                    .decode(String.self, forKey: .content)
            }
        }
    }

    /// `tokenizer_class`, for example `BertJapaneseTokenizer`.
    package var tokenizerClass: String?
    /// `add_bos_token`: whether a begin token belongs before a text.
    package var addsBegin: Bool?
    /// `add_eos_token`: whether an end token belongs after a text.
    package var addsEnd: Bool?
    /// `chat_template`: a Jinja template, or several with names.
    package var chatTemplate: ChatTemplateSource?
    /// `do_lower_case`.
    package var lowercases: Bool?
    /// `strip_accents`.
    package var stripsAccents: Bool?
    /// `tokenize_chinese_chars`.
    package var splitsIdeographs: Bool?
    /// `word_tokenizer_type`: `basic` or `mecab`.
    package var wordTokenizer: String?
    /// `subword_tokenizer_type`: `wordpiece` or `character`.
    package var subwordTokenizer: String?
    /// `shoken_full_width`, which only Shoken knows: whether ASCII is written in full-width letters
    /// before MeCab cuts words, as the models of UTH-BERT's kind were trained.
    package var widens: Bool?
    /// `mecab_kwargs`.
    package var mecab: MeCabSettings?
    /// `bos_token`.
    package var beginToken: Token?
    /// `eos_token`.
    package var endToken: Token?
    /// `unk_token`.
    package var unknownToken: Token?
    /// `cls_token`.
    package var classToken: Token?
    /// `sep_token`.
    package var separatorToken: Token?

    /// `mecab_kwargs` of a Japanese BERT.
    package struct MeCabSettings: Decodable, Equatable, Sendable {
        /// `mecab_dic`: `ipadic`, `unidic_lite` or `unidic`; nil for MeCab's own.
        package var dictionary: String?
        /// `mecab_option`: options of MeCab's command line.
        package var option: String?
        /// `normalize_text`: whether the text goes through NFKC first.
        package var normalizesText: Bool?

        private enum CodingKeys: String, CodingKey {
            case dictionary = "mecab_dic"
            case option = "mecab_option"
            case normalizesText = "normalize_text"
        }
    }

    /// `chat_template` as a string, or as a list of objects with `name` and `template`.
    package struct ChatTemplateSource: Decodable, Equatable, Sendable {
        /// The template named `default`, or the only one.
        package let template: String

        private struct Named: Decodable {
            let name: String
            let template: String
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                template = text
                return
            }
            let named = try container.decode([Named].self)
            guard let found = named.first(where: { $0.name == "default" }) ?? named.first else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "no template in the list")
            }
            template = found.template
        }
    }

    private enum CodingKeys: String, CodingKey {
        case tokenizerClass = "tokenizer_class"
        case addsBegin = "add_bos_token"
        case addsEnd = "add_eos_token"
        case chatTemplate = "chat_template"
        case lowercases = "do_lower_case"
        case stripsAccents = "strip_accents"
        case splitsIdeographs = "tokenize_chinese_chars"
        case wordTokenizer = "word_tokenizer_type"
        case subwordTokenizer = "subword_tokenizer_type"
        case widens = "shoken_full_width"
        case mecab = "mecab_kwargs"
        case beginToken = "bos_token"
        case endToken = "eos_token"
        case unknownToken = "unk_token"
        case classToken = "cls_token"
        case separatorToken = "sep_token"
    }

    /// Settings that say nothing.
    package init() {}

    /// Largest file that is read, in bytes.
    package static let fileByteLimit = 16 << 20
    /// Name of the file.
    package static let fileName = "tokenizer_config.json"

    /// The settings in the same directory as `file`, or nil if there are none.
    ///
    /// Throws `TokenizerError` or `FileError`.
    package static func read(beside file: URL) throws -> TokenizerSettings? {
        let url = file.deletingLastPathComponent().appending(path: fileName)
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else {
            return nil
        }
        let content = try DiskFiles().read(
            FilePath(url.resolvingSymlinksInPath()), maximumBytes: fileByteLimit)
        return try TokenizerSettings(json: content, name: fileName)
    }

    /// Reads the bytes of a file; `name` goes into the errors.
    package init(json: Data, name: String) throws {
        do {
            self = try JSONDecoder().decode(TokenizerSettings.self, from: json)
        } catch let error as DecodingError {
            throw TokenizerError.malformed(file: name, field: Self.field(of: error))
        }
    }

    private static func field(of error: DecodingError) -> String {
        let context: DecodingError.Context =
            switch error {
            case .keyNotFound(_, let context), .valueNotFound(_, let context),
                .typeMismatch(_, let context), .dataCorrupted(let context):
                context
            @unknown default: .init(codingPath: [], debugDescription: "")
            }
        let path = context.codingPath.map { key in
            key.intValue.map { "[\($0)]" } ?? "." + key.stringValue
        }
        return path.isEmpty ? "$" : String(path.joined().drop { $0 == "." })
    }
}
