// SPDX-License-Identifier: Apache-2.0

/// One message of a conversation.
package struct ChatMessage: Codable, Hashable, Sendable {
    /// Who speaks.
    package enum Role: String, Codable, Sendable {
        /// Sets the task.
        case system
        /// Asks.
        case user
        /// The model's answer.
        case assistant
    }

    /// Who speaks.
    package let role: Role
    /// What is said: data, of which no character is a marker.
    package let content: String

    /// A message.
    package init(role: Role, content: String) {
        self.role = role
        self.content = content
    }
}

/// What is wrong with a chat template or with the messages given to it.
///
/// No case carries a message's text.
package enum ChatTemplateError: Error, Equatable, Sendable {
    /// The `chat_template` of the file has none of the known structures.
    case unknownTemplate(file: String)
    /// Neither the file nor the tokenizer tells which template belongs to it.
    case noTemplate(file: String)
    /// No template has this name.
    case unknownName(String)
    /// The tokenizer has no token for a marker of the template.
    case missingToken(template: String, content: String)
    /// There are no messages.
    case noMessages
    /// The template has no place for a system message, or none but the first.
    case unexpectedSystem(template: String, message: Int)
    /// User and assistant must take turns, the user first.
    case rolesMustAlternate(template: String, message: Int)
    /// The tokenizer cannot keep special tokens apart from text.
    case unsupportedTokenizer
}
