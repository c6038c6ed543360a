import CMeCab
import Glibc

/// Cuts sentences into words with MeCab.
///
/// One model (the dictionaries, mapped read-only) is shared by all threads; each call works with a
/// tagger and a lattice of its own.
package final class MorphologicalAnalyzer: Sendable {
    /// Where Debian's `mecab-ipadic-utf8` puts its dictionary.
    package static let defaultDictionary = "/var/lib/mecab/dic/ipadic-utf8"

    private let model: MeCabModel

    /// Loads the dictionary directory (IPADIC's column order, UTF-8) and a compiled user dictionary.
    ///
    /// nil takes `defaultDictionary` and no user dictionary. Throws `MorphologyError`.
    package init(dictionary: String? = nil, userDictionary: String? = nil) throws(MorphologyError) {
        let directory = dictionary ?? Self.defaultDictionary
        let files = ["dicrc", "sys.dic", "unk.dic", "char.bin", "matrix.bin"]
        for path in files.map({ directory + "/" + $0 }) + [userDictionary].compactMap({ $0 })
        where access(path, R_OK) != 0 {
            throw .dictionaryFileMissing(path: path)
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

    /// The words of a range, which should be one sentence; white space belongs to no word.
    package func morphemes(in text: CleanedText, range: CleanedRange) -> [Morpheme] {
        morphemes(in: text, ranges: [range]).first ?? []
    }

    /// The words of each of several ranges.
    func morphemes(in text: CleanedText, ranges: [CleanedRange]) -> [[Morpheme]] {
        guard let session = MeCabSession(model: model) else { return ranges.map { _ in [] } }
        return ranges.map { morphemes(in: text, range: $0, session: session) }
    }

    private func morphemes(
        in text: CleanedText, range: CleanedRange, session: borrowing MeCabSession
    ) -> [Morpheme] {
        var result: [Morpheme] = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: range.count * 4 + 1) { buffer in
            var length = 0
            for scalar in text.scalars[range.start..<range.end] {
                length = UTF8Writing.write(
                    DictionaryForm.widened(scalar.value), to: buffer, at: length)
            }
            let bytes = UnsafeBufferPointer(rebasing: buffer[..<length])
            var position = range.start
            var offset = 0
            session.forEachNode(of: bytes) { node, start in
                position += scalarCount(bytes[offset..<start])
                let end = start + Int(node.length)
                let next = position + scalarCount(bytes[start..<end])
                let place = CleanedRange(start: position, end: next)
                result.append(Morpheme(node, surface: text.slice(place), range: place))
                position = next
                offset = end
            }
        }
        return result
    }

    private func scalarCount(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}

extension Morpheme {
    fileprivate init(_ node: borrowing mecab_node_t, surface: String, range: CleanedRange) {
        let feature = FeatureColumns(node.feature)
        let base = feature[6] ?? ""
        self.init(
            surface: surface, range: range, partOfSpeech: feature[0] ?? "",
            subcategory: feature[1] ?? "",
            baseForm: base.isEmpty ? surface : DictionaryForm.narrowed(base),
            reading: feature[7], isUnknown: Int(node.stat) == MECAB_UNK_NODE)
    }
}
