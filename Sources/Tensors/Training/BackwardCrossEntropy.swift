import Kernels

/// The head product, softmax and cross-entropy of chosen rows, with all their gradients at once.
///
/// Logits are made for at most `chunkRows` rows at a time, so that memory does not grow with the
/// batch: chunkRows · V floats.
package struct CrossEntropyPass: Sendable {
    /// Rows whose logits exist at the same time.
    package static let chunkRows = 512

    private var gathered: [Float] = []
    private var gatheredGradient: [Float] = []
    private var logits: [Float] = []

    /// A pass whose scratch memory grows to the largest chunk it meets.
    package init() {}

    /// Returns the summed loss of the chosen rows and adds gradients of loss · factor.
    ///
    /// `hidden` (T, C) are the states the head (V, C) sees; row `rows[i]` is to predict `labels[i]`.
    /// Adds to `hiddenGradient` (T, C) at the chosen rows only, and to `headGradient` (V, C).
    package mutating func accumulate(
        hidden: Tensor, rows: [Int32], labels: [Int32], head: Tensor, factor: Float,
        hiddenGradient: inout Tensor, headGradient: inout Tensor
    ) -> Double {
        let (width, vocabulary) = (hidden.columns, head.rows)
        precondition(rows.count == labels.count && head.columns == width)
        precondition(rows.allSatisfy { $0 >= 0 && Int($0) < hidden.rows })
        precondition(labels.allSatisfy { $0 >= 0 && Int($0) < vocabulary })
        precondition(hiddenGradient.shape == hidden.shape && headGradient.shape == head.shape)
        reserve(min(rows.count, Self.chunkRows), width: width, vocabulary: vocabulary)
        var loss = 0.0
        for start in stride(from: 0, to: rows.count, by: Self.chunkRows) {
            let chunk = start..<min(start + Self.chunkRows, rows.count)
            loss += accumulate(
                chunk, hidden: hidden, rows: rows, labels: labels, head: head, factor: factor,
                hiddenGradient: &hiddenGradient, headGradient: &headGradient)
        }
        return loss
    }

    private mutating func reserve(_ rows: Int, width: Int, vocabulary: Int) {
        if logits.count < rows * vocabulary || gathered.count < rows * width {
            gathered = [Float](repeating: 0, count: rows * width)
            gatheredGradient = gathered
            logits = [Float](repeating: 0, count: rows * vocabulary)
        }
    }

    private mutating func accumulate(
        _ chunk: Range<Int>, hidden: Tensor, rows: [Int32], labels: [Int32], head: Tensor,
        factor: Float, hiddenGradient: inout Tensor, headGradient: inout Tensor
    ) -> Double {
        let (width, vocabulary, count) = (hidden.columns, head.rows, chunk.count)
        return gathered.withUnsafeMutableBufferPointer { x in
            gatheredGradient.withUnsafeMutableBufferPointer { dx in
                logits.withUnsafeMutableBufferPointer { logits in
                    head.values.withUnsafeBufferPointer { head in
                        headGradient.values.withUnsafeMutableBufferPointer { dhead in
                            guard let x = x.baseAddress, let dx = dx.baseAddress,
                                let z = logits.baseAddress, let w = head.baseAddress,
                                let dw = dhead.baseAddress
                            else { return 0 }
                            hidden.values.withUnsafeBufferPointer { hidden in
                                guard let source = hidden.baseAddress else { return }
                                for (slot, row) in rows[chunk].enumerated() {
                                    (x + slot * width).update(
                                        from: source + Int(row) * width, count: width)
                                }
                            }
                            stridedProduct(
                                count, vocabulary, width, x, stride: width, w, stride: width,
                                transposeB: true, into: z, stride: vocabulary)
                            let loss = labels[chunk].withUnsafeBufferPointer {
                                shoken_train_cross_entropy(
                                    z, $0.baseAddress, count, vocabulary, factor)
                            }
                            stridedProduct(
                                count, width, vocabulary, z, stride: vocabulary, w, stride: width,
                                into: dx, stride: width)
                            stridedProduct(
                                vocabulary, width, count, z, stride: vocabulary, transposeA: true,
                                x, stride: width, beta: 1, into: dw, stride: width)
                            hiddenGradient.values.withUnsafeMutableBufferPointer { target in
                                guard let target = target.baseAddress else { return }
                                for (slot, row) in rows[chunk].enumerated() {
                                    shoken_train_add_scaled(
                                        target + Int(row) * width, dx + slot * width, 1, width)
                                }
                            }
                            return loss
                        }
                    }
                }
            }
        }
    }
}
