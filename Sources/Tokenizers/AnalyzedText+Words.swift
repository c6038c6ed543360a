// SPDX-License-Identifier: Apache-2.0
package import JapaneseText

extension AnalyzedText {
    /// The words as a tokenizer takes them: MeCab's surfaces, and `"\n"` for each line break.
    ///
    /// Other white space is left out, as it only divides words.
    package var words: [String] {
        var words: [String] = []
        var position = 0
        func addLineBreaks(before end: Int) {
            for scalar in cleaned.scalars[position..<end] where scalar == "\n" {
                words.append("\n")
            }
        }
        for morpheme in sentences.lazy.flatMap(\.morphemes) {
            addLineBreaks(before: max(position, morpheme.range.start))
            words.append(morpheme.surface)
            position = morpheme.range.end
        }
        addLineBreaks(before: cleaned.scalars.count)
        return words
    }
}
