// SPDX-License-Identifier: Apache-2.0
package import Tokenizers
import Training

/// A conversation as a network learns it: tokens, and which of them are answers.
package struct InstructionTokens: Hashable, Sendable {
    /// Token ids.
    package let ids: [Int32]
    /// The id where it is to be learnt, else ``TrainingBatch/ignoredLabel``.
    package let labels: [Int32]
    /// What it was made from.
    package let document: String
}

/// What is done with a row that has more tokens than the context.
package enum LongRowPolicy: String, Hashable, Sendable, CaseIterable {
    /// The run does not begin.
    case refuse
    /// The longest text that is not an answer loses its end.
    case cut
    /// The row is left out.
    case leaveOut = "leave-out"
}

/// Turns conversations into tokens.
package struct InstructionEncoder {
    /// Lays messages out by the base's template.
    package let chat: ChatEncoder
    /// A text as the model writes it: words with spaces between where it reads words.
    package let written: (String) -> String
    /// The most tokens of a row.
    package let context: Int
    /// What is done with longer ones.
    package let policy: LongRowPolicy

    /// All choices.
    package init(
        chat: ChatEncoder, context: Int, policy: LongRowPolicy,
        written: @escaping (String) -> String = { $0 }
    ) {
        (self.chat, self.context, self.policy) = (chat, context, policy)
        self.written = written
    }

    /// How many rows did not fit.
    package struct Account: Hashable, Sendable, Encodable {
        /// Rows that were cut.
        package var cut = 0
        /// Rows that were left out.
        package var leftOut = 0

        /// Every row fitted so far.
        package init() {}
    }

    /// The tokens of a file's rows; throws ``InstructionDataError`` for rows that the template has no place
    /// for, or that are too long where these are refused.
    package func encode(
        _ examples: [InstructionExample], file: String, account: inout Account,
        progress: (_ done: Int) throws -> Void = { _ in }
    ) throws -> [(task: String, tokens: InstructionTokens)] {
        var faults: [FaultyRow] = []
        var rows: [(String, InstructionTokens)] = []
        for (index, example) in examples.enumerated() {
            try progress(index)
            let messages = example.messages.map {
                ChatMessage(role: $0.role, content: written($0.content))
            }
            do throws(ChatTemplateError) {
                let encoded = try chat.encode(messages, asksForAnswer: false)
                let fitted = fit(encoded, &account)
                guard let fitted else {
                    if policy == .refuse {
                        let fault = InstructionFault.tooLong(
                            tokens: encoded.ids.count, context: context)
                        faults.append(FaultyRow(file: file, line: example.line, fault: fault))
                    }
                    continue
                }
                rows.append((example.task, tokens(fitted.ids, fitted.isAnswer, example)))
            } catch {
                faults.append(FaultyRow(file: file, line: example.line, fault: .order))
            }
        }
        guard faults.isEmpty else { throw InstructionDataError.of(faults) }
        return rows
    }

    private func tokens(
        _ ids: [Int32], _ isAnswer: [Bool], _ example: InstructionExample
    ) -> InstructionTokens {
        InstructionTokens(
            ids: ids,
            labels: zip(ids, isAnswer).map { $1 ? $0 : TrainingBatch.ignoredLabel },
            document: example.document)
    }

    /// A row that fits, or nil where there is none.
    private func fit(
        _ encoded: ChatEncoder.Encoded, _ account: inout Account
    ) -> (ids: [Int32], isAnswer: [Bool])? {
        let excess = encoded.ids.count - context
        guard excess > 0 else { return (encoded.ids, encoded.isAnswer) }
        guard policy == .cut, let place = longestQuestion(encoded), place.count > excess else {
            if policy != .refuse { account.leftOut += 1 }
            return nil
        }
        account.cut += 1
        var (ids, isAnswer) = (encoded.ids, encoded.isAnswer)
        let removed = place.upperBound - excess..<place.upperBound
        ids.removeSubrange(removed)
        isAnswer.removeSubrange(removed)
        return (ids, isAnswer)
    }

    /// The longest stretch of ids that are neither an answer nor a special token.
    private func longestQuestion(_ encoded: ChatEncoder.Encoded) -> Range<Int>? {
        var best: Range<Int>?
        var start: Int?
        for place in 0...encoded.ids.count {
            let isText =
                place < encoded.ids.count && !encoded.isAnswer[place]
                && !chat.isMarker(encoded.ids[place])
            if isText {
                start = start ?? place
            } else if let first = start {
                if place - first > best?.count ?? 0 { best = first..<place }
                start = nil
            }
        }
        return best
    }
}
