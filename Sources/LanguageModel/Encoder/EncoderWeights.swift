// SPDX-License-Identifier: Apache-2.0
import Tensors
package import WeightFiles

/// The weights of an encoder below its head.
typealias EncoderWeights = EncoderStack<Tensor, LayerNormWeights, Projection>

/// The weights of an encoder's layer.
typealias EncoderLayerWeights = EncoderLayer<LayerNormWeights, Projection>

/// The weights of an encoder's own head.
typealias EncoderHead = ModelHead<LayerNormWeights, Projection>

/// A layer norm with its weights.
struct LayerNormWeights: Hashable, Sendable {
    /// Gain (C).
    let gain: Tensor
    /// Bias (C), or nil.
    let bias: Tensor?
    /// What is added to the variance before the root.
    let epsilon: Float

    /// Normalises each row of `x` (T, C) where it is.
    func apply(_ x: inout Tensor) {
        LayerNorm.forwardInPlace(&x, weight: gain, bias: bias, epsilon: epsilon)
    }
}

/// The tensors of an encoder as a checkpoint holds them, by what they are for.
struct LoadedEncoderTensors {
    private var tensors: [EncoderPart: Tensor] = [:]
    private var matrices: [EncoderPart: WeightMatrix] = [:]
    private var biases: [EncoderPart: Tensor] = [:]
    private let epsilon: Float

    /// Reads tensors under the names that the checkpoint has for them; every shape is checked before
    /// the first element is read. Linear layers have the precision of `DecoderWeights`.
    init(
        _ list: [EncoderTensor], from source: some TensorSource,
        _ configuration: EncoderConfiguration, precision: Precision?
    ) throws(WeightFileError) {
        epsilon = Float(configuration.layerNormEps)
        let prefix = configuration.architecture.trunkPrefix
        let names = list.map { source.storedName(of: $0.name, prefix: prefix) ?? $0.name }
        for (tensor, name) in zip(list, names) { try source.check(name, shape: tensor.shape) }
        let reader = MatrixReader(source: source, precision: precision)
        for (tensor, name) in zip(list, names) {
            let rows = tensor.rowsOfParts
            if tensor.isLinear {
                let found = try reader.matrices(name, rows.map(\.rows))
                for (row, matrix) in zip(rows, found) { matrices[row.part] = matrix }
            } else {
                let found = try source.tensor(name)
                for row in rows {
                    if tensor.isBias {
                        biases[row.part] = found.part(row.rows)
                    } else {
                        tensors[row.part] = found.part(row.rows)
                    }
                }
            }
        }
    }

    /// A tensor whose rows are looked up.
    func table(_ part: EncoderPart) -> Tensor? { tensors[part] }

    /// A norm.
    func norm(_ part: EncoderPart) -> LayerNormWeights? {
        tensors[part].map { LayerNormWeights(gain: $0, bias: biases[part], epsilon: epsilon) }
    }

    /// A linear layer, or a tensor of more dimensions with a row for each of the first.
    func linear(_ part: EncoderPart) -> Projection? {
        if let matrix = matrices[part] { return Projection(weight: matrix, bias: biases[part]) }
        return tensors[part].map { tensor in
            let rows = tensor.shape.first ?? 0
            let flat = Tensor(
                shape: [rows, tensor.count / max(1, rows)], values: tensor.values)
            return Projection(weight: flat, bias: biases[part])
        }
    }

    /// The matrix of masked tokens, or the word embedding where that serves, with its bias.
    func decoder(tiedTo words: Tensor) -> Projection {
        Projection(weight: tensors[.decoder] ?? words, bias: biases[.decoder])
    }
}

extension TensorSource {
    /// The name under which a checkpoint stores a tensor: with or without the trunk's prefix, which
    /// those without a head leave out, and in old files with gamma and beta for weight and bias of a
    /// norm; nil where it is not there.
    package func storedName(of name: String, prefix: String) -> String? {
        var names = [name]
        if !prefix.isEmpty, name.hasPrefix(prefix) {
            names.append(String(name.dropFirst(prefix.count)))
        }
        for name in names {
            for (new, old) in [("orm.weight", "gamma"), ("orm.bias", "beta")]
            where name.hasSuffix(new) {
                names.append(name.dropLast(new.count) + "orm." + old)
            }
        }
        return names.first { shape(of: $0) != nil }
    }
}
