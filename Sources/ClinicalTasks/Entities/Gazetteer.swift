// SPDX-License-Identifier: Apache-2.0
import LinearHeads
package import Tensors

/// Which strings were entities in documents seen before, and how often: for each string, the number
/// of documents where it was an entity and the number of those where it occurs at all.
package struct Gazetteer: Hashable, Sendable {
    private let index: HashIndex
    private let entityCounts: [Float]
    private let occurrenceCounts: [Float]

    /// A run of words that was an entity elsewhere.
    package struct Match: Hashable, Sendable {
        /// The words.
        package let words: Range<Int>
        /// Number of other documents where the string occurs.
        package let documents: Int
        /// Part of them in which it is an entity, above 0, up to 1.
        package let ratio: Double
    }

    /// A gazetteer of documents, each given by its sentences and the term hashes of its entities.
    package init(_ documents: [(sentences: [SentenceWords], entities: Set<UInt32>)]) {
        var entityCounts: [UInt32: Float] = [:]
        for document in documents {
            for hash in document.entities { entityCounts[hash, default: 0] += 1 }
        }
        var occurrenceCounts: [UInt32: Float] = [:]
        for document in documents {
            var found = document.entities
            for sentence in document.sentences {
                Gazetteer.forEachRun(in: sentence) { hash in
                    if entityCounts[hash] != nil { found.insert(hash) }
                }
            }
            for hash in found { occurrenceCounts[hash, default: 0] += 1 }
        }
        let hashes = entityCounts.keys.sorted()
        index = HashIndex(hashes)
        // Half precision counts exactly to 2048.
        self.entityCounts = hashes.map { min(entityCounts[$0] ?? 0, 2048) }
        self.occurrenceCounts = hashes.map { min(occurrenceCounts[$0] ?? 0, 2048) }
    }

    private static func forEachRun(in sentence: SentenceWords, _ body: (UInt32) -> Void) {
        for start in 0..<sentence.count {
            var hash = TermHash()
            for word in start..<min(sentence.count, start + TermTable.longestTerm) {
                hash.mix(sentence.characters[word])
                body(hash.value)
            }
        }
    }

    /// Number of strings.
    package var count: Int { index.count }

    /// The known strings in a sentence from left to right, the longest at each place.
    ///
    /// `ownEntities` are given for a document that the gazetteer was made of: its own entities and
    /// occurrences do not count, as if it had never been seen.
    package func matches(in sentence: SentenceWords, ownEntities: Set<UInt32>?) -> [Match] {
        var matches: [Match] = []
        var word = 0
        while word < sentence.count {
            if let match = longestMatch(in: sentence, from: word, ownEntities: ownEntities) {
                matches.append(match)
                word = match.words.upperBound
            } else {
                word += 1
            }
        }
        return matches
    }

    private func longestMatch(
        in sentence: SentenceWords, from start: Int, ownEntities: Set<UInt32>?
    ) -> Match? {
        var hash = TermHash()
        var match: Match?
        for word in start..<min(sentence.count, start + TermTable.longestTerm) {
            hash.mix(sentence.characters[word])
            guard let row = index.row(of: hash.value) else { continue }
            var entities = entityCounts[row]
            var documents = occurrenceCounts[row]
            if let ownEntities {
                documents -= 1
                if ownEntities.contains(hash.value) { entities -= 1 }
            }
            guard entities > 0, documents > 0 else { continue }
            match = Match(
                words: start..<word + 1, documents: Int(documents),
                ratio: Double(entities / documents))
        }
        return match
    }
}

extension Gazetteer {
    /// The tensors to store: `hashes` (N, 3) and `counts` (N, 2).
    package func tensors(prefix: String) -> [String: Tensor] {
        let counts = zip(entityCounts, occurrenceCounts).flatMap { [$0, $1] }
        return [
            prefix + "hashes": index.digits,
            prefix + "counts": Tensor(shape: [count, 2], values: counts),
        ]
    }

    /// Reads the tensors back. Throws `TaskParameterError` naming the tensor that does not fit.
    package init(tensors: [String: Tensor], prefix: String, task: String) throws {
        guard let hashes = tensors[prefix + "hashes"] else {
            throw TaskParameterError.missingTensor(task: task, tensor: prefix + "hashes")
        }
        guard let counts = tensors[prefix + "counts"] else {
            throw TaskParameterError.missingTensor(task: task, tensor: prefix + "counts")
        }
        index = try HashIndex(digits: hashes, task: task, tensor: prefix + "hashes")
        guard counts.shape == [index.count, 2],
            counts.values.allSatisfy({ (0...2048).contains($0) })
        else {
            throw TaskParameterError.shape(
                task: task, tensor: prefix + "counts", expected: [index.count, 2],
                found: counts.shape)
        }
        entityCounts = (0..<counts.rows).map { counts.values[$0 * 2] }
        occurrenceCounts = (0..<counts.rows).map { counts.values[$0 * 2 + 1] }
    }
}
