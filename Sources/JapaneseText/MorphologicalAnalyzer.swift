// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Cuts sentences into words with MeCab.
///
/// One model (the dictionaries, mapped read-only) is shared by all threads; each call works with a
/// tagger and a lattice that no other call uses meanwhile.
package final class MorphologicalAnalyzer: Sendable {
    /// Where Debian's `mecab-ipadic-utf8` puts its dictionary.
    package static let defaultDictionary = "/var/lib/mecab/dic/ipadic-utf8"

    private let model: MeCabModel
    /// Workers that no call is using; as many are made as ever work at the same time.
    private let idle = Mutex<[MorphologyWorker]>([])

    /// Loads the dictionary directory (IPADIC's column order, UTF-8) and a compiled user dictionary.
    ///
    /// nil takes `defaultDictionary` and no user dictionary. A user dictionary is checked first, byte
    /// by byte. Throws `MorphologyError`.
    package init(dictionary: String? = nil, userDictionary: String? = nil) throws(MorphologyError) {
        let directory = dictionary ?? Self.defaultDictionary
        let files = ["dicrc", "sys.dic", "unk.dic", "char.bin", "matrix.bin"]
        for path in files.map({ directory + "/" + $0 }) where access(path, R_OK) != 0 {
            throw .dictionaryFileMissing(path: path)
        }
        // MeCab follows the numbers in a user dictionary unchecked.
        if let userDictionary {
            _ = try UserDictionary(path: userDictionary, systemDictionary: directory)
        }
        // The host's mecabrc must not change what a model sees, hence -r.
        var arguments = ["mecab", "-r", "/dev/null", "-d", directory]
        if let userDictionary { arguments += ["-u", userDictionary] }
        guard let model = MeCabModel(arguments: arguments) else {
            throw .dictionaryRefused(directory: directory, userDictionary: userDictionary)
        }
        for (path, characterSet) in model.dictionaries
        where !["UTF8", "UTF-8"].contains(characterSet.uppercased()) {
            throw .wrongCharacterSet(path: path, characterSet: characterSet)
        }
        self.model = model
    }

    /// Workers go before the model that they point into.
    deinit { idle.withLock { $0.removeAll() } }

    /// The words of a range, which should be one sentence; white space belongs to no word.
    package func morphemes(in text: CleanedText, range: CleanedRange) -> [Morpheme] {
        morphemes(in: text, ranges: [range]).first ?? []
    }

    /// The words of each of several ranges.
    func morphemes(in text: CleanedText, ranges: [CleanedRange]) -> [[Morpheme]] {
        withWorker { worker in ranges.map { worker.morphemes(in: text, range: $0) } }
    }

    /// Where the words of a text stand, which is given to MeCab as it is: letters keep their width.
    ///
    /// Taggers of others were trained on words that MeCab cut in this way. Offsets are those of
    /// `scalars`; white space belongs to no word.
    package func wordRanges(in scalars: [Unicode.Scalar]) -> [CleanedRange] {
        withWorker { $0.wordRanges(in: scalars) }
    }

    private func withWorker<Result>(_ body: (MorphologyWorker) -> Result) -> Result {
        guard let worker = idle.withLock({ $0.popLast() }) ?? MorphologyWorker(model: model) else {
            // MeCab has no other reason than memory, which Swift itself does not survive either.
            preconditionFailure("no memory for a lattice")
        }
        defer { idle.withLock { $0.append(worker) } }
        return body(worker)
    }
}
