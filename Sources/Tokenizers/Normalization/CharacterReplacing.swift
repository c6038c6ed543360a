/// A compiled map of characters as the `Precompiled` normaliser of a `tokenizer.json` asks it.
///
/// The Hugging Face library asks for whole grapheme clusters of less than six bytes, then for
/// single characters, and takes the *shortest* key that begins the bytes it asks for, whereas
/// SentencePiece itself takes the longest key at each place.
package protocol CharacterReplacing: Sendable {
    /// What stands for `bytes` if some key of the map begins them: the value of the shortest such
    /// key, well-formed UTF-8 and possibly empty; nil where no key does.
    func replacementOfShortestKey(in bytes: ArraySlice<UInt8>) -> [UInt8]?
}
