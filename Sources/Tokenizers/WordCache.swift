import Synchronization

/// Ids of short words seen before: a table of fixed size, where a new word takes the place of
/// another with the same slot. It never changes an answer, only the time it takes.
struct WordCache {
    private static let slotCount = 1 << 14
    /// Longest word that is kept, in UTF-8 bytes.
    static let wordLimit = 40
    /// Most ids that are kept for a word.
    static let idLimit = 10

    private struct Slot {
        var hash: UInt64 = 0
        var wordCount: UInt8 = 0
        var idCount: UInt8 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: slotCount)
    private var words = [UInt8](repeating: 0, count: slotCount * wordLimit)
    private var ids = [Int32](repeating: 0, count: slotCount * idLimit)

    /// FNV-1a, folded so that the low bits feel all bytes.
    @inline(__always)
    static func hash(_ word: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash ^ (hash >> 32)
    }

    /// Appends the ids of `word` if they are known.
    @inline(__always)
    func append(_ word: [UInt8], hash: UInt64, to output: inout [Int32]) -> Bool {
        let index = Int(hash % UInt64(Self.slotCount))
        let slot = slots[index]
        guard slot.hash == hash, Int(slot.wordCount) == word.count else { return false }
        let first = index * Self.wordLimit
        for position in word.indices where words[first + position] != word[position] {
            return false
        }
        let firstID = index * Self.idLimit
        output.append(contentsOf: ids[firstID..<firstID + Int(slot.idCount)])
        return true
    }

    /// Keeps the ids of a word, if both are short enough.
    mutating func keep(_ word: [UInt8], hash: UInt64, ids segments: [UnigramSegmenter.Segment]) {
        guard word.count <= Self.wordLimit, segments.count <= Self.idLimit else { return }
        let index = Int(hash % UInt64(Self.slotCount))
        slots[index] = Slot(
            hash: hash, wordCount: UInt8(word.count), idCount: UInt8(segments.count))
        for (position, byte) in word.enumerated() {
            words[index * Self.wordLimit + position] = byte
        }
        for (position, segment) in segments.enumerated() {
            ids[index * Self.idLimit + position] = segment.id
        }
    }
}

/// The caches of one tokenizer, one for each thread that encodes at the same time.
final class WordCaches: Sendable {
    private static let keptLimit = 16
    private let idle = Mutex<[WordCache]>([])

    /// Lends a cache that nobody else uses meanwhile.
    func lend<Result>(_ body: (inout WordCache) -> Result) -> Result {
        var cache = idle.withLock { $0.popLast() } ?? WordCache()
        let result = body(&cache)
        idle.withLock { if $0.count < Self.keptLimit { $0.append(cache) } }
        return result
    }
}
