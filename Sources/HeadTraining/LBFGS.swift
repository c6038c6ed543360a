// SPDX-License-Identifier: Apache-2.0

/// Minimises a smooth function of many parameters by limited-memory BFGS.
///
/// Source: Nocedal and Wright, Numerical Optimization (2nd ed.), algorithms 7.4 and 7.5. The line
/// search halves and doubles until the weak Wolfe conditions hold (Lewis and Overton 2013,
/// algorithm 2.6). Nothing is random: equal functions and starts give equal results.
package struct LBFGS: Sendable {
    /// Number of past steps that stand for the curvature.
    package var history = 10
    /// Most iterations before giving up.
    package var maximumIterations = 200
    /// Stops when the largest component of the gradient is at most this.
    package var gradientTolerance = 1e-4
    /// Stops when the loss fell by less than this part of itself over the last `patience` iterations.
    package var relativeDecrease = 1e-6
    /// How many iterations back `relativeDecrease` looks.
    package var patience = 5
    /// Most evaluations in one line search.
    package var maximumTrials = 30

    /// The usual settings.
    package init() {}

    /// Settings with other limits.
    package init(maximumIterations: Int, relativeDecrease: Double = 1e-6) {
        self.maximumIterations = maximumIterations
        self.relativeDecrease = relativeDecrease
    }

    /// Why the search ended.
    package enum Ending: Hashable, Sendable {
        /// The gradient is as good as zero.
        case flat
        /// The loss hardly falls any more.
        case settled
        /// `maximumIterations` were done.
        case iterationLimit
        /// No step along the last direction lowers the loss: the arithmetic's precision is used up.
        case noDescent
    }

    /// What is known after an iteration.
    package struct Progress: Hashable, Sendable {
        /// Iterations done, from 1.
        package let iteration: Int
        /// The loss now.
        package let loss: Double
        /// Largest component of the gradient.
        package let largestGradient: Double
        /// Evaluations of the function so far.
        package let evaluations: Int
    }

    /// Where the search ended.
    package struct Minimum: Sendable {
        /// The parameters.
        package let parameters: [Float]
        /// The loss there.
        package let loss: Double
        /// Iterations done.
        package let iterations: Int
        /// Why it ended.
        package let ending: Ending
    }

    /// Searches from `start`.
    ///
    /// `function` returns the loss at the parameters it is given and overwrites the gradient, which
    /// has their length and holds old values when it comes. It is called one evaluation at a time.
    /// `report` is called after each iteration; it returns false to stop there (ending
    /// `iterationLimit`). Memory: `2 * history + 5` times the parameters.
    package func minimise(
        from start: [Float],
        report: (Progress) -> Bool = { _ in true },
        function: (_ parameters: [Float], _ gradient: inout [Float]) throws -> Double
    ) rethrows -> Minimum {
        var point = start
        var gradient = [Float](repeating: 0, count: start.count)
        var loss = try function(point, &gradient)
        var evaluations = 1
        var memory = CurvatureMemory(capacity: history)
        var losses = [loss]
        var iteration = 0
        func ended(_ ending: Ending) -> Minimum {
            Minimum(parameters: point, loss: loss, iterations: iteration, ending: ending)
        }
        while iteration < maximumIterations {
            if largestMagnitude(gradient) <= gradientTolerance { return ended(.flat) }
            var direction = memory.direction(for: gradient)
            var slope = dotProduct(direction, gradient)
            if !(slope < 0) {  // also where it is not a number
                memory.forget()
                direction = gradient.map { -$0 }
                slope = dotProduct(direction, gradient)
            }
            // The first step has no curvature to tell its length: a unit of distance is a fair guess.
            let first = memory.isEmpty ? min(1, 1 / (-slope).squareRoot()) : 1
            let search = LineSearch(
                loss: loss, slope: slope, firstStep: first, maximumTrials: maximumTrials)
            guard
                let step = try search.run(
                    from: point, along: direction, evaluations: &evaluations, function: function)
            else {
                if memory.isEmpty { return ended(.noDescent) }
                memory.forget()
                continue
            }
            memory.remember(
                from: point, to: step.point, gradient: gradient, newGradient: step.gradient)
            point = step.point
            gradient = step.gradient
            loss = step.loss
            losses.append(loss)
            iteration += 1
            let progress = Progress(
                iteration: iteration, loss: loss, largestGradient: largestMagnitude(gradient),
                evaluations: evaluations)
            if !report(progress) { return ended(.iterationLimit) }
            if losses.count > patience {
                let before = losses[losses.count - 1 - patience]
                if before - loss < relativeDecrease * max(abs(loss), 1e-12) {
                    return ended(.settled)
                }
            }
        }
        return ended(.iterationLimit)
    }
}

/// Past steps and the changes of the gradient along them.
struct CurvatureMemory {
    let capacity: Int
    private var steps: [[Float]] = []
    private var changes: [[Float]] = []
    private var inverseProducts: [Double] = []

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { steps.isEmpty }

    mutating func forget() {
        steps.removeAll()
        changes.removeAll()
        inverseProducts.removeAll()
    }

    /// Keeps a pair if the function curves upwards along it, which BFGS needs.
    mutating func remember(
        from point: [Float], to newPoint: [Float], gradient: [Float], newGradient: [Float]
    ) {
        var step = newPoint
        var change = newGradient
        add(point, times: -1, to: &step)
        add(gradient, times: -1, to: &change)
        let product = dotProduct(step, change)
        guard product > 1e-10 * dotProduct(change, change) else { return }
        if steps.count == capacity {
            steps.removeFirst()
            changes.removeFirst()
            inverseProducts.removeFirst()
        }
        steps.append(step)
        changes.append(change)
        inverseProducts.append(1 / product)
    }

    /// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
    func direction(for gradient: [Float]) -> [Float] {
        var result = gradient.map { -$0 }
        guard let lastStep = steps.last, let lastChange = changes.last else { return result }
        var shares = [Double](repeating: 0, count: steps.count)
        for index in steps.indices.reversed() {
            shares[index] = inverseProducts[index] * dotProduct(steps[index], result)
            add(changes[index], times: -shares[index], to: &result)
        }
        let scale = dotProduct(lastStep, lastChange) / dotProduct(lastChange, lastChange)
        for index in result.indices { result[index] *= Float(scale) }
        for index in steps.indices {
            let back = inverseProducts[index] * dotProduct(changes[index], result)
            add(steps[index], times: shares[index] - back, to: &result)
        }
        return result
    }
}

/// A search along one direction for a step that lowers the loss enough and flattens the slope.
private struct LineSearch {
    let loss: Double
    let slope: Double
    let firstStep: Double
    let maximumTrials: Int

    struct Step {
        let point: [Float]
        let gradient: [Float]
        let loss: Double
    }

    /// The accepted step; nil if no trial lowered the loss.
    func run(
        from point: [Float], along direction: [Float], evaluations: inout Int,
        function: (_ parameters: [Float], _ gradient: inout [Float]) throws -> Double
    ) rethrows -> Step? {
        var length = firstStep
        var lower = 0.0
        var upper = Double.infinity
        var best: Step?
        var gradient = [Float](repeating: 0, count: point.count)
        for _ in 0..<maximumTrials {
            var trial = point
            add(direction, times: length, to: &trial)
            let trialLoss = try function(trial, &gradient)
            evaluations += 1
            if !(trialLoss <= loss + 1e-4 * length * slope) {
                upper = length
            } else {
                if trialLoss < (best?.loss ?? loss) {
                    best = Step(point: trial, gradient: gradient, loss: trialLoss)
                }
                if dotProduct(gradient, direction) >= 0.9 * slope { return best }
                lower = length
            }
            length = upper.isFinite ? (lower + upper) / 2 : 2 * lower
        }
        return best
    }
}

/// The sum of products, added up in double precision in four interleaved parts.
func dotProduct(_ left: [Float], _ right: [Float]) -> Double {
    precondition(left.count == right.count, "vectors of one length")
    var sums = SIMD4<Double>()
    let whole = left.count & ~3
    for index in stride(from: 0, to: whole, by: 4) {
        let a = SIMD4<Float>(left[index], left[index + 1], left[index + 2], left[index + 3])
        let b = SIMD4<Float>(right[index], right[index + 1], right[index + 2], right[index + 3])
        sums += SIMD4<Double>(a) * SIMD4<Double>(b)
    }
    var rest = 0.0
    for index in whole..<left.count { rest += Double(left[index]) * Double(right[index]) }
    return sums.sum() + rest
}

/// Adds `factor * vector` to `target`.
func add(_ vector: [Float], times factor: Double, to target: inout [Float]) {
    precondition(vector.count == target.count, "vectors of one length")
    let factor = Float(factor)
    for index in target.indices { target[index] += factor * vector[index] }
}

/// The largest absolute value; zero for no values.
private func largestMagnitude(_ vector: [Float]) -> Double {
    Double(vector.reduce(0) { Swift.max($0, abs($1)) })
}
