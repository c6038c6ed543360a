// SPDX-License-Identifier: Apache-2.0
import Tensors

extension EncoderHead {
    /// The logits of one text's states (T, C): a row a token, or one row for the text.
    func logits(_ states: Tensor) -> Tensor {
        var x = states
        for step in steps {
            switch step {
            case .first: x = x.rowSlice(0..<min(1, x.rows))
            case .last: x = x.rowSlice(max(0, x.rows - 1)..<x.rows)
            case .mean: x = x.meanOfRows
            case .dense(let dense):
                var y = Tensor(zeros: [x.rows, dense.weight.rows])
                dense.apply(x, into: &y)
                x = y
            case .activation(let activation): activation.apply(&x)
            case .tanh: ElementWise.tanhInPlace(&x)
            case .norm(let norm): norm.apply(&x)
            }
        }
        var logits = Tensor(zeros: [x.rows, classifier.weight.rows])
        classifier.apply(x, into: &logits)
        return logits
    }
}

extension Tensor {
    /// The mean of all rows (1, C); no row where there is none.
    fileprivate var meanOfRows: Tensor {
        guard rows > 0 else { return self }
        var sums = [Double](repeating: 0, count: columns)
        for (index, value) in values.enumerated() { sums[index % columns] += Double(value) }
        return Tensor(shape: [1, columns], values: sums.map { Float($0 / Double(rows)) })
    }
}
