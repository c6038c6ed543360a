import Tensors

/// What one layer keeps of its forward pass for the backward pass; T tokens.
struct LayerActivations: Sendable {
    var input: Tensor  // (T, C)
    var normed: Tensor  // (T, C)
    var inverse: Tensor  // (T)
    var query: Tensor  // (T, H · D), rotated
    var key: Tensor  // (T, G · D), rotated
    var value: Tensor  // (T, G · D)
    var attended: Tensor  // (T, H · D)
    var logSum: Tensor  // (T, H)
    var middle: Tensor  // (T, C), after the attention's residual
    var normedMiddle: Tensor  // (T, C)
    var inverseMiddle: Tensor  // (T)
    var up: Tensor  // (T, F)
    var activated: Tensor  // (T, F)

    init(_ shape: NetworkShape, tokens: Int) {
        let wide = Tensor(zeros: [tokens, shape.hidden])
        (input, normed, middle, normedMiddle) = (wide, wide, wide, wide)
        inverse = Tensor(zeros: [tokens])
        inverseMiddle = inverse
        query = Tensor(zeros: [tokens, shape.queryWidth])
        attended = query
        key = Tensor(zeros: [tokens, shape.keyWidth])
        value = key
        logSum = Tensor(zeros: [tokens, shape.heads])
        up = Tensor(zeros: [tokens, shape.feedForward])
        activated = up
    }
}

/// All memory of a forward and backward pass over T tokens, used again for every batch.
struct ActivationStore: Sendable {
    let tokens: Int
    var layers: [LayerActivations]
    var output: Tensor  // (T, C), after the last layer
    var states: Tensor  // (T, C), after the final norm
    var inverse: Tensor  // (T)
    // Gradients that only one layer at a time needs.
    var residual: Tensor  // (T, C)
    var masked: Tensor  // (T, C)
    var normed: Tensor  // (T, C)
    var attended: Tensor  // (T, H · D)
    var query: Tensor  // (T, H · D)
    var key: Tensor  // (T, G · D)
    var value: Tensor  // (T, G · D)
    var up: Tensor  // (T, F)
    var rowDots: Tensor  // (T, H)

    init(_ shape: NetworkShape, tokens: Int) {
        self.tokens = tokens
        layers = (0..<shape.layers).map { _ in LayerActivations(shape, tokens: tokens) }
        let wide = Tensor(zeros: [tokens, shape.hidden])
        (output, states, residual, masked, normed) = (wide, wide, wide, wide, wide)
        inverse = Tensor(zeros: [tokens])
        attended = Tensor(zeros: [tokens, shape.queryWidth])
        query = attended
        key = Tensor(zeros: [tokens, shape.keyWidth])
        value = key
        up = Tensor(zeros: [tokens, shape.feedForward])
        rowDots = Tensor(zeros: [tokens, shape.heads])
    }

    /// Bytes of a store for a shape and a number of tokens.
    static func bytes(_ shape: NetworkShape, tokens: Int) -> Int {
        let (wide, query, key) = (shape.hidden, shape.queryWidth, shape.keyWidth)
        let layer = 4 * wide + 2 * query + 2 * key + 2 * shape.feedForward + shape.heads + 2
        let shared = 5 * wide + 2 * query + 2 * key + shape.feedForward + shape.heads + 1
        return 4 * tokens * (shape.layers * layer + shared)
    }
}
