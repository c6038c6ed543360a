// SPDX-License-Identifier: Apache-2.0
package import Faults

extension MorphologyError: Explained {
    /// The dictionary's file and field, and what to do.
    package var explanation: String {
        switch self {
        case .dictionaryFileMissing(let path) where path.hasSuffix("/sys.dic"):
            "MeCab's dictionary file \(path) cannot be read; install mecab-ipadic-utf8"
        case .dictionaryFileMissing(let path):
            "MeCab's dictionary file \(path) cannot be read"
        case .dictionaryRefused(let directory, _):
            "MeCab refuses the dictionaries at \(directory)"
        case .wrongCharacterSet(let path, let characterSet):
            "MeCab's dictionary \(path) is in \(characterSet), not UTF-8"
        case .malformedDictionary(let path, let field, let found):
            "\(path) is damaged or no compiled dictionary of MeCab: \(field) is wrong (\(found))"
        case .foreignDictionary(let path, let field, let found, let expected):
            "\(path) was compiled for another system dictionary (\(field) \(found), not \(expected)); build it again with shokenctl dictionary build"
        case .nounMissing(let directory):
            "the system dictionary at \(directory) has no 名詞,一般; Shoken needs IPADIC"
        case .noTerms: "the lists hold no term that can be taken"
        case .temporaryFolder(let path, let errno):
            "cannot write to a private folder in \(path) (errno \(errno)); set TMPDIR to another place"
        case .compilation(let status):
            "MeCab's dictionary compiler failed (status \(status))"
        }
    }

    /// A dictionary that is named wrongly is missing; one that is damaged is bad data.
    package var disposition: Disposition {
        switch self {
        case .dictionaryFileMissing, .dictionaryRefused, .wrongCharacterSet, .nounMissing:
            .unavailable
        case .malformedDictionary, .foreignDictionary, .noTerms: .badData
        case .temporaryFolder: .cannotCreate
        case .compilation: .software
        }
    }
}
