// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Tokens of words seen before, and memory that is used again from word to word.
///
/// It never changes an answer. Once full, it keeps what it has.
struct ModelCache {
    /// Most words that are kept.
    private static let countLimit = 1 << 14
    /// Longest word that is kept, in bytes.
    private static let wordLimit = 64

    private var known: [[UInt8]: [ModelToken]] = [:]
    /// Room for the symbols of a word.
    var merging = SymbolMerging()

    /// The tokens of a word, if they are known.
    func tokens(of word: [UInt8]) -> [ModelToken]? {
        word.count <= Self.wordLimit ? known[word] : nil
    }

    /// Keeps the tokens of a word, if there is room.
    mutating func keep(_ tokens: ArraySlice<ModelToken>, of word: [UInt8]) {
        guard word.count <= Self.wordLimit, known.count < Self.countLimit else { return }
        known[word] = Array(tokens)
    }
}

/// The caches of one model, one for each thread that encodes at the same time.
final class ModelCaches: Sendable {
    private static let keptLimit = 16
    private let idle = Mutex<[ModelCache]>([])

    /// Lends a cache that nobody else uses meanwhile.
    func lend(_ body: (inout ModelCache) -> Void) {
        var cache = idle.withLock { $0.popLast() } ?? ModelCache()
        body(&cache)
        idle.withLock { if $0.count < Self.keptLimit { $0.append(cache) } }
    }
}
