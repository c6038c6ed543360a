// SPDX-License-Identifier: Apache-2.0
import JapaneseText
import LanguageModel
import Tensors
import Tokenizers

/// Reads the words of analysed texts with a trunk of our own and gives the state of every word.
///
/// A text is cut at sentences into windows of the trunk's context length; within a window every
/// token sees every other (bidirectional attention). A word's state is the mean of its tokens'.
struct WordTrunkReader: Sendable {
    private let tokenizer: UnigramTokenizer
    private let trunk: DecoderModel
    private let context: Int
    private let tokensPerBatch: Int

    /// A reader; `tokensPerBatch` bounds the memory of one pass.
    init(
        tokenizer: UnigramTokenizer, trunk: DecoderModel, context: Int, tokensPerBatch: Int
    ) {
        self.tokenizer = tokenizer
        self.trunk = trunk
        self.context = max(2, context)
        self.tokensPerBatch = tokensPerBatch
    }

    /// Width of a state, C.
    private var width: Int { trunk.configuration.hiddenSize }

    /// For every text one tensor a sentence, of shape (words, C).
    ///
    /// Throws what the trunk throws for ids outside its vocabulary.
    func wordStates(of texts: [AnalyzedText]) throws -> [[Tensor]] {
        var states = texts.map { text in
            text.sentences.map { Tensor(zeros: [$0.morphemes.count, width]) }
        }
        var batch: [Window] = []
        var tokens = 0
        for (index, text) in texts.enumerated() {
            for window in windows(of: text, index: index) {
                if tokens + window.ids.count > tokensPerBatch, !batch.isEmpty {
                    try read(batch, into: &states)
                    batch.removeAll(keepingCapacity: true)
                    tokens = 0
                }
                tokens += window.ids.count
                batch.append(window)
            }
        }
        try read(batch, into: &states)
        return states
    }

    /// The tokens of one pass over a part of a text, each with the word that it belongs to.
    private struct Window {
        struct Owner {
            let sentence: Int
            let word: Int
            let share: Float
        }
        let text: Int
        var ids: [Int32]
        var owners: [Owner?]
    }

    private func windows(of text: AnalyzedText, index: Int) -> [Window] {
        let fresh = Window(text: index, ids: [tokenizer.beginOfText], owners: [nil])
        var windows: [Window] = []
        var current = fresh
        for (sentenceIndex, sentence) in text.sentences.enumerated() {
            let words = tokenizer.encode(words: sentence.morphemes.map(\.surface))
            let length = words.reduce(1) { $0 + $1.count }
            if current.ids.count + length > context, current.ids.count > 1 {
                windows.append(current)
                current = fresh
            }
            for (wordIndex, ids) in words.enumerated() {
                if current.ids.count + ids.count > context, current.ids.count > 1 {
                    windows.append(current)
                    current = fresh
                }
                let share = 1 / Float(max(1, ids.count))
                // A single word above the whole context is read by its beginning.
                for id in ids.prefix(context - 1) {
                    current.ids.append(id)
                    current.owners.append(
                        .init(sentence: sentenceIndex, word: wordIndex, share: share))
                }
            }
            if current.ids.count < context {
                current.ids.append(tokenizer.newline)
                current.owners.append(nil)
            }
        }
        if current.ids.count > 1 { windows.append(current) }
        return windows
    }

    private func read(_ windows: [Window], into states: inout [[Tensor]]) throws {
        guard !windows.isEmpty else { return }
        let hidden = try trunk.hiddenStates(windows.map(\.ids), bidirectional: true)
        try hidden.checkFinite()
        for (window, rows) in zip(windows, hidden) {
            for (position, owner) in window.owners.enumerated() {
                guard let owner else { continue }
                for column in 0..<width {
                    states[window.text][owner.sentence].values[owner.word * width + column] +=
                        owner.share * rows.values[position * width + column]
                }
            }
        }
    }
}
