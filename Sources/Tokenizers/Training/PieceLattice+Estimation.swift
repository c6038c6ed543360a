// SPDX-License-Identifier: Apache-2.0
import Foundation

extension PieceLattice {
    /// One step of expectation and maximisation.
    ///
    /// The M step is the one of a Dirichlet process, exp(ψ(c) − ψ(Σc)), which makes rare pieces
    /// rarer. With `dropping`, pieces of an expected frequency below 0.5 go, except characters.
    mutating func estimate(dropping: Bool, threads: Int) {
        let expected = expectedFrequencies(threads: threads)
        let threshold = UnigramTrainer.dropThreshold
        var frequencies: [Double?] = []
        frequencies.reserveCapacity(pieces.count)
        var sum = 0.0
        for (index, piece) in pieces.enumerated() {
            let isKept = expected[index] >= threshold || piece.length == 1 || !dropping
            let frequency = isKept ? max(expected[index], threshold) : nil
            frequencies.append(frequency)
            sum += frequency ?? 0
        }
        let digammaOfSum = digamma(sum)
        update(frequencies.map { $0.map { exp(digamma($0) - digammaOfSum) } })
    }

    /// How often each piece occurs in the text, over all segmentations by their probability.
    func expectedFrequencies(threads: Int) -> [Double] {
        let weights = weights()
        let parts = inParallel(shards.count, threads: threads) { shard in
            var expected = [Double](repeating: 0, count: pieces.count)
            var forward = [Double](repeating: 0, count: TrainingWords.lengthLimit + 1)
            var backward = forward
            for word in shards[shard] {
                add(word, weights, &forward, &backward, to: &expected)
            }
            return expected
        }
        var sum = parts[0]
        for part in parts.dropFirst() {
            for index in sum.indices { sum[index] += part[index] }
        }
        return sum
    }

    /// The forward-backward algorithm on one word.
    @inline(__always)
    private func add(
        _ word: Int, _ weights: [Double], _ forward: inout [Double], _ backward: inout [Double],
        to expected: inout [Double]
    ) {
        let start = words.starts[word]
        let length = words.starts[word + 1] - start
        for index in 0...length { forward[index] = 0 }
        forward[0] = 1
        for index in 0..<length {
            let here = forward[index]
            for edge in firstEdge[start + index]..<firstEdge[start + index + 1] {
                let (piece, width) = (Int(edges[edge].piece), Int(edges[edge].length))
                forward[index + width] += here * weights[piece]
            }
        }
        // A product out of range says nothing about the word.
        guard forward[length].isNormal else { return }
        let scale = Double(words.counts[word]) / forward[length]
        backward[length] = 1
        for index in stride(from: length - 1, through: 0, by: -1) {
            var sum = 0.0
            for edge in firstEdge[start + index]..<firstEdge[start + index + 1] {
                let (piece, width) = (Int(edges[edge].piece), Int(edges[edge].length))
                let rest = weights[piece] * backward[index + width]
                expected[piece] += scale * forward[index] * rest
                sum += rest
            }
            backward[index] = sum
        }
    }
}

/// The logarithmic derivative of the gamma function, for positive x.
///
/// Recurrence up to 7, then the asymptotic series (Abramowitz and Stegun, 6.3.5 and 6.3.18).
func digamma(_ x: Double) -> Double {
    var x = x
    var result = 0.0
    while x < 7 {
        result -= 1 / x
        x += 1
    }
    let square = 1 / (x * x)
    let series =
        square
        * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    return result + log(x) - 0.5 / x - series
}
