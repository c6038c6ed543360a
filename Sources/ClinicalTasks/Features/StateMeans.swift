// SPDX-License-Identifier: Apache-2.0
package import JapaneseText
package import Tensors

/// Means of the trunk's word states, as features of a text or a part of it.
package enum StateMeans {
    /// The mean state of the words that overlap any of `ranges`; zeros of length `width` if none do.
    ///
    /// `states` holds (words, C) for each sentence of `text`, C being `width`; nil for `ranges` means
    /// the whole text. A task that was fitted to states must be given them: their absence is our own
    /// mistake, not a reason to answer with zeros (`TaskSet.check(stateWidth:)`).
    package static func mean(
        of text: AnalyzedText, states: [Tensor], ranges: [CleanedRange]?, width: Int
    ) -> [Float] {
        precondition(states.count == text.sentences.count, "states of every sentence")
        var sum = [Float](repeating: 0, count: width)
        var count: Float = 0
        for (sentence, tensor) in zip(text.sentences, states) {
            precondition(tensor.shape == [sentence.morphemes.count, width], "states (words, C)")
            for (row, word) in sentence.morphemes.enumerated() {
                let wanted =
                    ranges?.contains {
                        word.range.start < $0.end && $0.start < word.range.end
                    } ?? true
                guard wanted else { continue }
                for column in 0..<width { sum[column] += tensor.values[row * width + column] }
                count += 1
            }
        }
        return count > 0 ? sum.map { $0 / count } : sum
    }
}
