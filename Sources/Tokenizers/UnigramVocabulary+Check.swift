// SPDX-License-Identifier: Apache-2.0
extension UnigramVocabulary {
    /// Throws what `init` does where the pieces of a model without added tokens are not consistent.
    static func check(
        pieces: [Piece], unknown: Int, file: String
    ) throws(TokenizerError) {
        do {
            _ = try UnigramVocabulary(
                pieces: pieces, addedTokens: [], unknown: unknown, template: nil, file: file
            )
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .malformed(file: file, field: "model.vocab")
        }
    }
}
