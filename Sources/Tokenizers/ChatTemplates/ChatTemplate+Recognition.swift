// SPDX-License-Identifier: Apache-2.0
import Foundation

extension ChatTemplate {
    /// The template that a `chat_template` is, told by its markers and literals.
    ///
    /// nil where it has a structure that is not known, or parts that are not carried out (a date,
    /// tools without which nothing works, thoughts).
    package static func recognized(inJinja jinja: String) -> ChatTemplate? {
        // A literal may hold a line break itself, or its escape.
        let source = jinja.replacingOccurrences(of: "\n", with: "\\n")
        func has(_ literals: String...) -> Bool { literals.allSatisfy(source.contains) }
        // Marks of later versions that lay a conversation out otherwise.
        let others = ["<think>", "strftime_now", "Cutting Knowledge Date", "first_user_prefix"]
        guard !others.contains(where: { source.contains($0) }) else { return nil }
        if jinja == ncvcJinja { return ncvc }
        if has("<|im_start|>", "<|im_end|>", "assistant\\n") { return chatML(source) }
        if has("<|start_header_id|>", "<|end_header_id|>\\n\\n", "<|eot_id|>", "| trim") {
            return llama3
        }
        if has("<start_of_turn>", "<end_of_turn>\\n", "'model'", "System role not supported") {
            return gemma
        }
        if has("<|user|>\\n", "<|assistant|>\\n", "<|system|>\\n", "<|end|>\\n", "eos_token") {
            return phi3
        }
        if has("'[INST] '", "' [/INST]'", "<<SYS>>\\n", "\\n<</SYS>>\\n\\n", ".strip()") {
            return llama2
        }
        if has("'[INST] '", "' [/INST]'", "eos_token"), !has("<<SYS>>"), !has("system_message") {
            return mistral(source)
        }
        if has("'\\n\\n### 指示:\\n'", "'\\n\\n### 応答:\\n'", "bos_token", "eos_token") {
            return sipJMed
        }
        return nil
    }

    /// `ncvc` as Hugging Face's library carries it out; what instruction tuning writes beside a model.
    package static let ncvcJinja =
        "{{ bos_token }}{% for message in messages %}"
        + "{{ '<|' + message['role'] + '|>' + message['content'] }}"
        + "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"

    /// ChatML; a literal after `<|im_start|>system` is the message where none is given.
    private static func chatML(_ source: String) -> ChatTemplate {
        guard let opening = source.range(of: "<|im_start|>system\\n", options: .backwards),
            let closing = source[opening.upperBound...].range(of: "<|im_end|>")
        else { return chatML }
        let literal = source[opening.upperBound..<closing.lowerBound]
            .replacingOccurrences(of: "\\n", with: "\n")
        // A quotation mark ends the literal: what follows is an expression.
        guard !literal.isEmpty, !literal.contains(where: { "'\"{}\\".contains($0) }) else {
            return chatML
        }
        var template = qwen2
        template.defaultSystem = literal
        return template
    }

    /// The first version has a space after each answer, the second none.
    private static func mistral(_ source: String) -> ChatTemplate {
        var template = mistral
        let spaced = ["eos_token + ' '", "eos_token+ ' '", "eos_token+' '"]
        if spaced.contains(where: { source.contains($0) }) {
            template.assistant.after = [.end, .text(" ")]
        }
        return template
    }

    /// The template of a tokenizer: that of its settings, or NCVC's where it has these tokens.
    ///
    /// Throws `ChatTemplateError.unknownTemplate` and `.noTemplate`.
    package static func belonging(
        to tokenizer: any TextTokenizer, settings: TokenizerSettings?
    ) throws(ChatTemplateError) -> ChatTemplate {
        let file = TokenizerSettings.fileName
        if let source = settings?.chatTemplate?.template {
            guard let template = recognized(inJinja: source) else {
                throw .unknownTemplate(file: file)
            }
            return template
        }
        let contents = Set(tokenizer.summary.specialTokens.map(\.content))
        let tokens = [
            "<|begin_of_text|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end_of_text|>",
        ]
        guard contents.isSuperset(of: tokens) else { throw .noTemplate(file: file) }
        return ncvc
    }
}
