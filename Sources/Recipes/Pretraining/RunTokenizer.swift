// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JapaneseText
import Tokenizers

/// The tokenizer of a pre-training run: our own, which cuts words that MeCab found, or a published one,
/// which cuts text.
struct RunTokenizer: Sendable {
    private enum Kind {
        case words(UnigramTokenizer)
        case text(any TextTokenizer)
    }

    private let kind: Kind
    /// Begins a document; nil where only its end is marked.
    let begin: Int32?
    /// Ends a document.
    let end: Int32
    /// SHA-256 of its file.
    let digest: String

    /// Our own; throws what reading the file throws.
    init(file: URL) throws { try self.init(UnigramTokenizer(file: file), file: file) }

    /// Our own that was read from a file.
    init(_ tokenizer: UnigramTokenizer, file: URL) throws {
        (begin, end) = (tokenizer.beginOfText, tokenizer.endOfText)
        kind = .words(tokenizer)
        digest = try Self.digest(file)
    }

    /// A published one, with the marks that its model's files name.
    init(_ tokenizer: any TextTokenizer, file: URL, begin: Int32?, end: Int32) throws {
        (self.begin, self.end) = (begin, end)
        kind = .text(tokenizer)
        digest = try Self.digest(file)
    }

    private static func digest(_ file: URL) throws -> String {
        try ContentDigest(ofFile: FilePath(file.resolvingSymlinksInPath())).hexadecimal
    }

    /// Whether it is our own, whose words heads can learn from.
    var readsWords: Bool {
        if case .words = kind { true } else { false }
    }

    /// Number of ids.
    var vocabularySize: Int {
        switch kind {
        case .words(let tokenizer): tokenizer.vocabularySize
        case .text(let tokenizer): tokenizer.vocabularySize
        }
    }

    /// The id of a piece, or nil.
    func id(of piece: String) -> Int32? {
        switch kind {
        case .words(let tokenizer): tokenizer.id(of: piece)
        case .text(let tokenizer): tokenizer.id(of: piece)
        }
    }

    /// The ids of a document, without marks; published tokenizers read the cleaned text.
    func ids(of document: String, _ analyzer: TextAnalyzer) -> [Int32] {
        switch kind {
        case .words(let tokenizer):
            SourceText.words(analyzer.analyze(document)).flatMap {
                tokenizer.encode(words: $0).flatMap { $0 }
            }
        case .text(let tokenizer): tokenizer.ids(in: analyzer.cleaner.clean(document).string)
        }
    }
}
