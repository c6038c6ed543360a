// SPDX-License-Identifier: Apache-2.0
extension SentencePieceTokenizer {
    /// A stretch of the text on its way to becoming a piece; empty once it is merged into another.
    private struct Symbol {
        var start: Int
        var end: Int
        var previous: Int
        var next: Int
        let isFrozen: Bool

        var count: Int { end - start }
    }

    /// Two neighbours that together are a piece.
    private struct Pair {
        let score: Float
        let left: Int
        let right: Int
        /// Bytes of both; another number later means that one of them has changed.
        let count: Int

        /// A higher score goes first, then what stands further left.
        func precedes(_ other: Pair) -> Bool {
            score > other.score || (score == other.score && left < other.left)
        }
    }

    /// Merges neighbours, those of the highest score first, until no two are a piece.
    ///
    /// Source: google/sentencepiece, `bpe_model.cc`.
    func mergedSegments(of text: [UInt8]) -> [Segment] {
        var symbols = symbols(of: text)
        var heap = BinaryHeap<Pair> { $0.precedes($1) }
        // Where an unused piece came from: bytes of its left part.
        var leftCounts: [Int32: Int] = [:]
        func propose(_ left: Int, _ right: Int) {
            guard left >= 0, right >= 0, !symbols[left].isFrozen, !symbols[right].isFrozen else {
                return
            }
            let found = trie.id(of: symbols[left].start..<symbols[right].end, in: text)
            guard found >= 0 else { return }
            let id = textPieces[Int(found)]
            heap.insert(
                Pair(
                    score: model.pieces[Int(id)].score, left: left, right: right,
                    count: symbols[right].end - symbols[left].start))
            if model.pieces[Int(id)].kind == .unused { leftCounts[id] = symbols[left].count }
        }
        for index in symbols.indices.dropFirst() { propose(index - 1, index) }
        while let pair = heap.popFirst() {
            let (left, right) = (symbols[pair.left], symbols[pair.right])
            guard left.count > 0, right.count > 0, left.count + right.count == pair.count else {
                continue
            }
            symbols[pair.left].end = right.end
            symbols[pair.left].next = right.next
            if right.next >= 0 { symbols[right.next].previous = pair.left }
            symbols[pair.right].end = right.start
            propose(left.previous, pair.left)
            propose(pair.left, right.next)
        }
        var segments: [Segment] = []
        var index = symbols.isEmpty ? -1 : 0
        while index >= 0 {
            append(symbols[index].start..<symbols[index].end, of: text, leftCounts, to: &segments)
            index = symbols[index].next
        }
        return segments
    }

    /// The characters of a text; a user-defined piece is one symbol that never changes.
    private func symbols(of text: [UInt8]) -> [Symbol] {
        var symbols: [Symbol] = []
        symbols.reserveCapacity(text.count / 2)
        var start = 0
        while start < text.count {
            let frozen = userDefined?.longestLength(in: text, at: start)
            let end = start + (frozen ?? UTF8Length.ofCharacter(text, at: start))
            symbols.append(
                Symbol(
                    start: start, end: end, previous: symbols.count - 1,
                    next: end < text.count ? symbols.count + 1 : -1, isFrozen: frozen != nil))
            start = end
        }
        return symbols
    }

    /// Adds a symbol; an unused piece is taken apart again into what it was merged from.
    private func append(
        _ range: Range<Int>, of text: [UInt8], _ leftCounts: [Int32: Int],
        to segments: inout [Segment]
    ) {
        var open = [range]
        while let range = open.popLast() {
            let found = trie.id(of: range, in: text)
            if found >= 0, let left = leftCounts[textPieces[Int(found)]], left > 0,
                left < range.count
            {
                let middle = range.lowerBound + left
                open.append(middle..<range.upperBound)
                open.append(range.lowerBound..<middle)
            } else {
                segments.append(
                    Segment(end: range.upperBound, id: usedPiece(over: range, of: text)))
            }
        }
    }

    /// The piece that is exactly these bytes, or −1; an unused piece counts as unknown.
    func usedPiece(over range: Range<Int>, of text: [UInt8]) -> Int32 {
        let found = trie.id(of: range, in: text)
        guard found >= 0, model.pieces[Int(textPieces[Int(found)])].kind != .unused else {
            return -1
        }
        return textPieces[Int(found)]
    }
}

/// A queue that gives back first what precedes all else.
struct BinaryHeap<Element> {
    private var elements: [Element] = []
    private let precedes: (Element, Element) -> Bool

    init(_ precedes: @escaping (Element, Element) -> Bool) { self.precedes = precedes }

    mutating func insert(_ element: Element) {
        var index = elements.count
        elements.append(element)
        while index > 0, precedes(element, elements[(index - 1) / 2]) {
            elements[index] = elements[(index - 1) / 2]
            index = (index - 1) / 2
        }
        elements[index] = element
    }

    mutating func popFirst() -> Element? {
        guard let first = elements.first, let last = elements.popLast() else { return nil }
        guard !elements.isEmpty else { return first }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < elements.count else { break }
            if child + 1 < elements.count, precedes(elements[child + 1], elements[child]) {
                child += 1
            }
            guard precedes(elements[child], last) else { break }
            elements[index] = elements[child]
            index = child
        }
        elements[index] = last
        return first
    }
}
