// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation

/// Which filters a corpus goes through, and how each of them decides; nil is off.
package struct FilterSettings: Hashable, Sendable {
    /// Words, and how many different ones make a document go.
    package struct Words: Hashable, Sendable {
        /// The words.
        package var words: [String]
        /// Different ones of them from which on a document goes.
        package var leastMatches = 1
    }

    /// How documents are compared.
    package struct NearDuplicates: Hashable, Sendable {
        /// Share of common shingles from which on the later document goes.
        package var threshold = 0.8
        /// Characters of a shingle.
        package var shingle = 5
        /// Bands of a signature.
        package var bands = 16
        /// Numbers of a band.
        package var rows = 8
    }

    /// How sentences are compared.
    package struct SentenceDuplicates: Hashable, Sendable {
        /// Shorter sentences, in characters, may be repeated.
        package var leastCharacters = 20
        /// Documents of which fewer characters are left go.
        package var leastRest = 20
    }

    /// Words of adult pages.
    package var adultWords: Words? = Words(words: WordLists.adult)
    /// Notices of copyright.
    package var copyright: Words? = Words(words: WordLists.copyright)
    /// Least share of a document's characters that stand in finished sentences.
    package var finishedShare: Double? = 0.5
    /// Documents that are nearly the same as others.
    package var nearDuplicates: NearDuplicates? = NearDuplicates()
    /// Sentences that stood elsewhere before.
    package var sentenceDuplicates: SentenceDuplicates? = SentenceDuplicates()

    /// All filters with their defaults.
    package init() {}

    /// Switches a filter off.
    package mutating func leaveOut(_ filter: CorpusFilter) {
        switch filter {
        case .adultWords: adultWords = nil
        case .copyright: copyright = nil
        case .unfinished: finishedShare = nil
        case .nearDuplicates: nearDuplicates = nil
        case .sentenceDuplicates: sentenceDuplicates = nil
        case .quality: break
        }
    }

    /// The filters that are on, in the order in which they are applied.
    package var active: [CorpusFilter] {
        CorpusFilter.allCases.filter {
            switch $0 {
            case .adultWords: adultWords != nil
            case .copyright: copyright != nil
            case .unfinished: finishedShare != nil
            case .nearDuplicates: nearDuplicates != nil
            case .sentenceDuplicates: sentenceDuplicates != nil
            case .quality: false
            }
        }
    }

    /// All that decides what the filters leave, by name; lists of words by their number and digest.
    var facts: [String: String] {
        var facts: [String: String] = [:]
        func add(_ name: CorpusFilter, _ words: Words?) {
            guard let words else { return }
            let text = words.words.joined(separator: "\n")
            facts["\(name.rawValue).words"] =
                "\(words.words.count) words, SHA-256 \(ContentDigest(of: Data(text.utf8)))"
            facts["\(name.rawValue).minimum_matches"] = "\(words.leastMatches)"
        }
        add(.adultWords, adultWords)
        add(.copyright, copyright)
        if let finishedShare { facts["unfinished.minimum_share"] = "\(finishedShare)" }
        if let near = nearDuplicates {
            facts["near-duplicates.threshold"] = "\(near.threshold)"
            facts["near-duplicates.shingle"] = "\(near.shingle)"
            facts["near-duplicates.bands"] = "\(near.bands)"
            facts["near-duplicates.rows"] = "\(near.rows)"
        }
        if let sentences = sentenceDuplicates {
            facts["sentence-duplicates.minimum_characters"] = "\(sentences.leastCharacters)"
            facts["sentence-duplicates.minimum_rest"] = "\(sentences.leastRest)"
        }
        return facts
    }
}
