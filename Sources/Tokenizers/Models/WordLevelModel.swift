// SPDX-License-Identifier: Apache-2.0

/// One token for each pre-token: its id, or the unknown token.
struct WordLevelModel: PieceModel {
    let vocabulary: PieceVocabulary
    /// Id of the token for words that are not in the vocabulary.
    let unknown: Int32

    var summary: String { "WordLevel (\(vocabulary.count) words)" }

    func append(tokensOf word: [UInt8], to tokens: inout [ModelToken]) {
        tokens.append(
            ModelToken(
                id: vocabulary.id(of: word) ?? unknown, start: 0, end: Int32(word.count)))
    }
}
