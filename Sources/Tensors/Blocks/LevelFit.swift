// SPDX-License-Identifier: Apache-2.0
import Kernels

/// How well whole levels fit some values, and the best line through them.
///
/// Fits are by least squares, every element weighing the same: what is made small is the mean square
/// of the error, not (as in ggml's reference search) one in which large elements weigh more.
struct LevelFit {
    let start: UnsafePointer<Float>
    let count: Int
    let levels: ClosedRange<Float>
    let largest: Float
    let smallest: Float
    let sum: Double
    let squares: Double

    /// Values, a multiple of sixteen, and the levels that they may have.
    init(_ start: UnsafePointer<Float>, count: Int, levels: ClosedRange<Float>) {
        (self.start, self.count, self.levels) = (start, count, levels)
        var range: (Float, Float, Float, Float) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &range) {
            shoken_level_range(
                start, Int64(count), $0.assumingMemoryBound(to: Float.self).baseAddress)
        }
        (largest, smallest) = (range.0, range.1)
        (sum, squares) = (Double(range.2), Double(range.3))
    }

    /// Sums over the levels that a scale and an offset give.
    struct Sums {
        var levels: Double
        var squares: Double
        var products: Double
    }

    func sums(inverse: Float, offset: Float) -> Sums {
        var sums: (Float, Float, Float) = (0, 0, 0)
        withUnsafeMutableBytes(of: &sums) {
            shoken_level_sums(
                start, Int64(count), inverse, offset, levels.lowerBound, levels.upperBound,
                $0.assumingMemoryBound(to: Float.self).baseAddress)
        }
        return Sums(
            levels: Double(sums.0), squares: Double(sums.1), products: Double(sums.2))
    }

    /// The sum of squared errors of scale · level + offset.
    func error(scale: Float, offset: Float) -> Float {
        shoken_level_error(
            start, Int64(count), scale, offset, levels.lowerBound, levels.upperBound)
    }

    /// Writes the levels, the lowest as 0.
    func store(scale: Float, offset: Float, to bytes: UnsafeMutablePointer<UInt8>) {
        shoken_levels(
            start, Int64(count), scale == 0 ? 0 : 1 / scale, offset, levels.lowerBound,
            levels.upperBound, bytes)
    }
}

extension LevelFit {
    /// Scale and minimum, both at least 0, of scale · level − minimum.
    ///
    /// Tries ranges of levels somewhat shorter and longer than from the smallest to the largest
    /// value, as ggml's `make_qkx2_quants` does; the best of them is then rounded and fitted again
    /// until that does not help.
    func affine() -> (scale: Float, minimum: Float) {
        let lowest = min(smallest, 0)
        let width = largest - lowest
        guard width > Self.smallestWidth else { return (0, -lowest) }
        var best = (scale: width / levels.upperBound, minimum: -lowest)
        var bestGain = -Double.infinity
        for step in 0...20 {
            let inverse = (levels.upperBound - 1 + 0.1 * Float(step)) / width
            let fit = affine(sums(inverse: inverse, offset: lowest))
            if fit.gain > bestGain { (best, bestGain) = ((fit.scale, fit.minimum), fit.gain) }
        }
        for _ in 0..<3 where best.scale > 0 {
            let fit = affine(sums(inverse: 1 / best.scale, offset: -best.minimum))
            guard fit.gain > bestGain else { break }
            (best, bestGain) = ((fit.scale, fit.minimum), fit.gain)
        }
        return best
    }

    /// The line through levels that were chosen, and what it takes off the sum of squares.
    private func affine(_ sums: Sums) -> (scale: Float, minimum: Float, gain: Double) {
        let determinant = Double(count) * sums.squares - sums.levels * sums.levels
        guard determinant > 0 else { return (0, 0, -.infinity) }
        let scale = (Double(count) * sums.products - sum * sums.levels) / determinant
        let offset = (sums.squares * sum - sums.levels * sums.products) / determinant
        guard offset > 0 || scale <= 0 else {
            return (Float(scale), Float(-offset), scale * sums.products + offset * sum)
        }
        // A minimum above 0 cannot be stored: the line goes through 0.
        let slope = max(0, sums.products / sums.squares)
        return (Float(slope), 0, slope * sums.products)
    }

    /// The scale of scale · level, of either sign.
    ///
    /// As ggml's `make_qx_quants`: the value furthest from 0 gets the lowest level, or somewhat more
    /// or less.
    func symmetric() -> Float {
        let furthest = largest > -smallest ? largest : smallest
        guard abs(furthest) > Self.smallestWidth else { return 0 }
        var (best, bestGain) = (Float(0), -Double.infinity)
        func consider(_ inverse: Float) -> Bool {
            let sums = sums(inverse: inverse, offset: 0)
            guard sums.squares > 0 else { return false }
            let gain = sums.products * sums.products / sums.squares
            guard gain > bestGain else { return false }
            (best, bestGain) = (Float(sums.products / sums.squares), gain)
            return true
        }
        for step in -9...9 {
            _ = consider((levels.lowerBound + 0.1 * Float(step)) / furthest)
        }
        for _ in 0..<3 where best != 0 {
            guard consider(1 / best) else { break }
        }
        return best
    }

    /// Below this, values count as 0: a 16-bit scale could not tell them apart.
    private static let smallestWidth: Float = 1e-15
}
