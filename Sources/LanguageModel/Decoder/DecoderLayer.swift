// SPDX-License-Identifier: Apache-2.0

/// The parts of a decoder's layer: weights to compute with, or where training finds them.
///
/// Letters: C model width, H and G query and key heads of D elements, F feed-forward width.
package struct DecoderLayer<Vector, Linear> {
    /// Norm before attention (C).
    package var inputNorm: Vector
    /// Query projection (H · D, C).
    package var query: Linear
    /// Key projection (G · D, C).
    package var key: Linear
    /// Value projection (G · D, C).
    package var value: Linear
    /// Projection after attention (C, H · D).
    package var output: Linear
    /// Norm of each query head (D), or nil.
    package var queryNorm: Vector?
    /// Norm of each key head (D), or nil.
    package var keyNorm: Vector?
    /// Norm of what attention adds (C), or nil.
    package var attentionOutputNorm: Vector?
    /// Norm before the feed-forward block (C).
    package var feedForwardNorm: Vector
    /// The feed-forward block.
    package var feedForward: FeedForward<Linear>
    /// Norm of what the feed-forward block adds (C), or nil.
    package var feedForwardOutputNorm: Vector?
}

/// The matrices of a feed-forward block.
package enum FeedForward<Linear> {
    /// down · act(up · x); up is (F, C), down (C, F).
    case plain(up: Linear, down: Linear)
    /// down · (act(gate · x) ∘ up · x).
    case gated(GatedBlock<Linear>)
    /// The router (experts, C) and the experts.
    case experts(router: Linear, [GatedBlock<Linear>])
}

/// A gated feed-forward block, alone or as an expert.
package struct GatedBlock<Linear> {
    /// The matrix whose result passes the activation (F, C).
    package var gate: Linear
    /// The matrix beside it (F, C).
    package var up: Linear
    /// The last matrix (C, F).
    package var down: Linear
}

extension DecoderLayer: Sendable where Vector: Sendable, Linear: Sendable {}
extension FeedForward: Sendable where Linear: Sendable {}
extension GatedBlock: Sendable where Linear: Sendable {}

extension DecoderLayer {
    /// The layer of parts that are all there, as `storedTensors` lists them.
    package init(
        _ configuration: DecoderConfiguration, vector: (LayerTensor) -> Vector?,
        linear: (LayerTensor) -> Linear?
    ) {
        func found<Part>(_ part: Part?) -> Part {
            guard let part else {
                preconditionFailure("a layer has every tensor of its configuration")
            }
            return part
        }
        func matrix(_ name: LayerTensor) -> Linear { found(linear(name)) }
        inputNorm = found(vector(.inputNorm))
        (query, key, value) = (matrix(.query), matrix(.key), matrix(.value))
        output = matrix(.output)
        (queryNorm, keyNorm) = (vector(.queryNorm), vector(.keyNorm))
        attentionOutputNorm = vector(.attentionOutputNorm)
        feedForwardNorm = found(vector(.feedForwardNorm))
        feedForwardOutputNorm = vector(.feedForwardOutputNorm)
        switch configuration.feedForward {
        case .plain: feedForward = .plain(up: matrix(.up), down: matrix(.down))
        case .gated:
            feedForward = .gated(
                GatedBlock(gate: matrix(.gate), up: matrix(.up), down: matrix(.down)))
        case .experts(let count, _):
            feedForward = .experts(
                router: matrix(.router),
                (0..<count).map {
                    GatedBlock(
                        gate: matrix(.expertGate($0)), up: matrix(.expertUp($0)),
                        down: matrix(.expertDown($0)))
                })
        }
    }

    /// All linear layers, in the order of the computation.
    var linears: [Linear] {
        let block: [Linear] =
            switch feedForward {
            case .plain(let up, let down): [up, down]
            case .gated(let block): [block.gate, block.up, block.down]
            case .experts(let router, let experts):
                [router] + experts.flatMap { [$0.gate, $0.up, $0.down] }
            }
        return [query, key, value, output] + block
    }

    /// One of the linear layers, or nil where there is none of the kind.
    func linear(_ tensor: LayerTensor) -> Linear? {
        switch (tensor, feedForward) {
        case (.query, _): query
        case (.key, _): key
        case (.value, _): value
        case (.output, _): output
        case (.up, .plain(let up, _)): up
        case (.down, .plain(_, let down)): down
        case (.gate, .gated(let block)): block.gate
        case (.up, .gated(let block)): block.up
        case (.down, .gated(let block)): block.down
        case (.router, .experts(let router, _)): router
        case (.expertGate(let index), .experts(_, let experts)): experts[index].gate
        case (.expertUp(let index), .experts(_, let experts)): experts[index].up
        case (.expertDown(let index), .experts(_, let experts)): experts[index].down
        default: nil
        }
    }

    /// One of the norms, or nil where there is none of the kind.
    func norm(_ tensor: LayerTensor) -> Vector? {
        switch tensor {
        case .inputNorm: inputNorm
        case .queryNorm: queryNorm
        case .keyNorm: keyNorm
        case .attentionOutputNorm: attentionOutputNorm
        case .feedForwardNorm: feedForwardNorm
        case .feedForwardOutputNorm: feedForwardOutputNorm
        default: nil
        }
    }

    /// Changes one of the linear layers; nothing where there is none of the kind.
    package mutating func update(_ tensor: LayerTensor, _ body: (inout Linear) -> Void) {
        switch tensor {
        case .query: body(&query)
        case .key: body(&key)
        case .value: body(&value)
        case .output: body(&output)
        default: feedForward.update(tensor, body)
        }
    }

    /// The same layer with every linear layer changed.
    func mapLinears(_ change: (Linear) -> Linear) -> Self {
        var result = self
        for place in [\Self.query, \.key, \.value, \.output] {
            result[keyPath: place] = change(self[keyPath: place])
        }
        result.feedForward =
            switch feedForward {
            case .plain(let up, let down): .plain(up: change(up), down: change(down))
            case .gated(let block): .gated(block.map(change))
            case .experts(let router, let experts):
                .experts(router: change(router), experts.map { $0.map(change) })
            }
        return result
    }
}

extension FeedForward {
    fileprivate mutating func update(_ tensor: LayerTensor, _ body: (inout Linear) -> Void) {
        switch self {
        case .plain(var up, var down):
            if tensor == .up { body(&up) }
            if tensor == .down { body(&down) }
            self = .plain(up: up, down: down)
        case .gated(var block):
            block.update(tensor, (.gate, .up, .down), body)
            self = .gated(block)
        case .experts(var router, var experts):
            if tensor == .router { body(&router) }
            for index in experts.indices {
                experts[index].update(
                    tensor, (.expertGate(index), .expertUp(index), .expertDown(index)), body)
            }
            self = .experts(router: router, experts)
        }
    }
}

extension GatedBlock {
    fileprivate mutating func update(
        _ tensor: LayerTensor, _ names: (gate: LayerTensor, up: LayerTensor, down: LayerTensor),
        _ body: (inout Linear) -> Void
    ) {
        if tensor == names.gate { body(&gate) }
        if tensor == names.up { body(&up) }
        if tensor == names.down { body(&down) }
    }

    fileprivate func map(_ change: (Linear) -> Linear) -> Self {
        GatedBlock(gate: change(gate), up: change(up), down: change(down))
    }
}
