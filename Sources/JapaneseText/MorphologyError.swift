/// Why the dictionaries of MeCab could not be loaded.
package enum MorphologyError: Error, Equatable {
    /// A file that a dictionary consists of is missing or cannot be read.
    case dictionaryFileMissing(path: String)
    /// MeCab refuses the dictionaries, for example because they were made for another version.
    case dictionaryRefused(directory: String, userDictionary: String?)
    /// A dictionary is not in UTF-8.
    case wrongCharacterSet(path: String, characterSet: String)
}
