// SPDX-License-Identifier: Apache-2.0
import DurableFiles

/// How often each word of a text occurs, in bounded memory.
///
/// Words are told apart by their bytes: か with a voicing mark and が are two. The result depends
/// on the order in which words are added only where there are more different ones than `limit`.
package struct WordCounts: Sendable {
    /// Different words that are kept at least; twice as many are held before the rarest go.
    /// About 60 bytes a word are needed, and the words themselves.
    package let limit: Int
    /// Occurrences of words that had to be dropped, so that they may be counted too low.
    package private(set) var droppedOccurrences = 0

    private struct Entry {
        var count: Int
        let hash: UInt64
        let start: UInt32
        let length: UInt32
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// Entries by hash (open addressing), −1 where free.
    private var table = [Int32](repeating: -1, count: 1 << 10)

    /// Longer words, in UTF-8 bytes, are not counted; no piece is learned from such.
    package static let wordByteLimit = 1 << 16
    private static let byteLimit = 1 << 30

    /// Counts that keep this many different words; at most 2²⁴.
    package init(limit: Int = 1 << 20) { self.limit = min(max(limit, 1), 1 << 24) }

    /// Counts of whole words; those that are not positive are left out.
    package init(_ counts: [String: Int], limit: Int) {
        self.init(limit: max(limit, counts.count))
        for (word, count) in counts { add(word, count: count) }
    }

    /// Different words that are held.
    package var count: Int { entries.count }

    /// Counts a word.
    package mutating func add(_ word: String, count: Int = 1) { add(word.utf8, count) }

    /// Counts the words of well-formed UTF-8, between spaces and line breaks.
    package mutating func addWords(in text: [UInt8]) {
        var start = 0
        for index in text.indices where text[index] == 0x20 || text[index] == 0x0A {
            if index > start { add(text[start..<index], 1) }
            start = index + 1
        }
        if start < text.count { add(text[start...], 1) }
    }

    @inline(__always)
    private mutating func add(_ word: some Collection<UInt8>, _ count: Int) {
        guard count > 0 else { return }
        var fnv = FNV1a()
        var length = 0
        for byte in word {
            fnv.mix(UInt64(byte))
            length += 1
        }
        guard length <= Self.wordByteLimit else {
            droppedOccurrences += count
            return
        }
        let hash = fnv.value ^ fnv.value >> 32
        var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while table[slot] >= 0 {
            let entry = Int(table[slot])
            if entries[entry].hash == hash, isEqual(entries[entry], word, length) {
                // Sums of counts that are taken for infinite must not overflow.
                entries[entry].count = min(entries[entry].count &+ count, 1 << 48)
                return
            }
            slot = (slot + 1) & (table.count - 1)
        }
        table[slot] = Int32(entries.count)
        entries.append(
            Entry(
                count: min(count, 1 << 48), hash: hash, start: UInt32(bytes.count),
                length: UInt32(length)))
        bytes.append(contentsOf: word)
        if entries.count >= limit * 2 || bytes.count > Self.byteLimit { dropRarest() }
        if entries.count * 2 > table.count { rehash(table.count * 2) }
    }

    /// Adds all counts of others.
    package mutating func add(_ other: WordCounts) {
        droppedOccurrences += other.droppedOccurrences
        other.forEach { add($0, $1) }
    }

    /// Calls `body` with each word, in no particular order, and its count.
    package func forEach(_ body: (ArraySlice<UInt8>, Int) -> Void) {
        for entry in entries { body(word(entry), entry.count) }
    }

    @inline(__always)
    private func isEqual(
        _ entry: Entry, _ word: some Collection<UInt8>, _ length: Int
    ) -> Bool {
        guard Int(entry.length) == length else { return false }
        var index = Int(entry.start)
        for byte in word {
            guard bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private func word(_ entry: Entry) -> ArraySlice<UInt8> {
        bytes[Int(entry.start)..<Int(entry.start) + Int(entry.length)]
    }

    /// Keeps half of what may be held, the most frequent words.
    private mutating func dropRarest() {
        let order = entries.sorted {
            $0.count != $1.count
                ? $0.count > $1.count : word($0).lexicographicallyPrecedes(word($1))
        }
        var kept: [Entry] = []
        var keptBytes: [UInt8] = []
        for entry in order {
            guard kept.count < limit, keptBytes.count <= Self.byteLimit / 2 else {
                droppedOccurrences += entry.count
                continue
            }
            kept.append(
                Entry(
                    count: entry.count, hash: entry.hash, start: UInt32(keptBytes.count),
                    length: entry.length))
            keptBytes += word(entry)
        }
        (entries, bytes) = (kept, keptBytes)
        rehash(table.count)
    }

    private mutating func rehash(_ size: Int) {
        table = [Int32](repeating: -1, count: size)
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & (size - 1)
            while table[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            table[slot] = Int32(index)
        }
    }
}
