// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Learns a Unigram vocabulary from words and how often they occur.
///
/// Source: T. Kudo, “Subword Regularization”, 2018, section 3.2, with the choices of
/// huggingface/tokenizers `models/unigram/trainer.rs` (digamma in the M step, expected
/// frequencies below 0.5 dropped, pruning by loss down to 1.1 times the size). Unlike there,
/// seed pieces are counted by occurrences in the text, not by distinct words, the loss of a piece
/// leaves out the two occurrences that made it one, characters are never dropped, and the last
/// cut is by loss too, after which the scores are estimated once more. The result does not depend
/// on the number of threads nor on the order of the words.
package struct UnigramTrainer {
    /// What to learn.
    package struct Parameters: Sendable {
        /// Number of ids, special tokens included. The result has fewer where the words do not
        /// give so many pieces.
        package var vocabularySize: Int
        /// Share of the pieces that a pruning keeps.
        package var shrinkingFactor = 0.75
        /// Longest piece in Unicode scalars, the U+2581 included.
        package var maximumPieceLength = 16
        /// Estimations between two prunings.
        package var subIterations = 8
        /// Special tokens in the order of their ids; must hold those of
        /// `UnigramTokenizer.SpecialToken`.
        package var specialTokens = UnigramTokenizer.SpecialToken.all
        /// Share of the characters of the text that must be known; the rarest are left out.
        package var characterCoverage = 0.9998
        /// A character that occurs less often is left out.
        package var minimumCharacterCount = 2
        /// Most pieces to begin with.
        package var seedLimit = 1_000_000
        /// Most different words that are used, the most frequent first.
        package var wordLimit = 1 << 19
        /// Most characters that these words may have together; bounds the memory, at about 100
        /// bytes a character for words, and 250 for stretches of text without spaces.
        package var textLimit = 1 << 22
        /// Threads to compute on.
        package var threads = 2

        /// The parameters of the paper for a vocabulary of this size.
        package init(vocabularySize: Int) { self.vocabularySize = vocabularySize }
    }

    /// How far training is.
    package struct Progress: Equatable, Sendable {
        /// What is being done.
        package enum Phase: String, Sendable {
            /// Counting the substrings of all words.
            case seeding
            /// Estimating the probabilities of the pieces.
            case estimating
            /// Leaving pieces out.
            case pruning
            /// Making the vocabulary.
            case finishing
        }

        /// What is being done.
        package let phase: Phase
        /// Pieces at present.
        package let pieces: Int
        /// Share of the work that is done, 0 to 1, as far as can be foreseen.
        package let fraction: Double
    }

    /// Pieces with an expected frequency below this are dropped.
    static let dropThreshold = 0.5
    /// Estimations after the last cut.
    static let finalIterations = 2

    /// Learns a tokenizer from words with their counts.
    ///
    /// A U+2581 is put before each word; spaces, U+2581 and newlines inside a word divide it.
    /// Counts that are not positive are left out. `progress` is called on the caller's thread
    /// and may throw to stop. Throws `TokenizerError.parameter`, `.noWords`,
    /// `.vocabularyTooSmall`.
    package static func train(
        wordCounts: [String: Int], parameters: Parameters,
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> UnigramTokenizer {
        try train(
            words: WordCounts(wordCounts, limit: parameters.wordLimit), parameters: parameters,
            progress: progress)
    }

    /// Learns a tokenizer from counted words, as `train(wordCounts:parameters:progress:)` does.
    package static func train(
        words wordCounts: WordCounts, parameters: Parameters,
        progress: (Progress) throws -> Void = { _ in }
    ) throws -> UnigramTokenizer {
        try check(parameters)
        try progress(Progress(phase: .seeding, pieces: 0, fraction: 0))
        let free = parameters.vocabularySize - parameters.specialTokens.count
        let words = try TrainingWords(
            wordCounts: wordCounts, parameters: parameters, characterLimit: free)
        var lattice = SeedPieces.lattice(of: words, parameters: parameters)
        let wanted = Int(Double(free) * 1.1)
        var work = Work(seeds: lattice.pieces.count, wanted: wanted, parameters)
        while true {
            work.beginRound(pieces: lattice.pieces.count)
            for iteration in 0..<parameters.subIterations {
                try progress(work.progress(.estimating, lattice.pieces.count, iteration))
                lattice.estimate(dropping: true, threads: parameters.threads)
            }
            if lattice.pieces.count <= wanted { break }
            try progress(
                work.progress(.pruning, lattice.pieces.count, parameters.subIterations))
            let kept = Int(Double(lattice.pieces.count) * parameters.shrinkingFactor)
            lattice.prune(to: max(wanted, kept), threads: parameters.threads)
        }
        try progress(
            Progress(phase: .finishing, pieces: lattice.pieces.count, fraction: 0.95))
        lattice.prune(to: free, threads: parameters.threads)
        for _ in 0..<finalIterations {
            lattice.estimate(dropping: false, threads: parameters.threads)
        }
        return try tokenizer(of: lattice, parameters: parameters)
    }

    private static func check(_ parameters: Parameters) throws {
        let limit = UnigramVocabulary.pieceLimit
        let ranges: [(String, Bool)] = [
            ("vocabularySize", (1...limit).contains(parameters.vocabularySize)),
            ("shrinkingFactor", parameters.shrinkingFactor > 0 && parameters.shrinkingFactor < 1),
            ("maximumPieceLength", (1...64).contains(parameters.maximumPieceLength)),
            ("subIterations", (1...100).contains(parameters.subIterations)),
            (
                "characterCoverage",
                parameters.characterCoverage > 0 && parameters.characterCoverage <= 1
            ),
            ("seedLimit", parameters.seedLimit >= parameters.vocabularySize),
            ("wordLimit", (1...(1 << 23)).contains(parameters.wordLimit)),
            ("textLimit", (1...(1 << 28)).contains(parameters.textLimit)),
            ("threads", (1...1024).contains(parameters.threads)),
            (
                "specialTokens",
                UnigramTokenizer.SpecialToken.all.allSatisfy(parameters.specialTokens.contains)
                    && Set(parameters.specialTokens).count == parameters.specialTokens.count
            ),
        ]
        for (name, isInRange) in ranges where !isInRange {
            throw TokenizerError.parameter(name: name)
        }
    }

    /// How much of the rounds is done, where the time of a round is in proportion to its pieces.
    ///
    /// They shrink by a factor, so the sum over the rounds so far is in proportion to the pieces
    /// that have gone.
    private struct Work {
        private let seeds: Double
        private let wanted: Double
        private let parameters: Parameters
        private var begin = 0.0
        private var end = 0.0

        init(seeds: Int, wanted: Int, _ parameters: Parameters) {
            self.seeds = Double(seeds)
            // The last round takes time too.
            self.wanted = min(Double(wanted), Double(seeds)) * parameters.shrinkingFactor
            self.parameters = parameters
        }

        mutating func beginRound(pieces: Int) {
            begin = done(Double(pieces))
            end = done(Double(pieces) * parameters.shrinkingFactor)
        }

        private func done(_ pieces: Double) -> Double {
            min(max((seeds - pieces) / max(seeds - wanted, 1), 0), 1)
        }

        func progress(_ phase: Progress.Phase, _ pieces: Int, _ iteration: Int) -> Progress {
            let share = Double(iteration) / Double(parameters.subIterations + 1)
            return Progress(
                phase: phase, pieces: pieces,
                fraction: 0.2 + 0.75 * (begin + (end - begin) * share))
        }
    }

    private static func tokenizer(
        of lattice: PieceLattice, parameters: Parameters
    ) throws -> UnigramTokenizer {
        let specials = parameters.specialTokens.map { UnigramVocabulary.Piece(text: $0, score: 0) }
        let learned = lattice.pieces
            .map { (scalars: lattice.scalars(of: $0), score: log($0.probability)) }
            .sorted {
                $0.score != $1.score
                    ? $0.score > $1.score : $0.scalars.lexicographicallyPrecedes($1.scalars)
            }
            .map { UnigramVocabulary.Piece(text: text(of: $0.scalars), score: $0.score) }
        func id(_ content: String) -> Int32 {
            Int32(parameters.specialTokens.firstIndex(of: content) ?? 0)
        }
        let file = "tokenizer.json"
        let vocabulary = try UnigramVocabulary(
            pieces: specials + learned,
            addedTokens: parameters.specialTokens.enumerated().map {
                UnigramVocabulary.AddedToken(id: Int32($0.offset), content: $0.element)
            },
            unknown: Int(id(UnigramTokenizer.SpecialToken.unknown)),
            template: UnigramVocabulary.Template(
                before: [id(UnigramTokenizer.SpecialToken.beginOfText)],
                after: [id(UnigramTokenizer.SpecialToken.endOfText)]),
            file: file)
        return try UnigramTokenizer(vocabulary: vocabulary, file: file)
    }

    private static func text(of scalars: ArraySlice<UInt32>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.compactMap(Unicode.Scalar.init))
        return String(text)
    }
}
