// SPDX-License-Identifier: Apache-2.0
import Curation
import DurableFiles
import Foundation
import JapaneseText
import Tokenizers

extension TokenCounter {
    /// Counts with a tokenizer's file, in a model's folder or not; one that Shoken trained gets MeCab's words of
    /// the cleaned text, as in training.
    init(tokenizer url: URL) throws {
        let opened = try OpenedTokenizer(url).tokenizer
        let file = (try? TokenizerLocation.find(at: url).file) ?? url
        let count: @Sendable (String) -> Int
        if let own = opened as? UnigramTokenizer {
            let analyzer = TextAnalyzer(
                cleaner: TextCleaner(profile: .training),
                analyzer: try MorphologicalAnalyzer(dictionary: nil, userDictionary: nil))
            count = { text in
                own.encode(words: analyzer.analyze(text).words).reduce(0) { $0 + $1.count }
            }
        } else {
            count = { opened.ids(in: $0).count }
        }
        self.init(
            file: url.path(percentEncoded: false),
            digest: try ContentDigest(ofFile: FilePath(file.resolvingSymlinksInPath()))
                .hexadecimal, count: count)
    }
}
