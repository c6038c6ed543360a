// SPDX-License-Identifier: Apache-2.0
import Tensors

/// Which head a draw is for, and which of its examples: drawn from a seed and the draw's number alone.
struct ExampleOrder {
    private let shares: [Double]
    private let counts: [Int]
    private let seed: UInt64
    /// The heads of the draws so far, and how many draws of its head went before each.
    private var draws: [(head: Int, before: Int)] = []
    private var drawn: [Int]
    /// The last order of each head's examples, with its epoch.
    private var orders: [(epoch: Int, places: [Int])]

    /// Heads with their shares and numbers of examples.
    init(shares: [Double], counts: [Int], seed: UInt64) {
        (self.shares, self.counts, self.seed) = (shares, counts, seed)
        drawn = counts.map { _ in 0 }
        orders = counts.map { _ in (-1, []) }
    }

    /// The head of a draw, and the places of `count` of its examples.
    mutating func examples(ofDraw draw: Int, count: Int) -> (head: Int, places: [Int]) {
        while draws.count <= draw {
            var generator = SplitMix64(seed: seed, stream: UInt64(draws.count))
            let point = generator.unit() * shares.reduce(0, +)
            var (head, sum) = (0, shares[0])
            while head + 1 < shares.count, point >= sum {
                head += 1
                sum += shares[head]
            }
            draws.append((head, drawn[head]))
            drawn[head] += 1
        }
        let (head, before) = draws[draw]
        let places = (before * count..<(before + 1) * count).map { place($0, of: head) }
        return (head, places)
    }

    private mutating func place(_ number: Int, of head: Int) -> Int {
        let (epoch, place) = number.quotientAndRemainder(dividingBy: counts[head])
        if orders[head].epoch != epoch {
            var generator = SplitMix64(
                seed: seed ^ 0x9E37_79B9_7F4A_7C15, stream: UInt64(head) << 40 | UInt64(epoch))
            var order = Array(0..<counts[head])
            for last in stride(from: order.count - 1, to: 0, by: -1) {
                order.swapAt(last, generator.below(last + 1))
            }
            orders[head] = (epoch, order)
        }
        return orders[head].places[place]
    }
}
