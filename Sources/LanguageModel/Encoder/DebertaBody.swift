// SPDX-License-Identifier: Apache-2.0
import Tensors

/// DeBERTa-v2 (He et al. 2021, arXiv 2111.09543): distances enter attention only, seen from the
/// query and from the key; a convolution stands beside the first layer.
struct DebertaBody: EncoderBody {
    private let configuration: EncoderConfiguration
    private let settings: DebertaSettings
    private let weights: EncoderWeights
    private let distances: Tensor  // (2 · buckets, C)
    private let convolution: Convolution?

    /// A convolution over tokens with its norm.
    private struct Convolution {
        /// One matrix (C, C) for each of the tokens that it sees, the leftmost first.
        let weights: [Tensor]
        let bias: Tensor
        let norm: LayerNormWeights

        /// One whose stored matrix (C, C · width) has the tokens innermost.
        init(_ dense: Projection, norm: LayerNormWeights, width: Int) {
            let stored = dense.weight.tensor
            weights = (0..<width).map { place in
                Tensor(
                    shape: [stored.rows, stored.columns / width],
                    values: stride(from: place, to: stored.count, by: width).map {
                        stored.values[$0]
                    })
            }
            bias = EncoderPart.found(dense.bias)
            self.norm = norm
        }
    }

    /// The computation over the weights of a configuration with these settings.
    init(
        _ configuration: EncoderConfiguration, _ settings: DebertaSettings,
        _ weights: EncoderWeights
    ) {
        (self.configuration, self.settings, self.weights) = (configuration, settings, weights)
        var distances = EncoderPart.found(weights.distances)
        weights.distanceNorm?.apply(&distances)
        self.distances = distances
        convolution = weights.convolution.flatMap { dense in
            weights.convolutionNorm.map {
                Convolution(dense, norm: $0, width: settings.convolutionWidth)
            }
        }
    }

    func states(
        _ ids: [Int32], types: [Int32], segments: Segments, _ observer: (Int, Tensor) -> Void
    ) -> Tensor {
        var x = Tensor(zeros: [ids.count, configuration.hiddenSize])
        ElementWise.gatherRows(weights.words, ids: ids, into: &x)
        weights.positions?.addRows(segments.positions.map { Int32($0) }, to: &x)
        weights.types?.addRows(types, to: &x)
        weights.embeddingNorm.apply(&x)
        let embedded = x
        for (index, layer) in weights.layers.enumerated() {
            observer(index, x)
            ElementWise.add(attend(layer, x, segments), to: &x)
            layer.attentionNorm?.apply(&x)
            BERTBody.feedForward(layer, configuration.activation, &x)
            if index == 0, let convolution {
                var added = convolve(embedded, convolution, segments)
                if let activation = settings.convolutionActivation {
                    activation.apply(&added)
                } else {
                    ElementWise.tanhInPlace(&added)
                }
                ElementWise.add(added, to: &x)
                convolution.norm.apply(&x)
            }
        }
        return x
    }

    // MARK: Attention

    private func attend(_ layer: EncoderLayerWeights, _ x: Tensor, _ segments: Segments) -> Tensor {
        var (q, k, v) = (Tensor(zeros: x.shape), Tensor(zeros: x.shape), Tensor(zeros: x.shape))
        layer.query.apply(x, into: &q)
        layer.key.apply(x, into: &k)
        layer.value.apply(x, into: &v)
        // What a key and a query make of each distance.
        var positionKeys = Tensor(zeros: distances.shape)
        var positionQueries = positionKeys
        layer.key.apply(distances, into: &positionKeys)
        layer.query.apply(distances, into: &positionQueries)
        let longest = segments.ranges.lazy.map(\.count).max() ?? 0
        let buckets = (0...2 * max(0, longest - 1)).map {
            settings.bucket(ofDistance: $0 - (longest - 1))
        }
        let heads = configuration.numAttentionHeads
        let pieces = segments.ranges.filter { !$0.isEmpty }.flatMap { rows in
            (0..<heads).map { (rows, $0) }
        }
        let results = ComputeThreads.map(pieces.count) { index in
            let (rows, head) = pieces[index]
            return attendHead(
                q.block(rows, head: head, of: heads), k.block(rows, head: head, of: heads),
                v.block(rows, head: head, of: heads),
                positionKeys.block(0..<distances.rows, head: head, of: heads),
                positionQueries.block(0..<distances.rows, head: head, of: heads)
            ) { buckets[$0 + longest - 1] }
        }
        var attended = Tensor(zeros: x.shape)
        for (piece, result) in zip(pieces, results) {
            attended.setBlock(result, rows: piece.0, head: piece.1, of: heads)
        }
        var output = Tensor(zeros: x.shape)
        layer.output.apply(attended, into: &output)
        return output
    }

    /// One head over one text: softmax((q kᵀ + q · Kᵣ + k · Qᵣ) / sqrt(terms · D)) v.
    private func attendHead(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, _ positionKeys: Tensor, _ positionQueries: Tensor,
        bucketOfDistance: (Int) -> Int
    ) -> Tensor {
        let count = q.rows
        let terms =
            1 + (settings.contentToPosition ? 1 : 0) + (settings.positionToContent ? 1 : 0)
        var scores = MatrixProduct.product(q, k, transposeB: true)
        let width = positionKeys.rows
        let forQueries = MatrixProduct.product(q, positionKeys, transposeB: true)
        let forKeys = MatrixProduct.product(k, positionQueries, transposeB: true)
        let scale = 1 / Float(terms * configuration.headDim).squareRoot()
        for i in 0..<count {
            for j in 0..<count {
                let place = bucketOfDistance(i - j)
                var score = scores.values[i * count + j]
                if settings.contentToPosition { score += forQueries.values[i * width + place] }
                if settings.positionToContent { score += forKeys.values[j * width + place] }
                scores.values[i * count + j] = score * scale
            }
        }
        ElementWise.softmaxRows(&scores)
        return MatrixProduct.product(scores, v)
    }

    // MARK: Convolution

    /// Σ over the tokens around, zeros beyond a text's ends.
    private func convolve(
        _ x: Tensor, _ convolution: Convolution, _ segments: Segments
    ) -> Tensor {
        var result = Tensor(zeros: x.shape)
        let reach = convolution.weights.count / 2
        for (place, weight) in convolution.weights.enumerated() {
            let product = MatrixProduct.product(x, weight, transposeB: true)
            let shift = place - reach
            for rows in segments.ranges {
                for row in rows where rows.contains(row + shift) {
                    let (to, from) = (row * x.columns, (row + shift) * x.columns)
                    for column in 0..<x.columns {
                        result.values[to + column] += product.values[from + column]
                    }
                }
            }
        }
        ElementWise.addToRows(convolution.bias, of: &result)
        return result
    }
}

extension Tensor {
    /// The columns of one head in some rows, as a matrix of their own.
    fileprivate func block(_ rows: Range<Int>, head: Int, of heads: Int) -> Tensor {
        let width = columns / heads
        var values: [Float] = []
        values.reserveCapacity(rows.count * width)
        for row in rows {
            let start = row * columns + head * width
            values += self.values[start..<start + width]
        }
        return Tensor(shape: [rows.count, width], values: values)
    }

    /// Writes the columns of one head in some rows.
    fileprivate mutating func setBlock(
        _ block: Tensor, rows: Range<Int>, head: Int, of heads: Int
    ) {
        let width = columns / heads
        for (index, row) in rows.enumerated() {
            let start = row * columns + head * width
            values.replaceSubrange(
                start..<start + width, with: block.values[index * width..<(index + 1) * width])
        }
    }
}
