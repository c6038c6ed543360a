// SPDX-License-Identifier: Apache-2.0
package import JapaneseText

/// What a user dictionary changes in how text is cut into words.
package struct CuttingMeasure: Sendable {
    /// Ordinary sentence frames; the term stands where `%` is.
    package static let frames = [
        "%を認める。", "%疑い", "%の既往", "%なし", "%術後", "右%を認めた。", "%に対して加療中である。", "%は改善した。", "軽度の%あり",
        "明らかな%は認めない。", "%、発熱", "%と診断し", "慢性%で通院", "入院後に%が出現",
    ]

    /// How terms stand in one frame.
    package struct FrameCount: Hashable, Codable, Sendable {
        /// The frame.
        package let frame: String
        /// Terms put into it.
        package var terms = 0
        /// Terms that are one word with the system dictionary alone.
        package var wholeBefore = 0
        /// Terms that are one word with the user dictionary.
        package var whole = 0
        /// Terms that are part of a longer term of the dictionary.
        package var insideLonger = 0
    }

    /// What changes in running text.
    package struct TextCount: Hashable, Codable, Sendable {
        /// Sentences.
        package var sentences = 0
        /// Words with the system dictionary alone.
        package var words = 0
        /// Words with meaning in the user dictionary, with it.
        package var terms = 0
        /// Ends of words that went because they lie inside a term: what is wanted.
        package var joined = 0
        /// Ends of words that went elsewhere.
        package var lostOutside = 0
        /// Ends of words that were not there before: a term begins or ends inside a word, or the
        /// words beside it are cut otherwise.
        package var added = 0
        /// Sentences with `lostOutside` or `added`.
        package var disturbed = 0

        /// Nothing counted yet.
        package init() {}
    }

    private let dictionary: UserDictionary
    private let before: TextAnalyzer
    private let after: TextAnalyzer

    /// Loads both ways of cutting; throws `MorphologyError`.
    package init(
        userDictionary: String, systemDictionary: String? = nil
    ) throws(MorphologyError) {
        dictionary = try UserDictionary(path: userDictionary, systemDictionary: systemDictionary)
        before = TextAnalyzer(
            cleaner: TextCleaner(profile: .documents, personalInformation: []),
            analyzer: try MorphologicalAnalyzer(dictionary: systemDictionary))
        after = TextAnalyzer(
            cleaner: TextCleaner(profile: .documents, personalInformation: []),
            analyzer: try MorphologicalAnalyzer(
                dictionary: systemDictionary, userDictionary: userDictionary))
    }

    /// At most `limit` terms, evenly from the whole dictionary, that the system dictionary alone
    /// cuts apart.
    package func dividedTerms(limit: Int) -> [String] {
        var all: [String] = []
        dictionary.forEachWord { term, _ in if let term { all.append(term.surface) } }
        let divided = all.filter {
            before.analyze($0).sentences.reduce(0) { $0 + $1.morphemes.count } > 1
        }
        guard divided.count > limit, limit > 0 else { return divided }
        return (0..<limit).map { divided[$0 * divided.count / limit] }
    }

    /// Puts terms into each frame and counts those that are one word.
    package func frames(of terms: [String]) -> [FrameCount] {
        Self.frames.map { frame in
            var count = FrameCount(frame: frame)
            let parts = frame.split(separator: "%", omittingEmptySubsequences: false)
            let start = parts[0].unicodeScalars.count
            for term in terms {
                let end = start + term.unicodeScalars.count
                let sentence = "\(parts[0])\(term)\(parts[1])"
                let isTerm = { (word: Morpheme) in
                    word.range.start == start && word.range.end == end
                }
                count.terms += 1
                if words(before, sentence).contains(where: isTerm) { count.wholeBefore += 1 }
                let words = words(after, sentence)
                if words.contains(where: isTerm) {
                    count.whole += 1
                } else if words.contains(where: {
                    $0.range.start <= start && end <= $0.range.end
                        && dictionary.term($0.surface) != nil
                }) {
                    count.insideLonger += 1
                }
            }
            return count
        }
    }

    /// Cuts a text both ways and adds what differs to `count`.
    package func add(_ text: String, to count: inout TextCount) {
        let (old, new) = (before.analyze(text), after.analyze(text))
        for (first, second) in zip(old.sentences, new.sentences) {
            count.sentences += 1
            count.words += first.morphemes.count
            let terms = second.morphemes.filter { dictionary.term($0.surface) != nil }
            count.terms += terms.count
            let (oldEnds, newEnds) = (Self.ends(first), Self.ends(second))
            let inside = Set(terms.flatMap { Array($0.range.start + 1..<$0.range.end) })
            let lost = oldEnds.subtracting(newEnds)
            let joined = lost.intersection(inside).count
            let added = newEnds.subtracting(oldEnds).count
            count.joined += joined
            count.lostOutside += lost.count - joined
            count.added += added
            if lost.count > joined || added > 0 { count.disturbed += 1 }
        }
    }

    private func words(_ analyzer: TextAnalyzer, _ sentence: String) -> [Morpheme] {
        analyzer.analyze(sentence).sentences.flatMap(\.morphemes)
    }

    private static func ends(_ sentence: AnalyzedSentence) -> Set<Int> {
        Set(sentence.morphemes.flatMap { [$0.range.start, $0.range.end] })
    }
}
