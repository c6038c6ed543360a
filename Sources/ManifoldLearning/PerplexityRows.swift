// SPDX-License-Identifier: Apache-2.0
import Foundation

/// How likely each point picks its neighbours (van der Maaten and Hinton 2008): a Gaussian around the point,
/// so wide that the choice has a given perplexity.
enum PerplexityRows {
    private static let mostSteps = 200
    /// How near the entropy comes to the logarithm of the perplexity.
    private static let tolerance = 1e-6

    /// The probabilities (N, K) of the neighbours of each point.
    static func probabilities(
        _ neighbours: NearestNeighbours, perplexity: Double
    ) -> [Double] {
        let width = neighbours.count
        return stride(from: 0, to: neighbours.distances.count, by: width).flatMap { start in
            row(neighbours.distances[start..<start + width].map { $0 * $0 }, log(perplexity))
        }
    }

    /// One row by squared distances, the smallest first. Where more points lie at one place than the perplexity, they
    /// share the row evenly: no width makes them fewer.
    private static func row(_ squares: [Double], _ target: Double) -> [Double] {
        // Distances beyond the nearest decide, in units of their mean; the rest cancels out.
        let nearest = squares.first ?? 0
        let mean = squares.reduce(0) { $0 + $1 - nearest } / Double(squares.count)
        let scaled = squares.map { mean > 0 ? ($0 - nearest) / mean : 0 }
        var (beta, low, high) = (1.0, 0.0, Double.infinity)
        var row: [Double] = []
        for _ in 0..<mostSteps {
            let weights = scaled.map { exp(-beta * $0) }
            let sum = weights.reduce(0, +)
            row = weights.map { $0 / sum }
            let entropy =
                log(sum) + beta * zip(scaled, row).reduce(0) { $0 + $1.0 * $1.1 }
            if abs(entropy - target) < tolerance { break }
            if entropy > target { low = beta } else { high = beta }
            beta = high.isFinite ? (low + high) / 2 : beta * 2
        }
        return row
    }
}
