package import JapaneseText
package import Tensors

/// Means of the trunk's word states, as features of a text or a part of it.
package enum StateMeans {
    /// The mean state of the words that overlap any of `ranges`; zeros of length `width` if none do.
    ///
    /// `states` holds (words, C) for each sentence of `text`; nil for `ranges` means the whole text.
    package static func mean(
        of text: AnalyzedText, states: [Tensor], ranges: [CleanedRange]?, width: Int
    ) -> [Float] {
        var sum = [Float](repeating: 0, count: width)
        var count: Float = 0
        for (sentence, tensor) in zip(text.sentences, states) where tensor.columns == width {
            for (row, word) in sentence.morphemes.enumerated() where row < tensor.rows {
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
