// SPDX-License-Identifier: Apache-2.0

/// The stretches of known characters that a vocabulary is learned from, each once, with counts.
///
/// A pre-token is cut at characters that are too rare to be known, as these are tokens of their
/// own whatever the vocabulary is.
struct TrainingWords: Sendable {
    /// Longest stretch; a longer one is cut. Products of that many probabilities stay within the
    /// range of a double (see `PieceLattice.weights`).
    static let lengthLimit = 48
    /// Larger counts are taken for this, so that sums of them cannot overflow.
    private static let countLimit = 1 << 32
    private static let mark: UInt32 = 0x2581

    /// Scalars of all stretches in a row.
    private(set) var scalars: [UInt32] = []
    /// Where each stretch begins in `scalars`, and the end of the last one.
    private(set) var starts: [Int] = [0]
    /// How often each stretch occurs.
    private(set) var counts: [Int] = []
    /// The known characters in ascending order.
    let characters: [UInt32]

    /// Throws `TokenizerError.noWords`, `.vocabularyTooSmall`.
    init(
        wordCounts: WordCounts, parameters: UnigramTrainer.Parameters, characterLimit: Int
    ) throws {
        var words = Self.pretokens(of: wordCounts)
        Self.cut(&words, parameters)
        guard !words.isEmpty else { throw TokenizerError.noWords }
        guard characterLimit >= 1 else {
            throw TokenizerError.vocabularyTooSmall(
                size: parameters.vocabularySize, needed: parameters.specialTokens.count + 1)
        }
        let known = Self.knownCharacters(words, parameters, limit: characterLimit)
        characters = known.sorted()
        for stretch in Self.merged(words.flatMap { Self.stretches(of: $0, known) }) {
            scalars += stretch.scalars
            starts.append(scalars.count)
            counts.append(stretch.count)
        }
    }

    private struct Counted {
        let scalars: [UInt32]
        var count: Int
    }

    /// The words as Metaspace makes pre-tokens of them, each once, in ascending order.
    private static func pretokens(of wordCounts: WordCounts) -> [Counted] {
        var pretokens: [Counted] = []
        wordCounts.forEach { bytes, count in
            let word = String(decoding: bytes, as: UTF8.self)
            let parts = word.unicodeScalars.split(
                omittingEmptySubsequences: true, whereSeparator: isSeparator)
            for part in parts {
                pretokens.append(
                    Counted(
                        scalars: [mark] + part.map(\.value), count: min(count, countLimit)))
            }
        }
        return merged(pretokens)
    }

    /// Leaves out the rarest words where there are more than may be used.
    private static func cut(_ words: inout [Counted], _ parameters: UnigramTrainer.Parameters) {
        let length = words.reduce(0) { $0 + $1.scalars.count }
        guard words.count > parameters.wordLimit || length > parameters.textLimit else { return }
        words.sort {
            $0.count != $1.count
                ? $0.count > $1.count : $0.scalars.lexicographicallyPrecedes($1.scalars)
        }
        var room = parameters.textLimit
        words = words.prefix(parameters.wordLimit).filter {
            room -= $0.scalars.count
            return room >= 0
        }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\n" || scalar.value == mark
    }

    private static func merged(_ list: [Counted]) -> [Counted] {
        var merged: [Counted] = []
        for item in list.sorted(by: { $0.scalars.lexicographicallyPrecedes($1.scalars) }) {
            if let last = merged.last, last.scalars == item.scalars {
                merged[merged.count - 1].count = min(last.count + item.count, countLimit)
            } else {
                merged.append(item)
            }
        }
        return merged
    }

    /// The most frequent characters up to the wanted coverage; U+2581 is always among them.
    private static func knownCharacters(
        _ words: [Counted], _ parameters: UnigramTrainer.Parameters, limit: Int
    ) -> Set<UInt32> {
        var counts: [UInt32: Int] = [:]
        for word in words {
            for scalar in word.scalars { counts[scalar, default: 0] += word.count }
        }
        counts[mark] = nil
        let total = Double(counts.values.reduce(0, +))
        var known: Set<UInt32> = [mark]
        var covered = 0
        let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        for (scalar, count) in order {
            guard known.count < limit, count >= parameters.minimumCharacterCount,
                Double(covered) < parameters.characterCoverage * total
            else { break }
            known.insert(scalar)
            covered += count
        }
        return known
    }

    private static func stretches(of word: Counted, _ known: Set<UInt32>) -> [Counted] {
        word.scalars.split { !known.contains($0) }.flatMap { stretch in
            stride(from: stretch.startIndex, to: stretch.endIndex, by: lengthLimit).map {
                let end = min($0 + lengthLimit, stretch.endIndex)
                return Counted(scalars: Array(stretch[$0..<end]), count: word.count)
            }
        }
    }
}
