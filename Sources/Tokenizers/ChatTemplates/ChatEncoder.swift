// SPDX-License-Identifier: Apache-2.0

/// Turns conversations into token ids by a template.
///
/// The template's special tokens are put in by their ids; a message is always encoded as text that
/// is data, so that nothing in it becomes a special token. Where the tokenizer has no token for a
/// marker such as `[INST]` or `### 指示:`, the marker is plain text, and the same characters in a
/// message get another first character that looks like it (`〔INST]`, `♯## 指示:`).
package struct ChatEncoder: Sendable {
    /// A conversation as a model reads it.
    package struct Encoded: Equatable, Sendable {
        /// The text, as the template writes it.
        package let text: String
        /// Its ids.
        package let ids: [Int32]
        /// Whether each id is part of an answer that a model is to learn.
        package let isAnswer: [Bool]
    }

    /// The template.
    package let template: ChatTemplate
    private let segments: any SegmentTokenizer
    private let tokens: [String: Int32]
    private let textMarkers: [String]
    private let begin: String?
    private let end: String?

    /// An encoder for a tokenizer; `settings` name its begin and end tokens.
    ///
    /// Throws `ChatTemplateError.missingToken` and `.unsupportedTokenizer`.
    package init(
        _ template: ChatTemplate, tokenizer: any TextTokenizer, settings: TokenizerSettings? = nil
    ) throws(ChatTemplateError) {
        self.template = template
        guard let segments = tokenizer.segmentTokenizer else { throw .unsupportedTokenizer }
        self.segments = segments
        begin = settings?.beginToken?.content ?? template.beginToken
        end = settings?.endToken?.content ?? template.endToken
        var tokens: [String: Int32] = [:]
        var textMarkers: [String] = []
        let special = Set(tokenizer.summary.specialTokens.map(\.content))
        for part in template.parts {
            switch part {
            case .text: break
            case .marker(let content):
                if special.contains(content), let id = tokenizer.id(of: content) {
                    tokens[content] = id
                } else {
                    textMarkers.append(content)
                }
            case .token(let content):
                tokens[content] = try Self.id(of: content, tokenizer, template)
            case .begin:
                if let begin { tokens[begin] = try Self.id(of: begin, tokenizer, template) }
            case .end:
                if let end { tokens[end] = try Self.id(of: end, tokenizer, template) }
            }
        }
        self.tokens = tokens
        self.textMarkers = textMarkers
    }

    /// Whether an id is one of the template's special tokens.
    package func isMarker(_ id: Int32) -> Bool { tokens.values.contains(id) }

    private static func id(
        of content: String, _ tokenizer: any TextTokenizer, _ template: ChatTemplate
    ) throws(ChatTemplateError) -> Int32 {
        guard let id = tokenizer.id(of: content) else {
            throw .missingToken(template: template.name, content: content)
        }
        return id
    }

    /// The ids of a conversation; if `asksForAnswer`, the model is to go on.
    ///
    /// Throws `ChatTemplateError` where the template has no place for a message.
    package func encode(
        _ messages: [ChatMessage], asksForAnswer: Bool = true
    ) throws(ChatTemplateError) -> Encoded {
        var text = ""
        var runs: [Run] = []
        for piece in try template.pieces(of: messages, asksForAnswer: asksForAnswer) {
            let (content, id) = resolved(piece.kind)
            text.unicodeScalars.append(contentsOf: content.unicodeScalars)
            if let id {
                runs.append(Run(segment: .token(id), isAnswer: piece.isAnswer))
            } else if case .text(let before)? = runs.last?.segment {
                // Text in a row is one text: pieces may reach from one part into the next.
                runs[runs.count - 1].segment = .text(before + content)
                if piece.isAnswer, runs.last?.isAnswer == false, runs.last?.asked == nil {
                    runs[runs.count - 1].asked = before
                }
            } else if !content.isEmpty {
                runs.append(Run(segment: .text(content), isAnswer: piece.isAnswer))
            }
        }
        let ids = segments.ids(of: runs.map(\.segment))
        return Encoded(text: text, ids: ids.flatMap { $0 }, isAnswer: answers(in: ids, of: runs))
    }

    /// A token, or all text between two tokens.
    private struct Run {
        var segment: TextSegment
        let isAnswer: Bool
        /// The text before an answer that begins within the run.
        var asked: String?
    }

    /// Which ids are to be learned. Where an answer follows other text without a token between
    /// them, the ids that the other text has by itself are left out.
    private func answers(in ids: [[Int32]], of runs: [Run]) -> [Bool] {
        var asked: [[Int32]] = []
        if runs.contains(where: { $0.asked != nil }) {
            asked = segments.ids(
                of: runs.map { run in run.asked.map { .text($0) } ?? run.segment })
        }
        return zip(ids, runs).enumerated().flatMap { index, element in
            let (ids, run) = element
            guard run.asked != nil else {
                return [Bool](repeating: run.isAnswer, count: ids.count)
            }
            let common = zip(ids, asked[index]).prefix { $0 == $1 }.count
            return ids.indices.map { $0 >= common }
        }
    }

    /// The characters of a piece, and its id if it is a token.
    private func resolved(_ kind: ChatTemplate.Piece.Kind) -> (String, Int32?) {
        switch kind {
        case .content(let text): (disarmed(text), nil)
        case .part(.text(let text)): (text, nil)
        case .part(.token(let content)), .part(.marker(let content)): (content, tokens[content])
        case .part(.begin): (begin ?? "", begin.flatMap { tokens[$0] })
        case .part(.end): (end ?? "", end.flatMap { tokens[$0] })
        }
    }

    /// A message in which no marker that is plain text stands.
    private func disarmed(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for marker in textMarkers {
            let pattern = Array(marker.unicodeScalars)
            guard let first = pattern.first, scalars.count >= pattern.count else { continue }
            for start in 0...(scalars.count - pattern.count)
            where scalars[start] == first
                && scalars[start..<start + pattern.count].elementsEqual(pattern)
            {
                scalars[start] = Self.lookalikes[first] ?? "\u{FFFD}"
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Characters that no normalisation turns back.
    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = [
        "[": "\u{3014}", "<": "\u{2039}", "#": "\u{266F}",
    ]
}

extension ChatTemplate {
    /// Everything that the template may add.
    fileprivate var parts: [Part] {
        var parts = start + user.before + user.after + assistant.before + assistant.after
        switch system {
        case .none: break
        case .turn(let turn), .firstUser(let turn): parts += turn.before + turn.after
        }
        return parts + prompt + close
    }
}
