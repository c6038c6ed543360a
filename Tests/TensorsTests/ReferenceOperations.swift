// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import TestSupport

/// Plain double-precision twins of the fast operations, to be read against the formulas.
enum Reference {
    static func product(
        _ a: Tensor, _ b: Tensor, transposeA: Bool, transposeB: Bool, scale: Double = 1
    ) -> [Double] {
        let m = transposeA ? a.columns : a.rows
        let k = transposeA ? a.rows : a.columns
        let n = transposeB ? b.rows : b.columns
        var c = [Double](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                for l in 0..<k {
                    let left = transposeA ? a.values[l * m + i] : a.values[i * k + l]
                    let right = transposeB ? b.values[j * k + l] : b.values[l * n + j]
                    c[i * n + j] += scale * Double(left) * Double(right)
                }
            }
        }
        return c
    }

    static func rmsNorm(_ x: Tensor, _ weight: Tensor, epsilon: Double) -> [Double] {
        (0..<x.rows).flatMap { row in
            let values = (0..<x.columns).map { Double(x.values[row * x.columns + $0]) }
            let mean = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
            let inverse = 1 / (mean + epsilon).squareRoot()
            return zip(values, weight.values).map { $0 * inverse * Double($1) }
        }
    }

    static func silu(_ x: Float) -> Double { Double(x) / (1 + exp(-Double(x))) }

    static func softmax(_ row: [Double]) -> (probabilities: [Double], logSum: Double) {
        let largest = row.max() ?? 0
        let sum = row.reduce(0) { $0 + exp($1 - largest) }
        return (row.map { exp($0 - largest) / sum }, largest + log(sum))
    }

    static func rotate(_ x: Tensor, headWidth: Int, theta: Double, offsets: [Int]) -> [Double] {
        var result = x.values.map(Double.init)
        let half = headWidth / 2
        for (start, end) in zip(offsets, offsets.dropFirst()) {
            for row in start..<end {
                for head in 0..<(x.columns / headWidth) {
                    for i in 0..<half {
                        let at = row * x.columns + head * headWidth + i
                        let frequency = pow(theta, -2 * Double(i) / Double(headWidth))
                        let angle = Double(row - start) * frequency
                        let (a, b) = (Double(x.values[at]), Double(x.values[at + half]))
                        result[at] = a * cos(angle) - b * sin(angle)
                        result[at + half] = b * cos(angle) + a * sin(angle)
                    }
                }
            }
        }
        return result
    }

    static func attention(
        _ setting: Attention, q: Tensor, k: Tensor, v: Tensor, offsets: [Int]
    ) -> [Double] {
        let (h, g, d) = (setting.heads, setting.keyValueHeads, setting.headWidth)
        var output = [Double](repeating: 0, count: q.count)
        for (start, end) in zip(offsets, offsets.dropFirst()) {
            for i in start..<end {
                for head in 0..<h {
                    let shared = head / (h / g)
                    let keys = (start..<end).filter { j in
                        (!setting.visibility.causal || j <= i)
                            && abs(i - j) < setting.visibility.window ?? .max
                    }
                    let scores = keys.map { j in
                        let score =
                            (0..<d).reduce(0.0) {
                                $0 + Double(q.values[(i * h + head) * d + $1])
                                    * Double(k.values[(j * g + shared) * d + $1])
                            } * Double(setting.scale)
                        guard let cap = setting.softcap.map(Double.init) else { return score }
                        return cap * tanh(score / cap)
                    }
                    for (j, p) in zip(keys, softmax(scores).probabilities) {
                        for e in 0..<d {
                            output[(i * h + head) * d + e] +=
                                p * Double(v.values[(j * g + shared) * d + e])
                        }
                    }
                }
            }
        }
        return output
    }
}

/// Numbers that look random and are the same in every run.
struct NumberStream {
    private var random: SeededNumbers

    init(seed: UInt64) { random = SeededNumbers(seed: seed) }

    /// The next number, between −1 and 1.
    mutating func next() -> Float { random.signed() }

    mutating func tensor(_ shape: Int..., scale: Float = 1) -> Tensor {
        var result = Tensor(zeros: shape)
        for i in result.values.indices { result.values[i] = scale * next() }
        return result
    }
}

/// The largest difference between two lists of equal length; infinite where one is not a number.
func largestDifference(_ a: [Float], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { largest, pair in
        let difference = abs(Double(pair.0) - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}
