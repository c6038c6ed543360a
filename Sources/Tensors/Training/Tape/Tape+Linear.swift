// SPDX-License-Identifier: Apache-2.0
import Kernels

extension Tape {
    /// W x + b of each row, with the layer's change of low rank; (T, in) → (T, out).
    ///
    /// With a residual the result is residual + mask · (W x + b): one operation, since this is how each block
    /// of a transformer ends.
    package func linear(
        _ x: TapeValue, _ layer: LinearReference, addingTo residual: TapeValue? = nil,
        mask: DropoutMask? = nil
    ) -> TapeValue {
        let weight = layer.weight
        precondition(x.columns == weight.columns, "inner lengths agree")
        precondition(residual.map { $0.rows == x.rows && $0.columns == weight.rows } ?? true)
        let needs = needsGradient(x) || layer.isTrained || (residual.map(needsGradient) ?? false)
        let y = makeValue(rows: x.rows, columns: weight.rows, needsGradient: needs)
        multiply(operand(x, for: weight), rows: x.rows, weight, into: start(y))
        let change = layer.adapter.map { forward($0, x, addingTo: start(y)) }
        finish(y, bias: layer.bias, residual: residual, mask: mask)
        record(y) { tape, gradient in
            tape.withMasked(gradient, y, mask) { gradient in
                if case .trained = layer.bias {
                    tape.withVectorGradient(layer.bias) {
                        guard let sum = $0 else { return }
                        TrainingLoops.sumRows(gradient, rows: y.rows, columns: y.columns, into: sum)
                    }
                }
                tape.backward(weight, x, gradient)
                if let adapter = layer.adapter, let change {
                    tape.backward(adapter, change, x, gradient)
                }
            }
            if let residual { tape.pass(gradient, from: y, to: residual) }
        }
        return y
    }

    /// Calls `body` with a gradient as it is without a mask, or times the mask.
    private func withMasked(
        _ gradient: UnsafeMutablePointer<Float>, _ y: TapeValue, _ mask: DropoutMask?,
        _ body: (UnsafeMutablePointer<Float>) -> Void
    ) {
        guard let mask else { return body(gradient) }
        withScratch(y.count) { masked in
            TrainingLoops.scale(gradient, into: masked, count: y.count)
            mask.apply(to: masked, rows: y.rows, columns: y.columns)
            body(masked)
        }
    }

    /// y = residual + mask · (y + bias).
    private func finish(
        _ y: TapeValue, bias: VectorReference?, residual: TapeValue?, mask: DropoutMask?
    ) {
        guard bias != nil || residual != nil || mask != nil else { return }
        func add(_ bias: UnsafePointer<Float>?, _ residual: UnsafePointer<Float>?) {
            let (target, columns) = (start(y), y.columns)
            TrainingLoops.rows(y.rows, width: columns) { range in
                let offset = range.lowerBound * columns
                shoken_train_epilogue(
                    target + offset, bias, residual.map { $0 + offset }, Int64(range.count),
                    Int64(columns))
            }
        }
        let rest = residual.map { UnsafePointer(start($0)) }
        if let mask {
            if let bias { withVector(bias) { add($0, nil) } }
            mask.apply(to: start(y), rows: y.rows, columns: y.columns)
            if rest != nil { add(nil, rest) }
        } else if let bias {
            withVector(bias) { add($0, rest) }
        } else {
            add(nil, rest)
        }
    }

    // MARK: The change of low rank

    /// What the way back of a change needs: the dropped argument where there is a mask, and A x.
    private struct Change {
        let mask: DropoutMask?
        let seen: UnsafeMutablePointer<Float>?
        let inner: UnsafeMutablePointer<Float>
    }

    /// y += scale · B · A · mask(x).
    ///
    /// Small as they are, A and B are multiplied in 32-bit floats whatever the precision.
    private func forward(
        _ adapter: LowRankReference, _ x: TapeValue, addingTo y: UnsafeMutablePointer<Float>
    ) -> Change {
        let mask = isRecording ? dropoutMask(adapter.dropout) : nil
        var seen: UnsafeMutablePointer<Float>?
        if let mask {
            let copy = memory.take(x.count)
            TrainingLoops.scale(start(x), into: copy, count: x.count)
            mask.apply(to: copy, rows: x.rows, columns: x.columns)
            seen = copy
        }
        let inner = memory.take(x.rows * adapter.down.rows)
        multiply(Operand(seen ?? start(x)), rows: x.rows, adapter.down, into: inner)
        multiply(
            Operand(inner), rows: x.rows, adapter.up, into: y, scale: adapter.scale,
            accumulate: true)
        return Change(mask: mask, seen: seen, inner: inner)
    }

    private func backward(
        _ adapter: LowRankReference, _ change: Change, _ x: TapeValue,
        _ gradient: UnsafeMutablePointer<Float>
    ) {
        let (rows, dy) = (x.rows, Operand(gradient))
        addOuterProducts(
            dy, Operand(change.inner), rows: rows, to: adapter.up, scale: adapter.scale)
        withScratch(rows * adapter.down.rows) { inner in
            multiplyTransposed(
                dy, rows: rows, adapter.up, into: inner, scale: adapter.scale, accumulate: false)
            let inner = Operand(inner)
            addOuterProducts(
                inner, Operand(change.seen ?? start(x)), rows: rows, to: adapter.down)
            guard let (dx, accumulates) = target(x) else { return }
            guard let mask = change.mask else {
                return multiplyTransposed(
                    inner, rows: rows, adapter.down, into: dx, accumulate: accumulates)
            }
            withScratch(x.count) { part in
                multiplyTransposed(inner, rows: rows, adapter.down, into: part, accumulate: false)
                mask.apply(to: part, rows: rows, columns: x.columns)
                TrainingLoops.scale(part, into: dx, count: x.count, accumulate: accumulates)
            }
        }
    }

    private func backward(
        _ weight: MatrixReference, _ x: TapeValue, _ gradient: UnsafeMutablePointer<Float>
    ) {
        guard weight.isTrained || needsGradient(x) else { return }
        withOperand(gradient, count: x.rows * weight.rows, for: weight) { dy in
            if weight.isTrained {
                addOuterProducts(dy, operand(x, for: weight), rows: x.rows, to: weight)
            }
            if let (dx, accumulates) = target(x) {
                multiplyTransposed(dy, rows: x.rows, weight, into: dx, accumulate: accumulates)
            }
        }
    }
}
