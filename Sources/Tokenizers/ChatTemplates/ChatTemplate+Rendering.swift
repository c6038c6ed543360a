// SPDX-License-Identifier: Apache-2.0
extension ChatTemplate {
    /// A piece of a conversation as the template lays it out.
    package struct Piece: Hashable, Sendable {
        /// What the template adds, or a message's content.
        package enum Kind: Hashable, Sendable {
            /// Added by the template.
            case part(Part)
            /// The content of a message.
            case content(String)
        }

        /// What it is.
        package let kind: Kind
        /// Whether it is part of an answer that the model is to learn: the content of an assistant
        /// and what ends it.
        package let isAnswer: Bool
    }

    /// Lays messages out; if `asksForAnswer`, what makes the model answer stands at the end.
    ///
    /// Throws `ChatTemplateError` where the template has no place for a message.
    package func pieces(
        of messages: [ChatMessage], asksForAnswer: Bool
    ) throws(ChatTemplateError) -> [Piece] {
        guard !messages.isEmpty else { throw .noMessages }
        var rest = Array(messages.enumerated())
        var systemText = defaultSystem
        if rest[0].element.role == .system { systemText = rest.removeFirst().element.content }
        var layout = Layout(pieces: [])
        layout.add(start)
        if case .turn(let turn) = system, let systemText {
            layout.add(turn, .content(trimmed(systemText)))
        } else if case .none = system, systemText != nil {
            throw .unexpectedSystem(template: name, message: 0)
        }
        for (place, (index, message)) in rest.enumerated() {
            if alternates, (message.role == .user) != (place % 2 == 0) {
                throw .rolesMustAlternate(template: name, message: index)
            }
            switch message.role {
            case .system: throw .unexpectedSystem(template: name, message: index)
            case .user:
                layout.add(user.before)
                if place == 0, case .firstUser(let turn) = system, let systemText {
                    layout.add(turn, .content(systemText))
                    // What is trimmed is both together, which begins with a marker.
                    layout.add(.content(trims ? message.content.trimmedAtEnd : message.content))
                } else {
                    layout.add(.content(trimmed(message.content)))
                }
                layout.add(user.after)
            case .assistant:
                layout.add(assistant.before)
                layout.add(.content(trimmed(message.content)), isAnswer: true)
                layout.addAnswerEnd(assistant.after)
            }
        }
        layout.add(asksForAnswer ? prompt : close)
        return layout.pieces
    }

    private func trimmed(_ text: String) -> String {
        trims ? text.trimmedAtStart.trimmedAtEnd : text
    }

    private struct Layout {
        var pieces: [Piece]

        mutating func add(_ kind: Piece.Kind, isAnswer: Bool = false) {
            pieces.append(Piece(kind: kind, isAnswer: isAnswer))
        }

        mutating func add(_ parts: [Part]) {
            for part in parts { add(.part(part)) }
        }

        mutating func add(_ turn: Turn, _ content: Piece.Kind) {
            add(turn.before)
            add(content)
            add(turn.after)
        }

        /// Adds what ends an answer; the model learns it up to the first token.
        mutating func addAnswerEnd(_ parts: [Part]) {
            var isAnswer = true
            for part in parts {
                add(.part(part), isAnswer: isAnswer)
                switch part {
                case .token, .end: isAnswer = false
                default: break
                }
            }
        }
    }
}

extension String {
    // White space as Python's `str.strip`, which Jinja's `trim` calls, takes it.
    fileprivate var trimmedAtStart: String {
        String(unicodeScalars.drop(while: Self.isSpace))
    }

    fileprivate var trimmedAtEnd: String {
        var view = unicodeScalars[...]
        while let last = view.last, Self.isSpace(last) { view.removeLast() }
        return String(view)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
}
