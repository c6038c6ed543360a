// SPDX-License-Identifier: Apache-2.0

/// Merges the symbols of one word in the order of their merges' ranks, and of equal ones from the
/// left: a linked list and a heap, O(n log n) for n symbols.
struct SymbolMerging {
    /// A stretch of the word.
    struct Symbol {
        var id: Int32
        /// Its length in bytes; 0 once it is part of the symbol before it.
        var length: Int32
        fileprivate var previous: Int32
        fileprivate var next: Int32
    }

    private struct Candidate {
        let rank: Int32
        let position: Int32
        let id: Int32

        static func < (left: Candidate, right: Candidate) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.position < right.position
        }
    }

    /// The symbols; those of length 0 are no more.
    private(set) var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    /// Forgets the last word.
    mutating func reset() {
        symbols.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
    }

    /// Puts a symbol at the end.
    mutating func append(_ id: Int32, length: Int) {
        let index = Int32(symbols.count)
        if index > 0 { symbols[Int(index) - 1].next = index }
        symbols.append(Symbol(id: id, length: Int32(length), previous: index - 1, next: -1))
    }

    /// Carries out all merges.
    mutating func mergeAll(_ merges: MergeTable) {
        guard symbols.count > 1 else { return }
        for index in 0..<symbols.count - 1 { propose(index, merges) }
        while let best = popBest() {
            let index = Int(best.position)
            let left = symbols[index]
            guard left.length > 0, left.next >= 0 else { continue }
            let right = symbols[Int(left.next)]
            // The symbols may have grown since the candidate was found.
            guard merges.merge(of: left.id, right.id)?.id == best.id else { continue }
            symbols[index] = Symbol(
                id: best.id, length: left.length + right.length, previous: left.previous,
                next: right.next)
            symbols[Int(left.next)].length = 0
            if right.next >= 0 { symbols[Int(right.next)].previous = best.position }
            if left.previous >= 0 { propose(Int(left.previous), merges) }
            if right.next >= 0 { propose(index, merges) }
        }
    }

    /// Puts the merge of the symbol at `index` with its neighbour on the heap, if there is one.
    private mutating func propose(_ index: Int, _ merges: MergeTable) {
        let left = symbols[index]
        guard left.next >= 0,
            let merge = merges.merge(of: left.id, symbols[Int(left.next)].id)
        else { return }
        heap.append(Candidate(rank: merge.rank, position: Int32(index), id: merge.id))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func popBest() -> Candidate? {
        guard let best = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return best }
        heap[0] = last
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < heap.count else { return best }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { return best }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
