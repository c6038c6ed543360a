// SPDX-License-Identifier: Apache-2.0
import Kernels

/// The elementwise functions that a tape knows.
package enum TapeActivation: Int32, Hashable, Sendable, CaseIterable {
    /// x · logistic(x).
    case silu = 0
    /// x · Φ(x).
    case gelu = 1
    /// The same with Φ approximated by a hyperbolic tangent.
    case geluTanh = 2
    /// tanh(x).
    case tanh = 3
}

extension Tape {
    /// f(x) of each element.
    package func activation(_ f: TapeActivation, _ x: TapeValue) -> TapeValue {
        let y = makeValue(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        let (source, target) = (start(x), start(y))
        TrainingLoops.elements(x.count) {
            shoken_activate(
                f.rawValue, source + $0.lowerBound, target + $0.lowerBound, Int64($0.count))
        }
        record(y) { tape, gradient in
            guard let (dx, accumulates) = tape.target(x) else { return }
            TrainingLoops.elements(x.count) {
                shoken_train_activation_backward(
                    f.rawValue, source + $0.lowerBound, gradient + $0.lowerBound,
                    dx + $0.lowerBound, Int64($0.count), accumulates ? 1 : 0)
            }
        }
        return y
    }

    /// f(gate) ∘ up of each element. Both arguments have this one use.
    package func gated(_ f: TapeActivation, gate: TapeValue, up: TapeValue) -> TapeValue {
        precondition(gate.rows == up.rows && gate.columns == up.columns, "equal shapes")
        let y = makeValue(
            rows: up.rows, columns: up.columns,
            needsGradient: needsGradient(gate) || needsGradient(up))
        let (g, u, target) = (start(gate), start(up), start(y))
        TrainingLoops.elements(up.count) {
            shoken_train_gated(
                f.rawValue, g + $0.lowerBound, u + $0.lowerBound, target + $0.lowerBound,
                Int64($0.count))
        }
        record(y) { tape, gradient in
            tape.withNewGradients(of: [gate, up]) { targets in
                let (dgate, dup) = (targets[0], targets[1])
                TrainingLoops.elements(up.count) {
                    shoken_train_gated_backward(
                        f.rawValue, g + $0.lowerBound, u + $0.lowerBound, gradient + $0.lowerBound,
                        dgate + $0.lowerBound, dup + $0.lowerBound, Int64($0.count))
                }
            }
        }
        return y
    }

    /// x + c of each element, for a constant such as noise; its shape is that of the value.
    package func add(_ x: TapeValue, constant: Tensor) -> TapeValue {
        precondition(constant.count == x.count, "as many elements")
        let y = makeValue(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        copy(constant, to: start(y))
        TrainingLoops.scale(start(x), into: start(y), count: x.count, accumulate: true)
        record(y) { tape, gradient in tape.pass(gradient, from: y, to: x) }
        return y
    }

    /// a + b of each element.
    package func add(_ a: TapeValue, _ b: TapeValue) -> TapeValue {
        precondition(a.rows == b.rows && a.columns == b.columns, "equal shapes")
        let y = makeValue(
            rows: a.rows, columns: a.columns, needsGradient: needsGradient(a) || needsGradient(b))
        TrainingLoops.scale(start(a), into: start(y), count: y.count)
        TrainingLoops.scale(start(b), into: start(y), count: y.count, accumulate: true)
        record(y) { tape, gradient in
            if let (db, accumulates) = tape.target(b) {
                TrainingLoops.scale(gradient, into: db, count: y.count, accumulate: accumulates)
            }
            tape.pass(gradient, from: y, to: a)
        }
        return y
    }

    /// factor · x of each element.
    package func scale(_ x: TapeValue, by factor: Float) -> TapeValue {
        let y = makeValue(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        TrainingLoops.scale(start(x), into: start(y), factor: factor, count: y.count)
        record(y) { tape, gradient in
            guard let (dx, accumulates) = tape.target(x) else { return }
            TrainingLoops.scale(
                gradient, into: dx, factor: factor, count: y.count, accumulate: accumulates)
        }
        return y
    }

    /// x times a dropout mask; x itself where there is none.
    package func dropout(_ x: TapeValue, _ mask: DropoutMask?) -> TapeValue {
        guard let mask else { return x }
        let y = makeValue(rows: x.rows, columns: x.columns, needsGradient: needsGradient(x))
        TrainingLoops.scale(start(x), into: start(y), count: y.count)
        mask.apply(to: start(y), rows: y.rows, columns: y.columns)
        record(y) { tape, gradient in
            mask.apply(to: gradient, rows: y.rows, columns: y.columns)
            tape.pass(gradient, from: y, to: x)
        }
        return y
    }

    /// Calls `body` with memory to which it writes gradients of some values; those of values that have a
    /// gradient already are added to it afterwards, those that nobody wants are forgotten.
    func withNewGradients(
        of values: [TapeValue], _ body: ([UnsafeMutablePointer<Float>]) -> Void
    ) {
        var scratch: [(place: Int, start: UnsafeMutablePointer<Float>)] = []
        let targets = values.enumerated().map { place, value in
            if let (start, accumulates) = target(value), !accumulates { return start }
            let start = memory.take(value.count)
            scratch.append((place, start))
            return start
        }
        body(targets)
        for (place, start) in scratch {
            if let sum = target(values[place])?.start {
                TrainingLoops.scale(
                    start, into: sum, count: values[place].count, accumulate: true)
            }
            memory.release(start)
        }
    }
}
