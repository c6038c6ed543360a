// SPDX-License-Identifier: Apache-2.0

/// A block of 256 elements in eight groups with a scale and a minimum each, which are six bits of a
/// scale and a minimum of the block: Q4_K and Q5_K.
///
/// Source of the layout: `quantize_row_q4_K_ref` in ggml's `ggml-quants.c`. The search is our own: the
/// groups' numbers are fitted alone, rounded to six bits with a look at their neighbours, and the block's
/// two numbers fitted again to what came out.
struct AffineBlock {
    private var groups: [LevelFit]
    /// Six bits for each group.
    private var scales = [UInt8](repeating: 0, count: 8)
    private var minimums = [UInt8](repeating: 0, count: 8)
    /// The block's own numbers, as 16-bit floats hold them.
    private var scale: Float = 0
    private var minimum: Float = 0
    private var error = Float.infinity

    /// Searches for the block's numbers; `top` is the highest level.
    init(_ x: UnsafeBufferPointer<Float>, top: Float) {
        guard let start = x.baseAddress, x.count == 256 else {
            preconditionFailure("blocks of 256")
        }
        groups = (0..<8).map { LevelFit(start + 32 * $0, count: 32, levels: 0...top) }
        let fits = groups.map { $0.affine() }
        let widest = fits.reduce(0) { max($0, $1.scale) }
        let deepest = fits.reduce(0) { max($0, $1.minimum) }
        var trial = self
        trial.scale = HalfPrecision.rounded(widest / 63)
        trial.minimum = HalfPrecision.rounded(deepest / 63)
        guard trial.scale.isFinite, trial.minimum.isFinite else {
            (scale, minimum) = (.infinity, .infinity)
            return
        }
        trial.round(to: fits)
        self = trial
        for _ in 0..<2 {
            guard trial.refit() else { break }
            trial.round(to: nil)
            guard trial.error < error else { break }
            self = trial
        }
    }

    /// Chooses each group's six bits: those nearest to a fit, or those there are, or a neighbour.
    private mutating func round(to fits: [(scale: Float, minimum: Float)]?) {
        error = 0
        for (index, group) in groups.enumerated() {
            var centre = (scale: Int(scales[index]), minimum: Int(minimums[index]))
            if let fit = fits?[index] {
                centre = (Self.sixBits(fit.scale, scale), Self.sixBits(fit.minimum, minimum))
            }
            var best = Float.infinity
            for s in max(0, centre.scale - 1)...min(63, centre.scale + 1) {
                for m in max(0, centre.minimum - 1)...min(63, centre.minimum + 1) {
                    let error = group.error(
                        scale: scale * Float(s), offset: -(minimum * Float(m)))
                    guard error < best else { continue }
                    best = error
                    (scales[index], minimums[index]) = (UInt8(s), UInt8(m))
                }
            }
            error += best
        }
    }

    private static func sixBits(_ value: Float, _ unit: Float) -> Int {
        unit > 0 ? Int(min(value / unit, 63).rounded()) : 0
    }

    /// Fits the block's two numbers to the levels that the groups have; false where nothing changes.
    private mutating func refit() -> Bool {
        var (uu, uv, vv, ux, vx) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (index, group) in groups.enumerated() {
            let (s, m) = (Double(scales[index]), Double(minimums[index]))
            guard s > 0 else { continue }
            let sums = group.sums(
                inverse: 1 / (scale * Float(s)), offset: -(minimum * Float(m)))
            uu += s * s * sums.squares
            uv -= s * m * sums.levels
            vv += m * m * Double(group.count)
            ux += s * sums.products
            vx -= m * group.sum
        }
        let determinant = uu * vv - uv * uv
        var fitted = (scale: Float(0), minimum: minimum)
        if determinant > 1e-9 * uu * vv {
            fitted.scale = Float((ux * vv - vx * uv) / determinant)
            fitted.minimum = Float((uu * vx - uv * ux) / determinant)
        } else if uu > 0, vv == 0 {
            fitted.scale = Float(ux / uu)
        }
        let rounded = (HalfPrecision.rounded(fitted.scale), HalfPrecision.rounded(fitted.minimum))
        guard rounded.0 > 0, rounded.1 >= 0, rounded != (scale, minimum), rounded.0.isFinite,
            rounded.1.isFinite
        else { return false }
        (scale, minimum) = rounded
        return true
    }
}

extension AffineBlock {
    /// Writes 144 bytes; false where the numbers are too large.
    func write(q4_K y: BlockBytes) -> Bool {
        let levels = self.levels
        for i in 0..<128 {
            let at = i / 32 * 64 + i % 32
            y[16 + i] = levels[at] | levels[at + 32] << 4
        }
        return writeHead(y)
    }

    /// Writes 176 bytes; false where the numbers are too large.
    func write(q5_K y: BlockBytes) -> Bool {
        let levels = self.levels
        for i in 0..<32 {
            y[16 + i] = (0..<8).reduce(0) { $0 | (levels[$1 * 32 + i] >> 4) << UInt8($1) }
        }
        for i in 0..<128 {
            let at = i / 32 * 64 + i % 32
            y[48 + i] = levels[at] & 15 | (levels[at + 32] & 15) << 4
        }
        return writeHead(y)
    }

    private var levels: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 256) { bytes, count in
            for (index, group) in groups.enumerated() {
                guard let base = bytes.baseAddress else { return }
                group.store(
                    scale: scale * Float(scales[index]),
                    offset: -(minimum * Float(minimums[index])), to: base + 32 * index)
            }
            count = 256
        }
    }

    /// The block's numbers, then twelve bytes with six bits of each group's.
    private func writeHead(_ y: BlockBytes) -> Bool {
        for i in 0..<4 {
            y[4 + i] = scales[i] | (scales[i + 4] >> 4) << 6
            y[8 + i] = minimums[i] | (minimums[i + 4] >> 4) << 6
            y[12 + i] = scales[i + 4] & 15 | (minimums[i + 4] & 15) << 4
        }
        let hasScale = y.store(half: scale, at: 0)
        return y.store(half: minimum, at: 2) && hasScale
    }
}
