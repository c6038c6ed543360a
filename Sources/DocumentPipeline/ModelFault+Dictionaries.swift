package import JapaneseText

extension ModelFault {
    /// One sentence for a fault of MeCab's dictionaries, without full stop.
    package static func explain(_ error: MorphologyError) -> String {
        switch error {
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

    /// One sentence for a bundle that was trained on words cut with another user dictionary.
    static func explainDictionary(_ bundle: String, expected: String, found: String?) -> String {
        let wanted =
            "the model \(bundle) was trained with the user dictionary of SHA-256 \(expected)"
        return found.map { "\(wanted); the configured one (text.user_dictionary) has \($0)" }
            ?? "\(wanted); name that file in text.user_dictionary"
    }
}
