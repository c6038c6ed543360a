extension UnigramVocabulary {
    /// The pieces of a model without added tokens, if they are consistent.
    ///
    /// Throws as `init` does.
    static func checked(
        pieces: [Piece], unknown: Int, file: String
    ) throws(TokenizerError) -> [Piece] {
        do {
            return try UnigramVocabulary(
                pieces: pieces, addedTokens: [], unknown: unknown, template: nil, file: file
            ).pieces
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .malformed(file: file, field: "model.vocab")
        }
    }
}
