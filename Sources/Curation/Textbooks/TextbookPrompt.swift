// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import TOMLFiles

/// What a topic is.
package enum TopicKind: String, CaseIterable, Hashable, Codable, Sendable {
    /// A disease.
    case disease
    /// A drug.
    case drug
    /// Whatever a list names.
    case other
}

/// A way to ask for a text about a topic.
package struct TextbookPrompt: Hashable, Sendable {
    /// Its name, which stands in each text.
    package let name: String
    /// What is asked; `{topic}` stands for the topic.
    package let text: String
    /// The system's message, where the model's template has one.
    package let system: String?
    /// Texts that are made of each topic.
    package let versions: Int
    /// The topics that it is for.
    package let kinds: Set<TopicKind>

    /// What stands for the topic.
    package static let placeholder = "{topic}"

    /// What is asked of a topic.
    package func text(about topic: String) -> String {
        text.replacing(Self.placeholder, with: topic)
    }

    /// SHA-256 of all that decides what is asked.
    package var digest: String {
        let parts = [name, text, system ?? ""]
        return ContentDigest(of: Data(parts.joined(separator: "\u{0}").utf8)).hexadecimal
    }

    /// The program's own: a chapter of a textbook, and exercises of the licensing examinations, five a topic.
    package static let standard = """
        [[prompts]]
        name = "textbook"
        system = "あなたは誠実で優秀な日本人の医学教育者です。"
        text = "「{topic}」について、医学生が読む教科書の一節を日本語で書いてください。定義、原因と仕組み、所見、検査、治療、注意点を、文章で、正確に説明してください。"
        kinds = ["disease", "other"]

        [[prompts]]
        name = "drug-textbook"
        system = "あなたは誠実で優秀な日本人の薬学教育者です。"
        text = "医薬品「{topic}」について、薬学生が読む教科書の一節を日本語で書いてください。分類、作用機序、効能・効果、用法、副作用、相互作用、禁忌を、文章で、正確に説明してください。"
        kinds = ["drug"]

        [[prompts]]
        name = "medical-examination"
        system = "あなたは誠実で優秀な日本人の医学教育者です。"
        text = "「{topic}」に関する、日本の医師国家試験の形式の問題を一つ作ってください。問題文、五つの選択肢 a から e、正解、解説を、この順に書いてください。"
        versions = 5
        kinds = ["disease", "other"]

        [[prompts]]
        name = "pharmacist-examination"
        system = "あなたは誠実で優秀な日本人の薬学教育者です。"
        text = "医薬品「{topic}」に関する、日本の薬剤師国家試験の形式の問題を一つ作ってください。問題文、五つの選択肢 1 から 5、正解、解説を、この順に書いてください。"
        versions = 5
        kinds = ["drug"]
        """

    /// The prompts of a file of TOML; nil for the program's own.
    ///
    /// Throws ``CurationError/settings(_:file:)``, and `FileError`.
    package static func read(_ file: URL?) throws -> [TextbookPrompt] {
        guard let file else { return try read(standard, file: "the program's prompts") }
        let content = try DiskFiles().read(FilePath(file), maximumBytes: 1 << 20)
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CurationError.settings(
                .syntax(line: 1, column: 1, reason: "not UTF-8"), file: file.path)
        }
        return try read(text, file: file.path)
    }

    static func read(_ text: String, file: String) throws(CurationError) -> [TextbookPrompt] {
        let top = try TOMLSection<CurationError>(text: text, file: file)
        try top.allow("prompts")
        var prompts: [TextbookPrompt] = []
        for section in try top.sections("prompts") {
            try section.allow("name", "text", "system", "versions", "kinds")
            let name = try section.string("name")
            guard !name.isEmpty, !prompts.contains(where: { $0.name == name }) else {
                throw section.outOfRange("name", "\"\(name)\"", allowed: "a name of its own")
            }
            let text = try section.string("text")
            guard text.contains(placeholder) else {
                throw section.outOfRange(
                    "text", "a text without it", allowed: "a text with \(placeholder)")
            }
            let system: String? = section.has("system") ? try section.string("system") : nil
            prompts.append(
                TextbookPrompt(
                    name: name, text: text, system: system,
                    versions: try section.integer("versions", in: 1...1000, default: 1),
                    kinds: try section.choices("kinds", default: Set(TopicKind.allCases))))
        }
        guard !prompts.isEmpty else { throw top.fault(.missingKey("prompts")) }
        return prompts
    }
}
