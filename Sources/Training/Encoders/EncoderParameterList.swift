import LanguageModel
import Tensors

/// Collects the tensors of a network by their published names, and says where each is found.
struct EncoderParameterList {
    private(set) var entries: [ParameterLayout.Entry] = []
    /// What stands before the names of the trunk.
    let prefix: String

    init(prefix: String, after entries: [ParameterLayout.Entry] = []) {
        (self.prefix, self.entries) = (prefix, entries)
    }

    /// Adds a tensor and gives its place.
    mutating func add(_ name: String, _ shape: [Int]) -> Int {
        entries.append(ParameterLayout.Entry(name: prefix + name, shape: shape))
        return entries.count - 1
    }

    /// Adds a matrix (out, in).
    mutating func matrix(_ name: String, _ out: Int, _ width: Int) -> MatrixReference {
        .trained(add(name, [out, width]), rows: 0..<out, columns: width)
    }

    /// Adds a vector.
    mutating func vector(_ name: String, _ count: Int) -> VectorReference {
        .trained(add(name, [count]), 0..<count)
    }

    /// Adds a matrix (out, in) with its bias.
    mutating func linear(
        _ name: String, _ out: Int, _ width: Int, bias: Bool = true
    ) -> LinearReference {
        let weight = matrix(name + ".weight", out, width)
        return LinearReference(weight, bias: bias ? vector(name + ".bias", out) : nil)
    }

    /// Adds one matrix (Σ out, in) that holds several, one below the other, with their biases.
    mutating func joined(
        _ name: String, _ heights: [Int], _ width: Int, bias: Bool
    ) -> [LinearReference] {
        let out = heights.reduce(0, +)
        let weight = add(name + ".weight", [out, width])
        let biases = bias ? add(name + ".bias", [out]) : nil
        var first = 0
        return heights.map { height in
            let rows = first..<first + height
            first += height
            return LinearReference(
                .trained(weight, rows: rows, columns: width),
                bias: biases.map { .trained($0, rows) })
        }
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
