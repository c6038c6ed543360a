import LanguageModel
import Tensors

/// Collects the tensors of a network by their published names, and says where each is found.
///
/// Beside frozen weights it collects only those of the changes of low rank to linear layers.
struct EncoderParameterList {
    private(set) var entries: [ParameterLayout.Entry] = []
    /// What stands before the names of the trunk.
    let prefix: String
    private let frozen: FrozenTrunk?

    init(
        prefix: String, after entries: [ParameterLayout.Entry] = [], frozen: FrozenTrunk? = nil
    ) {
        (self.prefix, self.entries, self.frozen) = (prefix, entries, frozen)
    }

    /// Adds a tensor that is trained in any case and gives its place.
    mutating func add(_ name: String, _ shape: [Int]) -> Int {
        entries.append(ParameterLayout.Entry(name: prefix + name, shape: shape))
        return entries.count - 1
    }

    /// Adds a matrix (out, in).
    mutating func matrix(_ name: String, _ out: Int, _ width: Int) -> MatrixReference {
        matrix(name, [out, width])
    }

    /// Adds a tensor of any dimensions as a matrix with a row for each of the first.
    mutating func matrix(_ name: String, _ shape: [Int]) -> MatrixReference {
        let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
        if let frozen {
            let tensor = frozen.tensor(prefix + name, shape: [rows, columns])
            return .frozen(WeightMatrix(tensor))
        }
        return .trained(add(name, shape), rows: 0..<rows, columns: columns)
    }

    /// Adds a vector.
    mutating func vector(_ name: String, _ count: Int) -> VectorReference {
        if let frozen { return .frozen(frozen.tensor(prefix + name, shape: [count])) }
        return .trained(add(name, [count]), 0..<count)
    }

    /// Adds a matrix (out, in) with its bias.
    mutating func linear(
        _ name: String, _ out: Int, _ width: Int, bias: Bool = true
    ) -> LinearReference {
        joined(name, [out], width, bias: bias)[0]
    }

    /// Adds one matrix (Σ out, in) that holds several, one below the other, with their biases.
    mutating func joined(
        _ name: String, _ heights: [Int], _ width: Int, bias: Bool
    ) -> [LinearReference] {
        let out = heights.reduce(0, +)
        let weight = matrix(name + ".weight", out, width)
        let biases = bias ? vector(name + ".bias", out) : nil
        let change = change(of: name, out, width)
        var first = 0
        return heights.map { height in
            let rows = first..<first + height
            first += height
            return LinearReference(
                weight.rows(rows), bias: biases.map { $0.range(rows) },
                adapter: change.map { $0.rows(rows) })
        }
    }

    /// Adds the change of low rank to a layer, where the adapter is to have one.
    private mutating func change(
        of name: String, _ out: Int, _ width: Int
    ) -> LowRankReference? {
        guard let frozen, frozen.changes(prefix + name) else { return nil }
        let rank = frozen.settings.rank
        func add(_ name: String, _ rows: Int, _ columns: Int) -> MatrixReference {
            entries.append(ParameterLayout.Entry(name: name, shape: [rows, columns]))
            return .trained(entries.count - 1, rows: 0..<rows, columns: columns)
        }
        return LowRankReference(
            down: add(Adapter.downName(prefix + name), rank, width),
            up: add(Adapter.upName(prefix + name), out, rank),
            scale: Float(frozen.settings.scale), dropout: Float(frozen.settings.dropout))
    }

    /// Adds a layer norm.
    mutating func norm(
        _ name: String, _ width: Int, epsilon: Double, bias: Bool = true
    ) -> NormReference {
        NormReference(
            gain: vector(name + ".weight", width),
            bias: bias ? vector(name + ".bias", width) : nil, epsilon: Float(epsilon))
    }
}

/// Where the weights of a layer norm are found.
struct NormReference: Sendable {
    let gain: VectorReference
    let bias: VectorReference?
    let epsilon: Float

    /// The norm of each row.
    func apply(_ x: TapeValue, _ tape: Tape) -> TapeValue {
        tape.layerNorm(x, gain: gain, bias: bias, epsilon: epsilon)
    }
}
