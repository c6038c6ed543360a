// SPDX-License-Identifier: Apache-2.0

/// A compiled user dictionary, read for what its terms mean.
///
/// Opening checks every number in the file that MeCab would follow. The file must not be changed in
/// place while it is open; replacing it by a rename is fine.
package struct UserDictionary: Sendable {
    /// Where the file is.
    package let path: String
    private let file: CompiledDictionary

    /// Opens a dictionary that was compiled for a system dictionary; nil is the standard one.
    ///
    /// Throws `MorphologyError`.
    package init(path: String, systemDictionary: String? = nil) throws(MorphologyError) {
        let directory = systemDictionary ?? MorphologicalAnalyzer.defaultDictionary
        let system = try CompiledDictionary(path: directory + "/sys.dic", kind: .system)
        let file = try CompiledDictionary(path: path, kind: .user)
        for (field, found, expected) in [
            ("lsize", file.leftContexts, system.leftContexts),
            ("rsize", file.rightContexts, system.rightContexts),
        ] where found != expected {
            throw .foreignDictionary(path: path, field: field, found: found, expected: expected)
        }
        try file.checkContents()
        self.path = path
        self.file = file
    }

    /// Number of words in it, those without meaning for Shoken included.
    package var wordCount: Int { file.tokenCount }

    /// What is known of a word of cleaned text that is exactly a term.
    ///
    /// nil where the word is not in the dictionary, or was put there by another program. Linear in
    /// the length of the word.
    package func term(_ surface: String) -> DictionaryTerm? {
        let key = DictionaryForm.key(surface)
        for word in file.words(key) {
            if let term = TermFeatures.term(file.features(of: word), surface: surface) {
                return term
            }
        }
        return nil
    }

    /// Every word with its cost, in the order of their bytes; nil for words of other programs.
    package func forEachWord(_ body: (_ term: DictionaryTerm?, _ cost: Int16) -> Void) {
        file.forEachWord { key, word in
            let surface = DictionaryForm.narrowed(String(decoding: key, as: UTF8.self))
            body(TermFeatures.term(file.features(of: word), surface: surface), word.cost)
        }
    }
}
