// SPDX-License-Identifier: Apache-2.0

/// A block of 256 elements in sixteen groups of 64 levels about 0, each with eight bits of the
/// block's scale: Q6_K.
///
/// Source of the layout: `quantize_row_q6_K_ref` in ggml's `ggml-quants.c`. The search is our own, as
/// that of `AffineBlock`.
struct SymmetricBlock {
    private var groups: [LevelFit]
    private var scales = [Int8](repeating: 0, count: 16)
    private var scale: Float = 0
    private var error = Float.infinity

    /// Searches for the block's numbers.
    init(_ x: UnsafeBufferPointer<Float>) {
        guard let start = x.baseAddress, x.count == 256 else {
            preconditionFailure("blocks of 256")
        }
        groups = (0..<16).map { LevelFit(start + 16 * $0, count: 16, levels: -32...31) }
        let fits = groups.map { $0.symmetric() }
        let furthest = fits.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
        var trial = self
        trial.scale = HalfPrecision.rounded(furthest / -128)
        guard trial.scale.isFinite else {
            scale = .infinity
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

    private mutating func round(to fits: [Float]?) {
        error = 0
        for (index, group) in groups.enumerated() {
            var centre = Int(scales[index])
            if let fit = fits?[index] {
                centre = scale == 0 ? 0 : Int(min(max(fit / scale, -128), 127).rounded())
            }
            var best = Float.infinity
            for s in max(-128, centre - 1)...min(127, centre + 1) {
                let error = group.error(scale: scale * Float(s), offset: 0)
                guard error < best else { continue }
                best = error
                scales[index] = Int8(s)
            }
            error += best
        }
    }

    /// Fits the block's scale to the levels that the groups have; false where nothing changes.
    private mutating func refit() -> Bool {
        var (squares, products) = (0.0, 0.0)
        for (index, group) in groups.enumerated() where scales[index] != 0 {
            let s = Double(scales[index])
            let sums = group.sums(inverse: 1 / (scale * Float(s)), offset: 0)
            squares += s * s * sums.squares
            products += s * sums.products
        }
        guard squares > 0 else { return false }
        let rounded = HalfPrecision.rounded(Float(products / squares))
        guard rounded != scale, rounded != 0, rounded.isFinite else { return false }
        scale = rounded
        return true
    }

    /// Writes 210 bytes; false where the scale is too large.
    func write(q6_K y: BlockBytes) -> Bool {
        let levels = [UInt8](unsafeUninitializedCapacity: 256) { bytes, count in
            for (index, group) in groups.enumerated() {
                guard let base = bytes.baseAddress else { return }
                group.store(
                    scale: scale * Float(scales[index]), offset: 0, to: base + 16 * index)
            }
            count = 256
        }
        for half in 0..<2 {
            for i in 0..<32 {
                let quarters = (0..<4).map { levels[half * 128 + $0 * 32 + i] }
                y[half * 64 + i] = quarters[0] & 15 | (quarters[2] & 15) << 4
                y[half * 64 + 32 + i] = quarters[1] & 15 | (quarters[3] & 15) << 4
                y[128 + half * 32 + i] =
                    quarters[0] >> 4 | (quarters[1] >> 4) << 2 | (quarters[2] >> 4) << 4
                    | (quarters[3] >> 4) << 6
            }
        }
        for i in 0..<16 { y[192 + i] = UInt8(bitPattern: scales[i]) }
        return y.store(half: scale, at: 208)
    }
}
