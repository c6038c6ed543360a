// SPDX-License-Identifier: Apache-2.0
import Kernels

extension Tape {
    /// Root mean square normalisation: x / sqrt(mean(x²) + ε) · (gain + offset).
    ///
    /// `gain` is as long as a row, or as a part of it: then each part is normalised by itself, as Qwen3
    /// does with every head.
    package func rmsNorm(
        _ x: TapeValue, gain: VectorReference, epsilon: Float, offset: Float = 0
    ) -> TapeValue {
        let width = gain.count
        precondition(width > 0 && x.columns % width == 0, "rows are whole parts")
        let rows = x.count / width
        let y = makeValue(
            rows: x.rows, columns: x.columns, needsGradient: needsGradient(x) || gain.isTrained)
        let (source, target, inverse) = (start(x), start(y), memory.take(rows))
        withVector(gain) { gain in
            TrainingLoops.rows(rows, width: width) {
                for row in $0 {
                    let first = row * width
                    inverse[row] = shoken_rms_norm(
                        source + first, gain, target + first, Int64(width), epsilon, offset)
                }
            }
        }
        record(y) { tape, gradient in
            let dx = tape.target(x)
            tape.withVectorGradient(gain) { sum in
                tape.withVector(gain) { gain in
                    TrainingLoops.summed(rows: rows, width: width, into: sum, memory: tape.memory) {
                        let first = $0.lowerBound * width
                        shoken_train_rms_norm_backward(
                            source + first, gain, offset, inverse + $0.lowerBound, gradient + first,
                            dx.map { $0.start + first }, dx?.accumulates == true ? 1 : 0, $1,
                            Int64($0.count), Int64(width))
                    }
                }
            }
        }
        return y
    }

    /// Layer normalisation: (x − mean) / sqrt(variance + ε) · gain + bias.
    package func layerNorm(
        _ x: TapeValue, gain: VectorReference, bias: VectorReference?, epsilon: Float
    ) -> TapeValue {
        let (rows, width) = (x.rows, x.columns)
        precondition(gain.count == width && (bias?.count ?? width) == width, "one weight a column")
        let y = makeValue(
            rows: rows, columns: width,
            needsGradient: needsGradient(x) || gain.isTrained || (bias?.isTrained ?? false))
        let (source, target) = (start(x), start(y))
        let (mean, inverse) = (memory.take(rows), memory.take(rows))
        withVector(gain) { gain in
            let run = { (bias: UnsafePointer<Float>?) in
                TrainingLoops.rows(rows, width: width) {
                    for row in $0 {
                        let first = row * width
                        let spread = shoken_layer_norm(
                            source + first, gain, bias, target + first, Int64(width), epsilon)
                        (mean[row], inverse[row]) = (spread.mean, spread.inverse)
                    }
                }
            }
            if let bias { withVector(bias) { run($0) } } else { run(nil) }
        }
        record(y) { tape, gradient in
            if let bias {
                tape.withVectorGradient(bias) {
                    guard let sum = $0 else { return }
                    TrainingLoops.sumRows(gradient, rows: rows, columns: width, into: sum)
                }
            }
            let dx = tape.target(x)
            tape.withVectorGradient(gain) { sum in
                tape.withVector(gain) { gain in
                    TrainingLoops.summed(rows: rows, width: width, into: sum, memory: tape.memory) {
                        let first = $0.lowerBound * width
                        shoken_train_layer_norm_backward(
                            source + first, gain, mean + $0.lowerBound, inverse + $0.lowerBound,
                            gradient + first, dx.map { $0.start + first },
                            dx?.accumulates == true ? 1 : 0, $1, nil, Int64($0.count), Int64(width))
                    }
                }
            }
        }
        return y
    }
}
