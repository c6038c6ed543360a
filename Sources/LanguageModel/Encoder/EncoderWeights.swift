import Tensors
import WeightFiles

/// Reads the tensors of an encoder by their published names, with the checks that go with them.
struct EncoderTensors<Source: TensorSource> {
    let source: Source
    /// What stands before the names of the trunk: `bert.`, or nothing in a checkpoint without head.
    let prefix: String
    /// What its matrices are prepared for; nil for 32-bit floats row by row.
    let precision: Precision?

    /// Finds out whether the trunk's names have the architecture's prefix.
    init(_ source: Source, prefix: String, probe: String, precision: Precision?) {
        self.source = source
        self.precision = precision
        self.prefix = source.shape(of: prefix + probe) == nil ? "" : prefix
    }

    /// A tensor of the trunk.
    func tensor(_ name: String, _ shape: [Int]) throws(WeightFileError) -> Tensor {
        try source.tensor(prefix + name, shape: shape)
    }

    /// A matrix (out, in) of the trunk with its bias.
    func projection(
        _ name: String, _ out: Int, _ width: Int, bias: Bool = true
    ) throws(WeightFileError) -> Projection {
        try projections(name, [out], width, bias: bias)[0]
    }

    /// The matrices (out, in) that lie in one tensor, one after another, with their biases.
    func projections(
        _ name: String, _ heights: [Int], _ width: Int, bias: Bool
    ) throws(WeightFileError) -> [Projection] {
        let (name, out) = (prefix + name, heights.reduce(0, +))
        try source.check(name + ".weight", shape: [out, width])
        let reader = MatrixReader(source: source, precision: precision)
        let biases = bias ? try source.tensor(name + ".bias", shape: [out]) : nil
        var start = 0
        let ranges = heights.map { height in
            defer { start += height }
            return start..<start + height
        }
        let weights = try reader.matrices(name + ".weight", ranges)
        return zip(weights, ranges).map { weight, range in
            Projection(weight: weight, bias: biases?.part(range))
        }
    }

    /// A norm of the trunk; old checkpoints call weight and bias gamma and beta.
    func norm(
        _ name: String, _ width: Int, epsilon: Double, bias: Bool = true
    ) throws(WeightFileError) -> Norm {
        let isOld = source.shape(of: prefix + name + ".gamma") != nil
        return Norm(
            weight: try tensor(name + (isOld ? ".gamma" : ".weight"), [width]),
            bias: bias ? try tensor(name + (isOld ? ".beta" : ".bias"), [width]) : nil,
            epsilon: Float(epsilon))
    }

    /// The tensors of the head, whose names have no prefix.
    var head: EncoderTensors { EncoderTensors(source: source, prefix: "", precision: precision) }

    private init(source: Source, prefix: String, precision: Precision?) {
        (self.source, self.prefix, self.precision) = (source, prefix, precision)
    }
}

/// A layer norm with its weights.
struct Norm: Hashable, Sendable {
    var weight: Tensor
    var bias: Tensor?
    var epsilon: Float

    /// Normalises each row of `x` (T, C) where it is.
    func apply(_ x: inout Tensor) {
        LayerNorm.forwardInPlace(&x, weight: weight, bias: bias, epsilon: epsilon)
    }
}

/// The matrices of one layer.
struct EncoderLayer: Sendable {
    var query: Projection
    var key: Projection
    var value: Projection
    var output: Projection
    /// Norm beside attention: after it, or before it in ModernBERT, whose first layer has none.
    var attentionNorm: Norm?
    /// The matrix whose result passes the activation and multiplies that of `up`, in ModernBERT.
    var gate: Projection?
    var up: Projection
    var down: Projection
    /// Norm beside the feed-forward block: after it, or before it in ModernBERT.
    var feedForwardNorm: Norm
}
