// SPDX-License-Identifier: Apache-2.0

/// A reason to leave a document, or a part of it, out of a corpus.
package enum CorpusFilter: String, CaseIterable, Hashable, Codable, Sendable {
    /// It holds words of adult pages.
    case adultWords = "adult-words"
    /// It holds a notice of copyright.
    case copyright
    /// Too little of it is finished sentences.
    case unfinished
    /// It is nearly the same as an earlier document.
    case nearDuplicates = "near-duplicates"
    /// Its sentences stood in earlier documents, or in itself, before.
    case sentenceDuplicates = "sentence-duplicates"
    /// A classifier over a model's states finds its quality low: a step of its own, over a corpus that is made.
    case quality

    /// The filters that raw texts go through.
    package static var ofRawTexts: [CorpusFilter] { allCases.filter { $0 != .quality } }
}

/// The filters that look at one document by itself.
struct DocumentFilters: Sendable {
    private let adult: (matcher: WordMatcher, least: Int)?
    private let copyright: (matcher: WordMatcher, least: Int)?
    private let finishedShare: Double?

    init(_ settings: FilterSettings) {
        func matcher(_ words: FilterSettings.Words?) -> (matcher: WordMatcher, least: Int)? {
            words.map { (WordMatcher($0.words), $0.leastMatches) }
        }
        adult = matcher(settings.adultWords)
        copyright = matcher(settings.copyright)
        finishedShare = settings.finishedShare
    }

    /// The first filter that refuses a text; nil where none does.
    func refusal(of text: [UInt8], _ sentences: [RawSentence]) -> CorpusFilter? {
        if let adult, adult.matcher.differentWords(in: text, limit: adult.least) >= adult.least {
            return .adultWords
        }
        if let copyright,
            copyright.matcher.differentWords(in: text, limit: copyright.least) >= copyright.least
        {
            return .copyright
        }
        guard let finishedShare else { return nil }
        let whole = sentences.reduce(0) { $0 + $1.characters }
        let finished = sentences.reduce(0) { $0 + ($1.isFinished ? $1.characters : 0) }
        // A document without one finished sentence goes whatever the share is.
        return finished == 0 || Double(finished) < finishedShare * Double(whole)
            ? .unfinished : nil
    }
}
