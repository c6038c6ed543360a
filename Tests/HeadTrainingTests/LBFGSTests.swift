// SPDX-License-Identifier: Apache-2.0
import HeadTraining
import Testing

@Suite("L-BFGS")
struct LBFGSTests {
    @Test("The minimum of a badly scaled quadratic is found.")
    func quadratic() {
        let scales: [Float] = [1, 10, 100, 1000, 0.1]
        let targets: [Float] = [3, -2, 0.5, 1, -7]
        let minimum = LBFGS().minimise(from: [Float](repeating: 0, count: 5)) { point, gradient in
            var loss = 0.0
            for index in point.indices {
                let distance = point[index] - targets[index]
                gradient[index] = scales[index] * distance
                loss += 0.5 * Double(scales[index] * distance * distance)
            }
            return loss
        }
        #expect(minimum.loss < 1e-5)
        for (found, target) in zip(minimum.parameters, targets) {
            #expect(abs(found - target) < 0.01)
        }
    }

    @Test("The curved valley of Rosenbrock is followed to its end.")
    func rosenbrock() {
        var search = LBFGS(maximumIterations: 300, relativeDecrease: 0)
        search.gradientTolerance = 1e-4
        let minimum = search.minimise(from: [-1.2, 1]) { point, gradient in
            let (x, y) = (Double(point[0]), Double(point[1]))
            gradient[0] = Float(-2 * (1 - x) - 400 * x * (y - x * x))
            gradient[1] = Float(200 * (y - x * x))
            return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
        }
        #expect(abs(minimum.parameters[0] - 1) < 0.01)
        #expect(abs(minimum.parameters[1] - 1) < 0.01)
        #expect(minimum.iterations < 100)
    }

    @Test("The loss never rises from one iteration to the next.")
    func monotone() {
        var losses: [Double] = []
        _ = LBFGS().minimise(
            from: [4, -4, 2],
            report: {
                losses.append($0.loss); return true
            }
        ) { point, gradient in
            var loss = 0.0
            for index in point.indices {
                let x = Double(point[index])
                loss += (1 + x * x).squareRoot() + 0.1 * x * x * x * x
                gradient[index] = Float(x / (1 + x * x).squareRoot() + 0.4 * x * x * x)
            }
            return loss
        }
        #expect(losses.count > 2)
        #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test("The search stops when the report says so, and at a flat start at once.")
    func stopping() {
        func bowl(_ point: [Float], _ gradient: inout [Float]) -> Double {
            gradient[0] = 2 * point[0]
            return Double(point[0] * point[0])
        }
        let stopped = LBFGS().minimise(from: [100], report: { _ in false }, function: bowl)
        #expect(stopped.iterations == 1)
        #expect(stopped.ending == .iterationLimit)
        let flat = LBFGS().minimise(from: [0], function: bowl)
        #expect(flat.ending == .flat)
        #expect(flat.iterations == 0)
    }

    @Test("A function that cannot be lowered ends the search without a step.")
    func noDescent() {
        // The gradient lies about a constant function.
        let minimum = LBFGS().minimise(from: [1, 1]) { _, gradient in
            gradient = [1, 1]
            return 5
        }
        #expect(minimum.ending == .noDescent)
        #expect(minimum.parameters == [1, 1])
    }
}
