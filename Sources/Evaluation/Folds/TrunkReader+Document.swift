// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import JapaneseText
import Tensors

extension TrunkReader {
    /// The word states of one text, (words, C) a sentence.
    func states(of text: AnalyzedText) throws -> [Tensor] {
        try wordStates(of: [text]).first ?? []
    }
}
