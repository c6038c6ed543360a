// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
package import Tensors

extension ParameterSet {
    /// Random weights as NCVC-slm-1 begins with (arXiv 2412.16423, section on the model).
    ///
    /// N(0, σ) with σ = √(2 / (5 · C)); the matrices whose results are added to the residual stream with σ / √(2 · L);
    /// the head Xavier normal; norm gains 1, biases 0.
    package init(randomFor configuration: DecoderConfiguration, seed: UInt64) {
        self.init(zeros: ParameterLayout(configuration))
        let (width, layers) = (Double(configuration.hiddenSize), configuration.numHiddenLayers)
        let sigma = (2 / (5 * width)).squareRoot()
        let intoResidual = sigma / Double(2 * layers).squareRoot()
        let head = (2 / (width + Double(configuration.vocabSize))).squareRoot()
        for (place, stored) in configuration.storedTensors.enumerated() {
            let deviation: Double
            switch stored.place {
            case .embedding: deviation = sigma
            case .head: deviation = head
            case .finalNorm: deviation = 0
            case .layer(_, let parts):
                deviation =
                    stored.shape.count < 2
                    ? 0 : parts.contains(where: \.isAddedToResidual) ? intoResidual : sigma
            }
            if deviation == 0 {
                let start: Float = stored.isBias ? 0 : 1 - configuration.normOffset
                tensors[place].values = [Float](repeating: start, count: tensors[place].count)
                continue
            }
            var generator = SplitMix64(seed: seed, stream: UInt64(place))
            tensors[place].values = (0..<tensors[place].count).map { _ in
                Float(deviation * generator.normal())
            }
        }
    }
}

extension LayerTensor {
    /// Whether the matrix's result is added to the residual stream.
    fileprivate var isAddedToResidual: Bool {
        switch self {
        case .output, .down, .expertDown: true
        default: false
        }
    }
}

extension StoredTensor {
    /// Whether it is the bias of a matrix.
    fileprivate var isBias: Bool {
        guard case .layer(_, let parts) = place, case .bias = parts.first else { return false }
        return true
    }
}
