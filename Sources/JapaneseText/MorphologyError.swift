// SPDX-License-Identifier: Apache-2.0

/// Why the dictionaries of MeCab could not be loaded, or a user dictionary not be made.
package enum MorphologyError: Error, Equatable {
    /// A file that a dictionary consists of is missing or cannot be read.
    case dictionaryFileMissing(path: String)
    /// MeCab refuses the dictionaries, for example because they were made for another version.
    case dictionaryRefused(directory: String, userDictionary: String?)
    /// A dictionary is not in UTF-8.
    case wrongCharacterSet(path: String, characterSet: String)
    /// A field of a compiled dictionary cannot be right: it is damaged, or no such dictionary.
    ///
    /// The fields are those of MeCab's `dictionary.cpp`, and `size`, the file's size in bytes. For
    /// `double array`, `token` and `features` the number found is the place of the fault.
    case malformedDictionary(path: String, field: String, found: Int)
    /// A user dictionary was compiled for a system dictionary with other contexts.
    case foreignDictionary(path: String, field: String, found: Int, expected: Int)
    /// A system dictionary has no ordinary noun, so that it is not in IPADIC's columns.
    case nounMissing(directory: String)
    /// A user dictionary without any term was asked for.
    case noTerms
    /// The private folder in which a dictionary is compiled cannot be written.
    case temporaryFolder(path: String, errno: Int32)
    /// MeCab's compiler ended otherwise than well; `status` is that of waitpid(2), -1 if it did not
    /// start.
    case compilation(status: Int32)
}
