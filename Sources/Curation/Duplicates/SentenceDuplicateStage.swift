// SPDX-License-Identifier: Apache-2.0
import DurableFiles

/// Which of all sentences stood somewhere before: one bit a sentence.
struct SentenceDuplicates: Sendable {
    private var bits: [UInt8]

    init(sentences: Int) { bits = [UInt8](repeating: 0, count: (sentences + 7) / 8) }

    subscript(sentence: Int) -> Bool { bits[sentence >> 3] >> UInt8(sentence & 7) & 1 == 1 }

    mutating func mark(_ sentence: Int) { bits[sentence >> 3] |= 1 << UInt8(sentence & 7) }

    /// Parts of the search that are done (4 bytes), and the bits.
    func bytes(parts: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: UInt32(parts))
        return bytes + bits
    }

    init(_ bytes: [UInt8], file: FilePath, sentences: Int, parts: inout Int) throws {
        var cursor = WorkCursor(bytes, file: file)
        parts = Int(try cursor.number(UInt32.self))
        bits = try cursor.bytes((sentences + 7) / 8)
    }
}

/// Finds sentences that stood in an earlier document, or in the same one before, by hashes of 64 bits.
///
/// Two different sentences have one hash with a probability of n² / 2⁶⁵ among n: about one in a thousand that it
/// happens at all among two hundred million. Memory is bounded by `memoryBytes` and one bit a sentence.
struct SentenceDuplicateStage {
    let memoryBytes: Int
    let reading: ReadingState
    let near: NearDuplicates
    let work: WorkFiles
    let progress: (Double) -> Void

    /// Of the table, at its emptiest.
    private static let bytesForEach = 32

    func run() throws -> SentenceDuplicates {
        let file = work.folder.appending("sentences.bin")
        var found = SentenceDuplicates(sentences: reading.sentences)
        var done = 0
        if try DiskFiles().facts(of: file) != nil {
            found = try SentenceDuplicates(
                work.read(file), file: file, sentences: reading.sentences, parts: &done)
        }
        let parts = max(1, (reading.compared * Self.bytesForEach + memoryBytes - 1) / memoryBytes)
        for part in 0..<parts where part >= done {
            var seen = HashTable()
            var (document, sentence) = (0, 0)
            for (shard, count) in reading.shards.enumerated() {
                let path = work.shard(shard, .sentences)
                var cursor = WorkCursor(try work.read(path), file: path)
                for _ in 0..<count {
                    let isKept = near.leader(of: document) == nil
                    for _ in 0..<Int(try cursor.number(UInt32.self)) {
                        let hash = try cursor.number(UInt64.self)
                        if isKept, hash != 0,
                            Int((hash >> 32) &* UInt64(parts) >> 32) == part, !seen.insert(hash)
                        {
                            found.mark(sentence)
                        }
                        sentence += 1
                    }
                    document += 1
                }
                progress(
                    (Double(part) + Double(shard + 1) / Double(reading.shards.count))
                        / Double(parts))
            }
            try work.write(found.bytes(parts: part + 1), to: file)
        }
        return found
    }
}

/// A set of hashes, which are not 0, in one block of memory (open addressing, at most half full).
struct HashTable {
    private var slots = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0

    /// Adds a hash; false if it was there.
    mutating func insert(_ hash: UInt64) -> Bool {
        if 2 * (count + 1) > slots.count { grow() }
        let place = place(of: hash)
        if slots[place] == hash { return false }
        slots[place] = hash
        count += 1
        return true
    }

    /// Where a hash is, or would be. The high bits chose the part of the search, so the low ones count here.
    private func place(of hash: UInt64) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place] != 0, slots[place] != hash { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for hash in old where hash != 0 { slots[place(of: hash)] = hash }
    }
}
