// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors

/// Collects the tensors of a network by their published names, and says where each part is found.
///
/// Beside frozen weights it collects only those of the changes of low rank (LoRA) to linear layers.
struct EncoderParameterList {
    private(set) var entries: [ParameterLayout.Entry] = []
    /// What stands before the names of a head, where there are several heads.
    private let prefix: String
    private let frozen: FrozenTrunk?
    private var matrices: [EncoderPart: MatrixReference] = [:]
    private var vectors: [EncoderPart: VectorReference] = [:]
    private var biases: [EncoderPart: VectorReference] = [:]
    private var changes: [EncoderPart: LowRankReference] = [:]

    init(
        prefix: String = "", after entries: [ParameterLayout.Entry] = [],
        frozen: FrozenTrunk? = nil
    ) {
        (self.prefix, self.entries, self.frozen) = (prefix, entries, frozen)
    }

    /// Adds a tensor that is trained in any case and gives its place.
    mutating func add(_ name: String, _ shape: [Int]) -> Int {
        entries.append(ParameterLayout.Entry(name: prefix + name, shape: shape))
        return entries.count - 1
    }

    /// Adds a linear layer (out, in) that is trained in any case.
    mutating func linear(
        _ name: String, _ out: Int, _ width: Int, bias: Bool
    ) -> LinearReference {
        let weight = add(name + ".weight", [out, width])
        return LinearReference(
            .trained(weight, rows: 0..<out, columns: width),
            bias: bias ? .trained(add(name + ".bias", [out]), 0..<out) : nil)
    }

    /// Adds the tensors of a list, in its order.
    mutating func add(_ tensors: [EncoderTensor]) {
        for tensor in tensors {
            if tensor.shape.count == 1 {
                let vector = vector(tensor)
                for (part, rows) in tensor.rowsOfParts {
                    if tensor.isBias {
                        biases[part] = vector.range(rows)
                    } else {
                        vectors[part] = vector.range(rows)
                    }
                }
            } else {
                let matrix = matrix(tensor)
                for (part, rows) in tensor.rowsOfParts { matrices[part] = matrix.rows(rows) }
                if tensor.isLinear { addChange(to: tensor) }
            }
        }
    }

    /// A tensor of any dimensions as a matrix with a row for each of the first.
    private mutating func matrix(_ tensor: EncoderTensor) -> MatrixReference {
        let rows = tensor.shape.first ?? 0
        let columns = tensor.shape.dropFirst().reduce(1, *)
        if let frozen {
            return .frozen(WeightMatrix(frozen.tensor(tensor.name, shape: [rows, columns])))
        }
        return .trained(add(tensor.name, tensor.shape), rows: 0..<rows, columns: columns)
    }

    private mutating func vector(_ tensor: EncoderTensor) -> VectorReference {
        if let frozen { return .frozen(frozen.tensor(tensor.name, shape: tensor.shape)) }
        return .trained(add(tensor.name, tensor.shape), 0..<tensor.shape.reduce(1, *))
    }

    /// Adds the change of low rank to a linear layer, where the adapter is to have one.
    private mutating func addChange(to tensor: EncoderTensor) {
        guard let frozen, frozen.changes(tensor.module) else { return }
        let (settings, module) = (frozen.settings, tensor.module)
        func add(_ name: String, _ rows: Int, _ columns: Int) -> MatrixReference {
            entries.append(ParameterLayout.Entry(name: name, shape: [rows, columns]))
            return .trained(entries.count - 1, rows: 0..<rows, columns: columns)
        }
        let change = LowRankReference(
            down: add(Adapter.downName(module), settings.rank, tensor.shape[1]),
            up: add(Adapter.upName(module), tensor.shape[0], settings.rank),
            scale: Float(settings.scale), dropout: Float(settings.dropout))
        for (part, rows) in tensor.rowsOfParts { changes[part] = change.rows(rows) }
    }

    // MARK: Parts

    /// A matrix whose rows are looked up.
    func table(_ part: EncoderPart) -> MatrixReference? { matrices[part] }

    /// A layer norm.
    func norm(_ part: EncoderPart, epsilon: Double) -> NormReference? {
        vectors[part].map {
            NormReference(gain: $0, bias: biases[part], epsilon: Float(epsilon))
        }
    }

    /// A linear layer.
    func linear(_ part: EncoderPart) -> LinearReference? {
        matrices[part].map {
            LinearReference($0, bias: biases[part], adapter: changes[part])
        }
    }

    /// The matrix of masked tokens, or the word embedding where that serves, with its bias.
    func decoder(tiedTo words: MatrixReference) -> LinearReference {
        LinearReference(matrices[.decoder] ?? words, bias: biases[.decoder])
    }
}
