// SPDX-License-Identifier: Apache-2.0
import Kernels

/// Rows of states and what each of them is to predict.
package struct PredictionTargets: Hashable, Sendable {
    /// Rows of the states that predict something.
    package var rows: [Int32]
    /// What they are to predict.
    package var labels: [Int32]
    /// What each row's loss counts, or nil for 1.
    package var weights: [Float]?

    /// Targets; as many labels, and weights, as rows.
    package init(rows: [Int32], labels: [Int32], weights: [Float]? = nil) {
        precondition(rows.count == labels.count && (weights?.count ?? rows.count) == rows.count)
        (self.rows, self.labels, self.weights) = (rows, labels, weights)
    }
}

extension Tape {
    /// Rows whose logits exist at the same time.
    package static let logitRows = 512

    /// The summed cross-entropy of chosen rows of states (T, C) after a head (V, C), whose gradient times `factor`
    /// goes back from here.
    ///
    /// Logits are made for at most ``logitRows`` rows at a time, so that memory does not grow with the
    /// batch. A bound c, if given, makes them c · tanh(z / c) first.
    package func crossEntropy(
        _ states: TapeValue, head: MatrixReference, bias: VectorReference? = nil,
        targets: PredictionTargets, factor: Float, softcap: Float? = nil
    ) -> Double {
        let vocabulary = head.rows
        precondition(states.columns == head.columns, "the head sees states")
        precondition(targets.rows.allSatisfy { $0 >= 0 && Int($0) < states.rows })
        precondition(targets.labels.allSatisfy { $0 >= 0 && Int($0) < vocabulary })
        guard !targets.rows.isEmpty else { return 0 }
        let count = min(targets.rows.count, Self.logitRows)
        let gradient = sum(states)
        let (x, dx) = (memory.take(count * states.columns), memory.take(count * states.columns))
        let logits = memory.take(count * vocabulary)
        var loss = 0.0
        for first in stride(from: 0, to: targets.rows.count, by: Self.logitRows) {
            let chunk = first..<min(first + Self.logitRows, targets.rows.count)
            gather(states, targets.rows[chunk], into: x)
            withOperand(x, count: chunk.count * states.columns, for: head) {
                multiply($0, rows: chunk.count, head, into: logits)
            }
            addBias(bias, to: logits, rows: chunk.count, columns: vocabulary)
            loss += crossEntropy(
                logits, targets, chunk, columns: vocabulary, factor: factor, softcap: softcap)
            guard isRecording else { continue }
            withVectorGradient(bias) {
                guard let sum = $0 else { return }
                TrainingLoops.sumRows(logits, rows: chunk.count, columns: vocabulary, into: sum)
            }
            withOperand(logits, count: chunk.count * vocabulary, for: head) { dy in
                if head.isTrained {
                    withOperand(x, count: chunk.count * states.columns, for: head) {
                        addOuterProducts(dy, $0, rows: chunk.count, to: head)
                    }
                }
                guard gradient != nil else { return }
                multiplyTransposed(dy, rows: chunk.count, head, into: dx, accumulate: false)
            }
            guard let gradient else { continue }
            let width = states.columns
            for (slot, row) in targets.rows[chunk].enumerated() {
                shoken_add_scaled(dx + slot * width, gradient + Int(row) * width, Int64(width), 1)
            }
        }
        for start in [x, dx, logits] { memory.release(start) }
        return loss
    }

    /// The summed cross-entropy of chosen rows of logits (T, K), whose gradient times `factor` goes back
    /// from here.
    package func crossEntropy(
        logits: TapeValue, targets: PredictionTargets, factor: Float
    ) -> Double {
        let width = logits.columns
        precondition(targets.rows.allSatisfy { $0 >= 0 && Int($0) < logits.rows })
        precondition(targets.labels.allSatisfy { $0 >= 0 && Int($0) < width })
        guard !targets.rows.isEmpty else { return 0 }
        return withScratch(targets.rows.count * width) { z in
            gather(logits, targets.rows[...], into: z)
            let loss = crossEntropy(
                z, targets, targets.rows.indices, columns: width, factor: factor, softcap: nil)
            if let gradient = sum(logits) {
                for (slot, row) in targets.rows.enumerated() {
                    shoken_add_scaled(
                        z + slot * width, gradient + Int(row) * width, Int64(width), 1)
                }
            }
            return loss
        }
    }

    /// Turns rows of logits into gradients, where they are; the sums of pieces are added in order.
    private func crossEntropy(
        _ logits: UnsafeMutablePointer<Float>, _ targets: PredictionTargets, _ chunk: Range<Int>,
        columns: Int, factor: Float, softcap: Float?
    ) -> Double {
        let pieces =
            ComputeThreads.isInLoop || chunk.count * columns < 65536
            ? 1 : min(ComputeThreads.count, chunk.count)
        var losses = [Double](repeating: 0, count: pieces)
        let records: Int32 = isRecording ? 1 : 0
        targets.labels[chunk].withUnsafeBufferPointer { labels in
            (targets.weights?[chunk] ?? []).withUnsafeBufferPointer { weights in
                losses.withUnsafeMutableBufferPointer { losses in
                    ComputeThreads.loop(pieces) { _, piece in
                        let first = chunk.count * piece / pieces
                        let end = chunk.count * (piece + 1) / pieces
                        losses[piece] = shoken_train_cross_entropy(
                            logits + first * columns, labels.start + first,
                            weights.isEmpty ? nil : weights.start + first, Int64(end - first),
                            Int64(columns), factor, softcap ?? 0, records)
                    }
                }
            }
        }
        return losses.reduce(0, +)
    }

    private func gather(
        _ x: TapeValue, _ rows: ArraySlice<Int32>, into target: UnsafeMutablePointer<Float>
    ) {
        let (source, width) = (start(x), x.columns)
        for (slot, row) in rows.enumerated() {
            (target + slot * width).update(from: source + Int(row) * width, count: width)
        }
    }

    private func addBias(
        _ bias: VectorReference?, to x: UnsafeMutablePointer<Float>, rows: Int, columns: Int
    ) {
        guard let bias else { return }
        withVector(bias) { bias in
            TrainingLoops.rows(rows, width: columns) {
                shoken_train_epilogue(
                    x + $0.lowerBound * columns, bias, nil, Int64($0.count), Int64(columns))
            }
        }
    }

    /// The logits (T, V) of all rows, without a way back.
    package func logits(
        _ states: TapeValue, head: MatrixReference, softcap: Float? = nil
    ) -> Tensor {
        var result = Tensor(zeros: [states.rows, head.rows])
        result.values.withUnsafeMutableBufferPointer { logits in
            guard let logits = logits.baseAddress else { return }
            multiply(operand(states, for: head), rows: states.rows, head, into: logits)
        }
        if let softcap { ElementWise.softcapInPlace(&result, cap: softcap) }
        return result
    }
}
