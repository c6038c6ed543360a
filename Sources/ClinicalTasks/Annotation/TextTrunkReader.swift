// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import LanguageModel
import Tensors

/// Reads analysed texts with a published model: states of words, labels of tokens.
///
/// A text above the model's context is cut into overlapping windows; windows of all texts go through
/// the model together, without padding.
struct TextTrunkReader: Sendable {
    private let trunk: TextTrunk
    private let source: TrunkTokens
    private let tokensPerBatch: Int

    init(_ trunk: TextTrunk, tokensPerBatch: Int) {
        self.trunk = trunk
        guard let source = TrunkTokens(trunk.tokenizer, readsWords: trunk.readsWords) else {
            preconditionFailure("a trunk that reads words has a tokenizer that can")
        }
        self.source = source
        self.tokensPerBatch = tokensPerBatch
    }

    /// What one text's tokens have become.
    struct Reading {
        let tokens: [PlacedToken]
        /// (words, C) a sentence; nil where not wanted.
        var wordStates: [Tensor]?
        /// (T, K); nil for a model without labels of tokens.
        var logits: Tensor?
        fileprivate let windows: TokenWindows
        fileprivate let words: TokenWords?
    }

    /// Reads texts; the mean state of its tokens becomes each word's, where that is wanted.
    ///
    /// Throws what the model throws for ids outside its vocabulary.
    func readings(of texts: [AnalyzedText], wordStates: Bool) throws(TrunkError) -> [Reading] {
        var readings = texts.map { begin($0, wordStates: wordStates) }
        var batch: [(text: Int, window: Int)] = []
        var tokens = 0
        for text in readings.indices {
            for (window, range) in readings[text].windows.ranges.enumerated() {
                let length = range.count + trunk.before.count + trunk.after.count
                if tokens + length > tokensPerBatch, !batch.isEmpty {
                    try read(batch, into: &readings)
                    batch.removeAll(keepingCapacity: true)
                    tokens = 0
                }
                tokens += length
                batch.append((text, window))
            }
        }
        if !batch.isEmpty { try read(batch, into: &readings) }
        return readings
    }

    private func begin(_ text: AnalyzedText, wordStates: Bool) -> Reading {
        let tokens = source.tokens(of: text)
        let breaks = tokens.indices.filter {
            $0 > 0 && tokens[$0].sentence != tokens[$0 - 1].sentence
        }
        let width = trunk.model.width
        return Reading(
            tokens: tokens,
            wordStates: wordStates
                ? text.sentences.map { Tensor(zeros: [$0.morphemes.count, width]) } : nil,
            logits: trunk.model.tokenLabels.map { Tensor(zeros: [tokens.count, $0.count]) },
            windows: TokenWindows(
                count: tokens.count,
                room: trunk.context - trunk.before.count - trunk.after.count, breaks: breaks),
            words: wordStates ? TokenWords(tokens, in: text) : nil)
    }

    private func read(
        _ batch: [(text: Int, window: Int)], into readings: inout [Reading]
    ) throws(TrunkError) {
        let sequences = batch.map { text, window in
            let tokens = readings[text].tokens[readings[text].windows.ranges[window]]
            return trunk.before + tokens.map(\.id) + trunk.after
        }
        let states = try trunk.model.hiddenStates(sequences)
        try states.checkFinite()
        for ((text, window), states) in zip(batch, states) {
            let range = readings[text].windows.ranges[window]
            let rows = states.rowSlice(trunk.before.count..<trunk.before.count + range.count)
            let owned = range.filter { readings[text].windows.owners[$0] == window }
            readings[text].add(rows, of: owned, from: range.lowerBound)
            if let logits = trunk.model.tokenLogits(ofStates: rows) {
                readings[text].setLogits(logits, of: owned, from: range.lowerBound)
            }
        }
    }
}

extension TextTrunkReader.Reading {
    /// Adds tokens' states to those of their words; row 0 of `rows` is the token `first`.
    fileprivate mutating func add(_ rows: Tensor, of tokens: [Int], from first: Int) {
        guard let words else { return }
        let width = rows.columns
        for token in tokens {
            let from = (token - first) * width
            for owner in words.owners(of: token) {
                let to = owner.word * width
                for column in 0..<width {
                    wordStates?[owner.sentence].values[to + column] +=
                        owner.share * rows.values[from + column]
                }
            }
        }
    }

    fileprivate mutating func setLogits(_ rows: Tensor, of tokens: [Int], from first: Int) {
        let width = rows.columns
        for token in tokens {
            let from = (token - first) * width
            logits?.values.replaceSubrange(
                token * width..<(token + 1) * width, with: rows.values[from..<from + width])
        }
    }
}

/// Which words each token stands in; a piece of a published tokenizer may reach over several.
private struct TokenWords {
    struct Owner {
        let sentence: Int
        let word: Int
        /// One over the number of the word's tokens.
        let share: Float
    }

    private let places: [(sentence: Int, word: Int)]
    /// Of each token, the indices of its words in `places`.
    private let words: [Range<Int>]
    private let tokenCounts: [Int]

    init(_ tokens: [PlacedToken], in text: AnalyzedText) {
        var places: [(sentence: Int, word: Int)] = []
        var ranges: [CleanedRange] = []
        for (sentence, part) in text.sentences.enumerated() {
            for (word, morpheme) in part.morphemes.enumerated() {
                places.append((sentence, word))
                ranges.append(morpheme.range)
            }
        }
        var counts = [Int](repeating: 0, count: places.count)
        var first = 0
        words = tokens.map { token in
            while first < ranges.count, ranges[first].end <= token.range.start { first += 1 }
            var end = first
            while end < ranges.count, ranges[end].start < token.range.end { end += 1 }
            for word in first..<end { counts[word] += 1 }
            return first..<end
        }
        self.places = places
        tokenCounts = counts
    }

    func owners(of token: Int) -> [Owner] {
        words[token].map {
            Owner(
                sentence: places[$0].sentence, word: places[$0].word,
                share: 1 / Float(max(1, tokenCounts[$0])))
        }
    }
}
