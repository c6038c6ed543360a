import Tensors

extension DecoderParameters {
    /// Random weights as NCVC-slm-1 begins with (arXiv 2412.16423, section on the model).
    ///
    /// N(0, σ) with σ = √(2 / (5 · C)); output projections with σ / √(2 · L); the head Xavier normal;
    /// norm gains 1.
    package init(randomFor shape: NetworkShape, seed: UInt64) {
        let layout = ParameterLayout(shape)
        self.init(zeros: layout)
        let sigma = (2 / (5 * Double(shape.hidden))).squareRoot()
        let intoResidual = sigma / Double(2 * shape.layers).squareRoot()
        let head = (2 / Double(shape.hidden + shape.vocabulary)).squareRoot()
        for (place, entry) in layout.entries.enumerated() {
            guard entry.shape.count == 2 else {
                tensors[place].values = [Float](repeating: 1, count: tensors[place].count)
                continue
            }
            let deviation =
                if entry.name == "lm_head.weight" {
                    head
                } else if entry.name.hasSuffix("o_proj.weight")
                    || entry.name.hasSuffix("down_proj.weight")
                { intoResidual } else { sigma }
            var generator = SplitMix64(seed: seed, stream: UInt64(place))
            tensors[place].values = (0..<tensors[place].count).map { _ in
                Float(deviation * generator.normal())
            }
        }
    }
}
