// SPDX-License-Identifier: Apache-2.0
import CMeCab
import Glibc

/// Finds the context numbers and the cost with which a term wins over its parts, and only over them.
///
/// A term takes the left context of its first part and the right context of its last one, where
/// these are nouns, so that its neighbours see no difference, and the cost of the cheapest way to
/// cut it, alone, less a margin. So it wins wherever its own parts would have stood, and loses to
/// any other cut that is better than its parts by more than the margin. The cheapest way may go
/// through other terms of the dictionary, so terms must be given from the shortest to the longest.
struct TermCosts: ~Copyable {
    /// A term's numbers and the columns of IPADIC that go with it.
    struct Word {
        var left: UInt16
        var right: UInt16
        var cost: Int16
        /// Whether the system dictionary holds it as one word, whose columns these are.
        var isSystemWord = false
        /// Parts that the dictionaries would cut it into.
        var parts: Int
        /// Whether the cost that it should have does not fit into 16 bits.
        var isClamped = false
        /// The nine columns, where the system dictionary has them.
        var grammar: [String]?
    }

    private let model: MeCabModel
    private let session: MeCabSession
    private let noun: (left: UInt16, right: UInt16)
    private let margin: Int
    private var known: [ArraySlice<UInt8>: Word] = [:]
    private var longestKnown = 0

    /// Throws `MorphologyError` for a system dictionary that cannot be used.
    init(directory: String, margin: Int) throws(MorphologyError) {
        let noun = try Self.ordinaryNoun(directory)
        guard let model = MeCabModel(arguments: ["mecab", "-r", "/dev/null", "-d", directory])
        else { throw .dictionaryRefused(directory: directory, userDictionary: nil) }
        guard let session = MeCabSession(model: model) else {
            preconditionFailure("no memory for a lattice")
        }
        self.noun = noun
        self.model = model
        self.session = session
        self.margin = margin
    }

    /// The contexts of 名詞,一般: those of the first such word in the dictionary.
    private static func ordinaryNoun(
        _ directory: String
    ) throws(MorphologyError) -> (left: UInt16, right: UInt16) {
        let system = try CompiledDictionary(path: directory + "/sys.dic", kind: .system)
        let columns = Array("名詞,一般,*,*,*,*,".utf8)
        for index in 0..<system.tokenCount {
            let token = system.token(index)
            if system.features(of: token).starts(with: columns) {
                return (token.leftContext, token.rightContext)
            }
        }
        throw .nounMissing(directory: directory)
    }

    /// The numbers of the next term, given in the dictionary's letters; no shorter one may follow.
    ///
    /// `cost` is the site's own, if it wants one.
    mutating func word(_ key: [UInt8], cost fixed: Int16?) -> Word {
        var word = computed(key)
        if let fixed {
            word.cost = fixed
            word.isClamped = false
        }
        known[key[...]] = word
        longestKnown = max(longestKnown, key.count)
        return word
    }

    private func computed(_ key: [UInt8]) -> Word {
        key.withUnsafeBufferPointer { text in
            let path = cheapestPath(key, text)
            if path.words == 1, let grammar = path.first.grammar {
                // One less than the system's own entry, which would stand there otherwise.
                return Word(
                    left: path.first.left, right: path.first.right,
                    cost: Int16(clamping: path.first.cost - 1), isSystemWord: true, parts: 1,
                    grammar: grammar)
            }
            let left = path.first.canBegin ? path.first.left : noun.left
            let right = path.last.canEnd ? path.last.right : noun.right
            let cost =
                path.cost - model.transitionCost(from: 0, to: left)
                - model.transitionCost(from: right, to: 0) - margin
            return Word(
                left: left, right: right, cost: Int16(clamping: cost), parts: path.words,
                isClamped: Int(Int16(clamping: cost)) != cost)
        }
    }

    // MARK: - The lattice of one term

    /// A word that could be part of a term.
    private struct Part {
        let end: Int
        let left: UInt16
        let right: UInt16
        let cost: Int
        let canBegin: Bool
        let canEnd: Bool
        /// IPADIC's columns of a word of the system dictionary that is the whole term.
        var grammar: [String]?
    }

    /// The cheapest way from the beginning of a term to the end of a word.
    private struct Path {
        var cost: Int
        var first: Part
        var last: Part
        var words: Int
    }

    private func cheapestPath(_ key: [UInt8], _ text: UnsafeBufferPointer<UInt8>) -> Path {
        let starts = key.indices.filter { !UTF8.isContinuation(key[$0]) }
        let parts = parts(of: key, text, starts: starts)
        var place = [Int](repeating: 0, count: key.count + 1)
        for (index, start) in starts.enumerated() { place[start] = index }
        place[key.count] = starts.count
        // By place the cheapest path to it for each right context.
        var paths = [[Path]](repeating: [], count: starts.count + 1)
        for index in starts.indices {
            for part in parts[index] {
                guard let path = extended(paths[index], by: part, isFirst: index == 0) else {
                    continue
                }
                let end = place[part.end]
                if let same = paths[end].firstIndex(where: { $0.last.right == part.right }) {
                    if path.cost < paths[end][same].cost { paths[end][same] = path }
                } else {
                    paths[end].append(path)
                }
            }
        }
        let complete = paths[starts.count].map { path in
            var path = path
            path.cost += model.transitionCost(from: path.last.right, to: 0)
            return path
        }
        guard let best = complete.min(by: { $0.cost < $1.cost }) else {
            // MeCab guesses an unknown word at every place, so there is always a way.
            preconditionFailure("MeCab found no way through a term")
        }
        return best
    }

    private func extended(_ paths: [Path], by part: Part, isFirst: Bool) -> Path? {
        if isFirst {
            let cost = model.transitionCost(from: 0, to: part.left) + part.cost
            return Path(cost: cost, first: part, last: part, words: 1)
        }
        var best: Path?
        for path in paths {
            let cost =
                path.cost + model.transitionCost(from: path.last.right, to: part.left) + part.cost
            if cost < best?.cost ?? .max {
                best = Path(cost: cost, first: path.first, last: part, words: path.words + 1)
            }
        }
        return best
    }

    /// The words that could begin at each place: those of MeCab and the terms before this one.
    private func parts(
        of key: [UInt8], _ text: UnsafeBufferPointer<UInt8>, starts: [Int]
    ) -> [[Part]] {
        var parts = [[Part]](repeating: [], count: starts.count)
        session.forEachCandidate(of: text, at: starts, model: model) { node, index in
            let feature = node.feature.map { UnsafeRawBufferPointer(start: $0, count: strlen($0)) }
            let isNoun = feature?.starts(with: "名詞".utf8) ?? false
            let isPrefix = feature?.starts(with: "接頭詞".utf8) ?? false
            var part = Part(
                end: starts[index] + Int(node.length), left: node.lcAttr, right: node.rcAttr,
                cost: Int(node.wcost), canBegin: isNoun || isPrefix, canEnd: isNoun)
            if Int(node.length) == key.count, Int(node.stat) == MECAB_NOR_NODE, let feature {
                part.grammar = Self.grammar(feature)
            }
            parts[index].append(part)
        }
        let ends = Array(starts.dropFirst()) + [key.count]
        for (index, start) in starts.enumerated() {
            for end in ends[index...] where end - start < key.count {
                if end - start > longestKnown { break }
                guard let word = known[key[start..<end]] else { continue }
                parts[index].append(
                    Part(
                        end: end, left: word.left, right: word.right, cost: Int(word.cost),
                        canBegin: true, canEnd: true))
            }
        }
        return parts
    }

    /// The first nine columns as a dictionary's source writes them; nil if there are fewer.
    private static func grammar(_ feature: UnsafeRawBufferPointer) -> [String]? {
        let fields = TermFeatures.fields(of: feature)
        guard fields.count >= TermFeatures.grammarColumns else { return nil }
        return fields[..<TermFeatures.grammarColumns].map { TermFeatures.field($0 ?? "") }
    }
}
