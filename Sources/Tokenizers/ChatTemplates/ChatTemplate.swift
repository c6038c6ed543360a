// SPDX-License-Identifier: Apache-2.0

/// How the messages of a conversation are put before a model: what stands around each, and which of
/// it is a special token.
///
/// There is no interpreter for Jinja here. A published template is recognised by its structure
/// (`ChatTemplate+Recognition.swift`) or named by the administrator.
package struct ChatTemplate: Hashable, Sendable {
    /// A part of what the template adds.
    package enum Part: Hashable, Sendable {
        /// A special token; the tokenizer must have it.
        case token(String)
        /// The token that begins a text (`bos_token`), if the tokenizer has one.
        case begin
        /// The token that ends a text (`eos_token`).
        case end
        /// A marker that is a special token in some tokenizers and plain text in others.
        case marker(String)
        /// Plain text.
        case text(String)
    }

    /// What stands before and after the content of a message.
    package struct Turn: Hashable, Sendable {
        /// Before the content.
        package var before: [Part]
        /// After the content.
        package var after: [Part]
    }

    /// Where a system message goes.
    package enum SystemPlace: Hashable, Sendable {
        /// Nowhere: it is refused.
        case none
        /// A turn of its own.
        case turn(Turn)
        /// Into the first message of the user, before its content.
        case firstUser(Turn)
    }

    /// The template's name, as `--template` takes it.
    package let name: String
    /// Before everything.
    package var start: [Part] = []
    /// Where a system message goes.
    package var system: SystemPlace
    /// A message of the user.
    package var user: Turn
    /// An answer of the model.
    package var assistant: Turn
    /// After the last message, where the model is to answer.
    package var prompt: [Part]
    /// After the last message, where it is not.
    package var close: [Part] = []
    /// The system message where none is given.
    package var defaultSystem: String?
    /// Whether white space around a content is taken away.
    package var trims = false
    /// Whether user and assistant must take turns.
    package var alternates = false
    /// `bos_token` and `eos_token` where the tokenizer's settings do not name them.
    package var beginToken: String?
    /// `eos_token` where the tokenizer's settings do not name it.
    package var endToken: String?
}

extension ChatTemplate {
    /// The templates that are known by name, in the order of their names.
    package static let known: [ChatTemplate] = [
        chatML, gemma, llama2, llama3, mistral, ncvc, phi3, qwen2, sipJMed,
    ]

    /// The template with this name.
    ///
    /// Throws `ChatTemplateError.unknownName`.
    package static func named(_ name: String) throws(ChatTemplateError) -> ChatTemplate {
        guard let template = known.first(where: { $0.name == name }) else {
            throw .unknownName(name)
        }
        return template
    }

    /// NCVC-slm-1: `<|system|>`, `<|user|>` and `<|assistant|>` before each content; the loss counts
    /// from after `<|assistant|>` to `<|end_of_text|>`.
    ///
    /// Source: arXiv 2412.16423, section on instruction tuning. It names the tokens, not the whole
    /// layout; `<|begin_of_text|>` first and `<|end_of_text|>` after an answer is our reading.
    package static let ncvc = ChatTemplate(
        name: "ncvc", start: [.begin],
        system: .turn(Turn(before: [.token("<|system|>")], after: [])),
        user: Turn(before: [.token("<|user|>")], after: []),
        assistant: Turn(before: [.token("<|assistant|>")], after: [.end]),
        prompt: [.token("<|assistant|>")], beginToken: "<|begin_of_text|>",
        endToken: "<|end_of_text|>")

    /// ChatML without a system message of its own.
    package static let chatML = ChatTemplate(
        name: "chatml", system: .turn(chatMLTurn("system")), user: chatMLTurn("user"),
        assistant: chatMLTurn("assistant"),
        prompt: [.token("<|im_start|>"), .text("assistant\n")])

    /// Qwen2 (and JMedLLM): ChatML that always has a system message.
    package static let qwen2: ChatTemplate = {
        var template = chatML
        template.defaultSystem = "You are a helpful assistant."
        return template.renamed("qwen2")
    }()

    /// Llama 2: the system message stands in the user's first.
    package static let llama2 = ChatTemplate(
        name: "llama-2",
        system: .firstUser(
            Turn(
                before: [.marker("<<SYS>>"), .text("\n")],
                after: [.text("\n"), .marker("<</SYS>>"), .text("\n\n")])),
        user: Turn(
            before: [.begin, .marker("[INST]"), .text(" ")],
            after: [.text(" "), .marker("[/INST]")]),
        assistant: Turn(before: [.text(" ")], after: [.text(" "), .end]), prompt: [],
        trims: true, alternates: true, beginToken: "<s>", endToken: "</s>")

    /// Mistral 7B Instruct and Mixtral 8x7B Instruct, first versions.
    package static let mistral = ChatTemplate(
        name: "mistral", start: [.begin], system: .none,
        user: Turn(
            before: [.marker("[INST]"), .text(" ")], after: [.text(" "), .marker("[/INST]")]),
        assistant: Turn(before: [], after: [.end]), prompt: [], alternates: true,
        beginToken: "<s>", endToken: "</s>")

    /// Llama 3: a header with the role before each message.
    package static let llama3 = ChatTemplate(
        name: "llama-3", start: [.begin], system: .turn(llama3Turn("system")),
        user: llama3Turn("user"), assistant: llama3Turn("assistant"),
        prompt: llama3Turn("assistant").before, trims: true, beginToken: "<|begin_of_text|>",
        endToken: "<|eot_id|>")

    /// Gemma and Gemma 2: no system message; the model's role is `model`.
    package static let gemma = ChatTemplate(
        name: "gemma", start: [.begin], system: .none, user: gemmaTurn("user"),
        assistant: gemmaTurn("model"), prompt: gemmaTurn("model").before, trims: true,
        alternates: true, beginToken: "<bos>", endToken: "<eos>")

    /// Phi-3 mini, June 2024 version.
    package static let phi3 = ChatTemplate(
        name: "phi-3", system: .turn(phi3Turn("<|system|>")), user: phi3Turn("<|user|>"),
        assistant: phi3Turn("<|assistant|>"), prompt: phi3Turn("<|assistant|>").before,
        close: [.end], beginToken: "<s>", endToken: "<|endoftext|>")

    /// SIP-jmed-llm and the llm-jp models before it: headings in Japanese.
    package static let sipJMed = ChatTemplate(
        name: "sip-jmed-llm", start: [.begin],
        system: .turn(Turn(before: [], after: [])),
        user: Turn(before: [.text("\n\n"), .marker("### 指示:"), .text("\n")], after: []),
        assistant: Turn(
            before: [.text("\n\n"), .marker("### 応答:"), .text("\n")], after: [.end]),
        prompt: [.text("\n\n"), .marker("### 応答:"), .text("\n")], beginToken: "<s>",
        endToken: "</s>")

    private static func chatMLTurn(_ role: String) -> Turn {
        Turn(
            before: [.token("<|im_start|>"), .text(role + "\n")],
            after: [.token("<|im_end|>"), .text("\n")])
    }

    private static func llama3Turn(_ role: String) -> Turn {
        Turn(
            before: [
                .token("<|start_header_id|>"), .text(role), .token("<|end_header_id|>"),
                .text("\n\n"),
            ], after: [.token("<|eot_id|>")])
    }

    private static func gemmaTurn(_ role: String) -> Turn {
        Turn(
            before: [.token("<start_of_turn>"), .text(role + "\n")],
            after: [.token("<end_of_turn>"), .text("\n")])
    }

    private static func phi3Turn(_ role: String) -> Turn {
        Turn(before: [.token(role), .text("\n")], after: [.token("<|end|>"), .text("\n")])
    }

    private func renamed(_ name: String) -> ChatTemplate {
        ChatTemplate(
            name: name, start: start, system: system, user: user, assistant: assistant,
            prompt: prompt, close: close, defaultSystem: defaultSystem, trims: trims,
            alternates: alternates, beginToken: beginToken, endToken: endToken)
    }
}
