// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors

/// How often each task is drawn.
package enum MixtureWeights: Hashable, Sendable {
    /// In proportion to its rows to the power of 1 / temperature: 1 takes every row alike, larger ones
    /// bring small tasks forward.
    case temperature(Double)
    /// As is said by name; a task that is not named is not drawn.
    case explicit([String: Double])
}

extension MixtureWeights: CustomStringConvertible {
    /// The same for the same weights, whatever order a dictionary has in this process.
    package var description: String {
        switch self {
        case .temperature(let temperature): "temperature \(temperature)"
        case .explicit(let weights):
            weights.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", ")
        }
    }
}

/// The rows of several tasks, drawn one after another: which task is random, each task's rows come in
/// an order that is drawn anew for each of its epochs, none twice before all came once.
///
/// Rows are asked for by rising numbers; the draw of a number follows from the seed alone.
package struct TaskMixture: Sendable {
    /// A task and its rows.
    package struct Task: Hashable, Sendable {
        /// Its name.
        package let name: String
        /// Number of its rows.
        package let count: Int

        /// A task.
        package init(name: String, count: Int) { (self.name, self.count) = (name, count) }
    }

    private let tasks: [Task]
    /// The share of each task and those before it.
    private let bounds: [Double]
    private let seed: UInt64
    private var taken: [Int]
    private var orders: [(epoch: Int, order: [Int])]
    private var next = 0

    /// A mixture; nil where no task has rows and a weight.
    package init?(_ tasks: [Task], weights: MixtureWeights, seed: UInt64) {
        let shares = tasks.map { task -> Double in
            guard task.count > 0 else { return 0 }
            switch weights {
            case .temperature(let temperature): return pow(Double(task.count), 1 / temperature)
            case .explicit(let named): return named[task.name] ?? 0
            }
        }
        let sum = shares.reduce(0, +)
        guard sum > 0 else { return nil }
        self.tasks = tasks
        var total = 0.0
        bounds = shares.map {
            total += $0 / sum
            return total
        }
        self.seed = seed
        taken = tasks.map { _ in 0 }
        orders = tasks.map { _ in (-1, []) }
    }

    /// The share of each task, by its name.
    package var shares: [String: Double] {
        var shares: [String: Double] = [:]
        for (index, task) in tasks.enumerated() {
            shares[task.name] = bounds[index] - (index == 0 ? 0 : bounds[index - 1])
        }
        return shares
    }

    /// The row of a number, which is at least the last one's: a task's place and the row in it.
    package mutating func row(_ number: Int) -> (task: Int, row: Int) {
        precondition(number >= next || number == 0, "rows are asked for in rising order")
        if number < next {
            next = 0
            taken = tasks.map { _ in 0 }
        }
        while next < number { _ = draw() }
        return draw()
    }

    private mutating func draw() -> (task: Int, row: Int) {
        var generator = SplitMix64(seed: seed, stream: UInt64(next))
        let point = generator.unit()
        let task = bounds.firstIndex { point < $0 } ?? lastTask
        let (epoch, place) = taken[task].quotientAndRemainder(dividingBy: tasks[task].count)
        taken[task] += 1
        next += 1
        return (task, order(of: task, epoch: epoch)[place])
    }

    /// The last task that is drawn at all, where rounding leaves a gap before 1.
    private var lastTask: Int {
        bounds.indices.last { bounds[$0] > ($0 == 0 ? 0 : bounds[$0 - 1]) } ?? 0
    }

    private mutating func order(of task: Int, epoch: Int) -> [Int] {
        if orders[task].epoch != epoch {
            var order = Array(0..<tasks[task].count)
            var generator = SplitMix64(seed: seed, stream: UInt64(task) &+ 1 << 32, UInt64(epoch))
            generator.shuffle(&order)
            orders[task] = (epoch, order)
        }
        return orders[task].order
    }
}
