// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ChatTemplateError: Explained {
    /// The file or message, and the names of the templates where one is to be chosen.
    package var explanation: String {
        let names = ChatTemplate.known.map(\.name).joined(separator: ", ")
        switch self {
        case .unknownTemplate(let file):
            return "\(file): chat_template is of no known kind; name one with --template (\(names))"
        case .noTemplate(let file):
            return "\(file): there is no chat_template; name one with --template (\(names))"
        case .unknownName(let name):
            return "there is no template \(name.debugDescription), only \(names)"
        case .missingToken(let template, let content):
            return
                "the tokenizer has no token \(content.debugDescription), which the template "
                + "\(template) needs"
        case .noMessages:
            return "there are no messages"
        case .unexpectedSystem(let template, let message):
            return
                "message \(message + 1): the template \(template) has no place for a system "
                + "message here"
        case .rolesMustAlternate(let template, let message):
            return
                "message \(message + 1): with the template \(template) user and assistant take "
                + "turns, and the user begins"
        case .unsupportedTokenizer:
            return "this tokenizer cannot keep special tokens apart from text"
        }
    }

    /// File or messages are at fault, or the name that was asked for.
    package var disposition: Disposition {
        if case .unknownName = self { return .usage }
        return .badData
    }
}
