// SPDX-License-Identifier: Apache-2.0

/// Minimises a smooth function plus `penalty` times the sum of absolute parameters.
///
/// Source: Andrew and Gao 2007, "Scalable training of L1-regularized log-linear models" (OWL-QN).
/// Most parameters end at exactly zero, which is what makes a small model of many features.
package struct OrthantWiseLBFGS: Sendable {
    /// Weight of the sum of absolute values.
    package var penalty: Double
    /// Most iterations.
    package var maximumIterations: Int
    /// Number of past steps that stand for the curvature.
    package var history = 6
    /// Stops when the loss fell by less than this part of itself over the last ten iterations.
    package var relativeDecrease = 1e-5
    /// Most evaluations in one line search.
    package var maximumTrials = 20

    /// Settings.
    package init(penalty: Double, maximumIterations: Int) {
        self.penalty = penalty
        self.maximumIterations = maximumIterations
    }

    /// Where the search ended.
    package struct Minimum: Sendable {
        /// The parameters.
        package let parameters: [Float]
        /// The smooth function and the penalty there.
        package let loss: Double
        /// Iterations done.
        package let iterations: Int
    }

    /// Searches from `start`; `function` is as for `LBFGS` and does not include the penalty.
    package func minimise(
        from start: [Float],
        function: (_ parameters: [Float], _ gradient: inout [Float]) throws -> Double
    ) rethrows -> Minimum {
        var point = start
        var gradient = [Float](repeating: 0, count: start.count)
        var loss = try function(point, &gradient) + penaltyAt(point)
        var memory = CurvatureMemory(capacity: history)
        var losses = [loss]
        for iteration in 0..<maximumIterations {
            let steepest = pseudoGradient(point, gradient)
            let length = dotProduct(steepest, steepest)
            guard length > 0 else {
                return Minimum(parameters: point, loss: loss, iterations: iteration)
            }
            var direction = memory.direction(for: steepest)
            align(&direction, against: steepest)
            if !(dotProduct(direction, steepest) < 0) {
                memory.forget()
                direction = steepest.map { -$0 }
            }
            let first = memory.isEmpty ? min(1, 1 / length.squareRoot()) : 1
            let found = try backtrack(
                from: point, loss: loss, along: direction, steepest: steepest, firstStep: first,
                function: function)
            guard let step = found else {
                if memory.isEmpty {
                    return Minimum(parameters: point, loss: loss, iterations: iteration)
                }
                memory.forget()
                continue
            }
            memory.remember(
                from: point, to: step.point, gradient: gradient, newGradient: step.gradient)
            point = step.point
            gradient = step.gradient
            loss = step.loss
            losses.append(loss)
            if losses.count > 10, losses[losses.count - 11] - loss < relativeDecrease * abs(loss) {
                return Minimum(parameters: point, loss: loss, iterations: iteration + 1)
            }
        }
        return Minimum(parameters: point, loss: loss, iterations: maximumIterations)
    }

    private func penaltyAt(_ point: [Float]) -> Double {
        penalty * point.reduce(0.0) { $0 + Double(abs($1)) }
    }

    /// The steepest one-sided slope; zero where the penalty outweighs the gradient at zero.
    private func pseudoGradient(_ point: [Float], _ gradient: [Float]) -> [Float] {
        let penalty = Float(penalty)
        var result = gradient
        for index in result.indices {
            let slope = gradient[index]
            if point[index] > 0 {
                result[index] = slope + penalty
            } else if point[index] < 0 {
                result[index] = slope - penalty
            } else if slope + penalty < 0 {
                result[index] = slope + penalty
            } else if slope - penalty > 0 {
                result[index] = slope - penalty
            } else {
                result[index] = 0
            }
        }
        return result
    }

    /// Drops the parts of the direction along which the loss would rise.
    private func align(_ direction: inout [Float], against steepest: [Float]) {
        for index in direction.indices where direction[index] * steepest[index] >= 0 {
            direction[index] = 0
        }
    }

    private struct Step {
        let point: [Float]
        let gradient: [Float]
        let loss: Double
    }

    /// Halves the step until the loss falls enough; parameters that would change sign stop at zero.
    private func backtrack(
        from point: [Float], loss: Double, along direction: [Float], steepest: [Float],
        firstStep: Double,
        function: (_ parameters: [Float], _ gradient: inout [Float]) throws ->
            Double
    ) rethrows -> Step? {
        var length = firstStep
        var gradient = [Float](repeating: 0, count: point.count)
        for _ in 0..<maximumTrials {
            var trial = point
            add(direction, times: length, to: &trial)
            var expected = 0.0
            for index in trial.indices {
                let side = point[index] == 0 ? -steepest[index] : point[index]
                if trial[index] * side < 0 { trial[index] = 0 }
                expected += Double(steepest[index]) * Double(trial[index] - point[index])
            }
            let trialLoss = try function(trial, &gradient) + penaltyAt(trial)
            if trialLoss <= loss + 1e-4 * expected {
                return Step(point: trial, gradient: gradient, loss: trialLoss)
            }
            length /= 2
        }
        return nil
    }
}
