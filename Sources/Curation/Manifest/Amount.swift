// SPDX-License-Identifier: Apache-2.0

/// How much text: documents, and what they hold.
package struct Amount: Hashable, Codable, Sendable {
    /// Documents.
    package var documents = 0
    /// Unicode scalars.
    package var characters = 0
    /// Bytes of UTF-8.
    package var bytes = 0
    /// Tokens of the tokenizer that was named; nil without one.
    package var tokens: Int?

    /// Nothing, whose tokens count or not.
    package init(countsTokens: Bool) { tokens = countsTokens ? 0 : nil }

    /// Some text.
    init(documents: Int, characters: Int, bytes: Int, tokens: Int?) {
        (self.documents, self.characters) = (documents, characters)
        (self.bytes, self.tokens) = (bytes, tokens)
    }

    static func += (left: inout Amount, right: Amount) {
        left.documents += right.documents
        left.characters += right.characters
        left.bytes += right.bytes
        if let tokens = right.tokens { left.tokens = (left.tokens ?? 0) + tokens }
    }

    static func - (left: Amount, right: Amount) -> Amount {
        Amount(
            documents: left.documents - right.documents,
            characters: left.characters - right.characters, bytes: left.bytes - right.bytes,
            tokens: left.tokens.map { $0 - (right.tokens ?? 0) })
    }
}

/// What was read of a source, what each filter took out, and what is left.
package struct SourceTally: Hashable, Codable, Sendable {
    /// What was read.
    package var read: Amount
    /// Records that could not be read and were passed over.
    package var malformed = 0
    /// What filters took out, by their names.
    package var removed: [String: Amount] = [:]
    /// Sentences that were taken out of documents that stay.
    package var sentences = 0
    /// What is left.
    package var kept: Amount

    init(countsTokens: Bool) {
        read = Amount(countsTokens: countsTokens)
        kept = read
    }

    mutating func remove(_ amount: Amount, by filter: CorpusFilter) {
        removed[filter.rawValue, default: Amount(countsTokens: amount.tokens != nil)] += amount
    }

    static func += (left: inout SourceTally, right: SourceTally) {
        left.read += right.read
        left.malformed += right.malformed
        for (name, amount) in right.removed {
            left.removed[name, default: Amount(countsTokens: amount.tokens != nil)] += amount
        }
        left.sentences += right.sentences
        left.kept += right.kept
    }
}
