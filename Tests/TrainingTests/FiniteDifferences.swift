// SPDX-License-Identifier: Apache-2.0
import Tensors
import Testing

/// Compares a gradient with differences of a loss in steps both ways around single numbers.
func expectGradient(
    _ gradient: Tensor, at point: Tensor, step: Float = 1e-2, tolerance: Float = 2e-2,
    _ name: String = "", _ loss: (Tensor) -> Double
) {
    for place in stride(from: 0, to: point.count, by: max(1, point.count / 23)) {
        var (above, below) = (point, point)
        above.values[place] += step
        below.values[place] -= step
        let slope = Float((loss(above) - loss(below)) / Double(2 * step))
        let scale = max(1, abs(slope))
        #expect(
            abs(gradient.values[place] - slope) < tolerance * scale, "\(name) number \(place)")
    }
}

/// Standard normal numbers.
func random(_ shape: [Int], seed: UInt64) -> Tensor {
    var generator = SplitMix64(seed: seed)
    return Tensor(
        shape: shape, values: (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
}

func dot(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// Parameters of given shapes, all of them random.
func randomParameters(_ shapes: [[Int]]) -> ParameterSet {
    let layout = ParameterLayout(
        shapes.enumerated().map { ParameterLayout.Entry(name: "\($0)", shape: $1) })
    return ParameterSet(
        layout, tensors: shapes.enumerated().map { random($1, seed: UInt64($0 + 1)) })
}

/// Compares the gradients of an operation for all its parameters with differences.
///
/// What the operation gives is weighed with random numbers, so that every number of it counts.
func expectGradients(
    _ shapes: [[Int]], step: Float = 1e-2, tolerance: Float = 2e-2,
    _ operation: (Tape, ParameterLayout) -> TapeValue
) {
    let parameters = randomParameters(shapes)
    func loss(_ parameters: ParameterSet) -> (Double, ParameterSet) {
        let tape = Tape(parameters.layout)
        let loss = tape.accumulate(parameters, dropoutSeed: 5) { tape in
            let result = operation(tape, parameters.layout)
            let weights = random([result.rows, result.columns], seed: 99)
            tape.seed(result, gradient: weights)
            return dot(tape.tensor(result), weights)
        }
        return (loss, tape.gradients)
    }
    let (_, gradients) = loss(parameters)
    for place in parameters.tensors.indices {
        expectGradient(
            gradients.tensors[place], at: parameters.tensors[place], step: step,
            tolerance: tolerance, "parameter \(place)"
        ) {
            var moved = parameters
            moved.tensors[place] = $0
            return loss(moved).0
        }
    }
}

/// Largest absolute difference of two tensors of as many elements; infinite for other counts.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
