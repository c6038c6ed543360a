// SPDX-License-Identifier: Apache-2.0

/// Rows that are multiplied: 32-bit floats, and where products are of bfloat16 the same rounded.
struct Operand {
    let numbers: UnsafePointer<Float>
    let half: UnsafePointer<UInt16>?

    init(_ numbers: UnsafePointer<Float>, half: UnsafePointer<UInt16>? = nil) {
        (self.numbers, self.half) = (numbers, half)
    }
}

/// The three products of a linear layer, with weights of any kind.
extension Tape {
    /// Whether products with a matrix are of bfloat16: not those of a few rows or columns, which gain nothing.
    private func roundsProducts(with weight: MatrixReference) -> Bool {
        guard precision == .bfloat16, min(weight.rows, weight.columns) >= 32 else { return false }
        if case .frozen(let matrix) = weight, case .packed = matrix.form { return false }
        return true
    }

    /// A value as it is multiplied with a matrix; rounded once, however many matrices it meets.
    func operand(_ x: TapeValue, for weight: MatrixReference) -> Operand {
        guard roundsProducts(with: weight) else { return Operand(start(x)) }
        if let half = slots[x.index].half { return Operand(start(x), half: half) }
        let half = takeHalf(x.count)
        TrainingLoops.narrow(start(x), into: half, count: x.count)
        slots[x.index].half = half
        return Operand(start(x), half: half)
    }

    /// Calls `body` with numbers of no value as they are multiplied with a matrix.
    func withOperand(
        _ numbers: UnsafePointer<Float>, count: Int, for weight: MatrixReference,
        _ body: (Operand) -> Void
    ) {
        guard roundsProducts(with: weight) else { return body(Operand(numbers)) }
        withScratch((count + 1) / 2) { scratch in
            let half = UnsafeMutableRawPointer(scratch).bindMemory(
                to: UInt16.self, capacity: count)
            TrainingLoops.narrow(numbers, into: half, count: count)
            body(Operand(numbers, half: half))
        }
    }

    private func takeHalf(_ count: Int) -> UnsafeMutablePointer<UInt16> {
        UnsafeMutableRawPointer(memory.take((count + 1) / 2)).bindMemory(
            to: UInt16.self, capacity: count)
    }

    /// y = x · wᵀ for rows of memory, or y += that.
    func multiply(
        _ x: Operand, rows: Int, _ weight: MatrixReference, into y: UnsafeMutablePointer<Float>,
        scale: Float = 1, accumulate: Bool = false
    ) {
        guard rows > 0 else { return }
        ComputeThreads.prepareThisThread()
        switch weight {
        case .trained(let place, let range, let columns):
            if let x = x.half, let half, scale == 1 {
                HalfProduct(
                    m: rows, n: range.count, k: columns, transposeB: true, strideA: columns,
                    strideB: columns, strideC: range.count, accumulate: accumulate
                ).run(x, half.start(place) + range.lowerBound * columns, y)
                return
            }
            withParameter(place) { w in
                StridedProduct(
                    m: rows, n: range.count, k: columns, transposeB: true, strideA: columns,
                    strideB: columns, strideC: range.count, scale: scale, accumulate: accumulate
                ).run(x.numbers, w + range.lowerBound * columns, y)
            }
        case .frozen(let matrix):
            precondition(scale == 1, "only trained matrices are scaled")
            if let x = x.half {
                matrix.multiplyHalf(x, rows: rows, into: y, accumulate: accumulate)
            } else {
                matrix.multiplyExactly(x.numbers, rows: rows, into: y, accumulate: accumulate)
            }
        }
    }

    /// dx = dy · w, or dx += that.
    func multiplyTransposed(
        _ dy: Operand, rows: Int, _ weight: MatrixReference,
        into dx: UnsafeMutablePointer<Float>, scale: Float = 1, accumulate: Bool
    ) {
        guard rows > 0 else { return }
        ComputeThreads.prepareThisThread()
        switch weight {
        case .trained(let place, let range, let columns):
            if let dy = dy.half, let half, scale == 1 {
                HalfProduct(
                    m: rows, n: columns, k: range.count, strideA: range.count, strideB: columns,
                    strideC: columns, accumulate: accumulate
                ).run(dy, half.start(place) + range.lowerBound * columns, dx)
                return
            }
            withParameter(place) { w in
                StridedProduct(
                    m: rows, n: columns, k: range.count, strideA: range.count, strideB: columns,
                    strideC: columns, scale: scale, accumulate: accumulate
                ).run(dy.numbers, w + range.lowerBound * columns, dx)
            }
        case .frozen(let matrix):
            precondition(scale == 1, "only trained matrices are scaled")
            if let dy = dy.half {
                matrix.multiplyTransposedHalf(dy, rows: rows, into: dx, accumulate: accumulate)
            } else {
                matrix.multiplyTransposed(
                    dy.numbers, rows: rows, into: dx, accumulate: accumulate)
            }
        }
    }

    /// dw += scale · dyᵀ · x; nothing for a matrix that stays as it is.
    func addOuterProducts(
        _ dy: Operand, _ x: Operand, rows: Int, to weight: MatrixReference, scale: Float = 1
    ) {
        guard rows > 0, case .trained(let place, let range, let columns) = weight else { return }
        ComputeThreads.prepareThisThread()
        withGradient(place) { dw in
            let dw = dw + range.lowerBound * columns
            if let dy = dy.half, let x = x.half, scale == 1 {
                HalfProduct(
                    m: range.count, n: columns, k: rows, transposeA: true, strideA: range.count,
                    strideB: columns, strideC: columns, accumulate: true
                ).run(dy, x, dw)
                return
            }
            StridedProduct(
                m: range.count, n: columns, k: rows, transposeA: true, strideA: range.count,
                strideB: columns, strideC: columns, scale: scale, accumulate: true
            ).run(dy.numbers, x.numbers, dw)
        }
    }
}
