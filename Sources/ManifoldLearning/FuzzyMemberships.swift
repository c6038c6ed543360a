// SPDX-License-Identifier: Apache-2.0
import Foundation

/// How surely each point's neighbours belong to it (McInnes et al. 2018, section 3.1): 1 for the nearest, and
/// less with distance so that all together are log₂ of the number of neighbours.
enum FuzzyMemberships {
    private static let mostSteps = 64
    private static let tolerance = 1e-5
    /// A row is at least so wide, in the mean distance of its neighbours, or of all.
    private static let narrowest = 1e-3

    /// The weights (N, K) of neighbours, of whom the point itself, which umap-learn counts, makes K + 1.
    static func weights(_ neighbours: NearestNeighbours) -> [Double] {
        let width = neighbours.count
        let overall =
            neighbours.distances.reduce(0, +) / Double(max(1, neighbours.distances.count))
        return stride(from: 0, to: neighbours.distances.count, by: width).flatMap { start in
            row(
                Array(neighbours.distances[start..<start + width]),
                log2(Double(width + 1)), overall: overall)
        }
    }

    private static func row(
        _ distances: [Double], _ target: Double, overall: Double
    ) -> [Double] {
        // Points at the same place are near without saying how near others are.
        let nearest = distances.first { $0 > 0 } ?? 0
        var (sigma, low, high) = (1.0, 0.0, Double.infinity)
        for _ in 0..<mostSteps {
            let sum = distances.reduce(0) { $0 + weight($1 - nearest, sigma) }
            if abs(sum - target) < tolerance { break }
            if sum > target { high = sigma } else { low = sigma }
            sigma = high.isFinite ? (low + high) / 2 : sigma * 2
        }
        let mean = distances.reduce(0, +) / Double(distances.count)
        sigma = max(sigma, narrowest * (nearest > 0 ? mean : overall))
        return distances.map { weight($0 - nearest, sigma) }
    }

    private static func weight(_ beyond: Double, _ sigma: Double) -> Double {
        beyond <= 0 || sigma == 0 ? 1 : exp(-beyond / sigma)
    }
}
