// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Tokenised documents of one source and how often an epoch shows them.
package struct DocumentPool: Hashable, Sendable {
    /// Token ids of each document, without the tokens that mark its ends.
    package let documents: [[Int32]]
    /// Times that an epoch holds each document; the fraction is drawn anew in every epoch.
    package let weight: Double

    /// Documents shown `weight` times an epoch.
    package init(documents: [[Int32]], weight: Double) {
        (self.documents, self.weight) = (documents, weight)
    }
}

/// Documents cut into rows of equal length, in an order that follows from seed and epoch alone.
package struct PackedRows: Hashable, Sendable {
    /// Tokens of all rows.
    private let tokens: [Int32]
    private let order: [Int32]
    /// Tokens of a row.
    package let context: Int

    /// The rows of one epoch.
    ///
    /// Each document is put between the two marks, of which a vocabulary may lack the first; the
    /// documents follow each other and are cut every `context` tokens. What does not fill a last row
    /// is left out of this epoch.
    package init(
        _ pools: [DocumentPool], context: Int, begin: Int32?, end: Int32, seed: UInt64, epoch: Int
    ) {
        var generator = SplitMix64(seed: seed, stream: UInt64(epoch))
        var chosen: [(pool: Int, document: Int)] = []
        for (index, pool) in pools.enumerated() {
            for document in pool.documents.indices {
                let whole = Int(pool.weight)
                let extra = generator.unit() < pool.weight - Double(whole) ? 1 : 0
                for _ in 0..<whole + extra { chosen.append((index, document)) }
            }
        }
        generator.shuffle(&chosen)
        var tokens: [Int32] = []
        tokens.reserveCapacity(
            chosen.reduce(0) { $0 + pools[$1.pool].documents[$1.document].count + 2 })
        for (pool, document) in chosen {
            if let begin { tokens.append(begin) }
            tokens += pools[pool].documents[document]
            tokens.append(end)
        }
        tokens.removeLast(tokens.count % context)
        var order = (0..<Int32(tokens.count / context)).map { $0 }
        generator.shuffle(&order)
        (self.tokens, self.order, self.context) = (tokens, order, context)
    }

    /// Number of rows.
    package var count: Int { order.count }

    /// The tokens of a row, in the epoch's order.
    package subscript(row: Int) -> ArraySlice<Int32> {
        let start = Int(order[row]) * context
        return tokens[start..<start + context]
    }
}

/// An endless sequence of rows: one epoch after the other.
package struct RowStream: Sendable {
    private let pools: [DocumentPool]
    private let context: Int
    private let begin: Int32?
    private let end: Int32
    private let seed: UInt64
    private var epoch = -1
    private var rows: PackedRows
    /// Rows that all epochs before the present one held.
    private var earlier = 0

    /// A stream over pools that together fill at least one row; nil when they do not.
    package init?(
        _ pools: [DocumentPool], context: Int, begin: Int32?, end: Int32, seed: UInt64
    ) {
        (self.pools, self.context, self.begin, self.end) = (pools, context, begin, end)
        self.seed = seed
        rows = PackedRows([], context: context, begin: begin, end: end, seed: seed, epoch: 0)
        moveOn()
        if rows.count == 0 { return nil }
    }

    private mutating func moveOn() {
        earlier += rows.count
        epoch += 1
        rows = PackedRows(pools, context: context, begin: begin, end: end, seed: seed, epoch: epoch)
    }

    /// The row with a number counted from 0 over all epochs; numbers must not go back.
    ///
    /// A resumed run asks for a far number at once: the epochs before it are packed again, since a
    /// drawn fraction makes their lengths differ.
    package mutating func row(_ number: Int) -> ArraySlice<Int32> {
        precondition(number >= earlier, "rows are asked for in order")
        // An epoch without rows would never end; fractions of very few documents could draw one.
        while number - earlier >= rows.count { moveOn() }
        return rows[number - earlier]
    }

    /// Rows of the present epoch.
    package var rowsInEpoch: Int { rows.count }
}
