// SPDX-License-Identifier: Apache-2.0
extension UnigramTokenizer: TextTokenizer {
    /// Ids that the template puts before a text.
    package var tokensBefore: [Int32] { vocabulary.template?.before ?? [] }
    /// Ids that the template puts after a text.
    package var tokensAfter: [Int32] { vocabulary.template?.after ?? [] }

    /// What the tokenizer is made of.
    package var summary: TokenizerSummary {
        TokenizerSummary(
            source: "tokenizer.json", model: "Unigram", normalizer: [],
            preTokenizer: ["Metaspace(always)"], decoder: ["Metaspace"],
            specialTokens: vocabulary.addedTokens.filter(\.isSpecial).map {
                TokenizerSummary.SpecialToken(id: $0.id, content: $0.content)
            },
            vocabularySize: vocabularySize)
    }
}
