import Kernels

/// Rows of an embedding, gathered for tokens, and the gradient scattered back.
package enum EmbeddingPass {
    /// Writes `scale` times the row of each token to `output` (T, C); tokens lie below V.
    package static func forward(
        _ tokens: [Int32], embedding: Tensor, scale: Float, output: inout Tensor
    ) {
        let width = embedding.columns
        precondition(output.rows == tokens.count && output.columns == width)
        precondition(tokens.allSatisfy { $0 >= 0 && Int($0) < embedding.rows })
        embedding.values.withUnsafeBufferPointer { source in
            output.values.withUnsafeMutableBufferPointer { output in
                for (row, token) in tokens.enumerated() {
                    for column in 0..<width {
                        output[row * width + column] = scale * source[Int(token) * width + column]
                    }
                }
            }
        }
    }

    /// Adds `scale` times each row of `gradient` (T, C) to its token's row of the embedding's.
    package static func backward(
        _ gradient: Tensor, tokens: [Int32], scale: Float,
        addingTo embeddingGradient: inout Tensor
    ) {
        let width = gradient.columns
        precondition(gradient.rows == tokens.count && embeddingGradient.columns == width)
        precondition(tokens.allSatisfy { $0 >= 0 && Int($0) < embeddingGradient.rows })
        gradient.values.withUnsafeBufferPointer { source in
            embeddingGradient.values.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else {
                    return
                }
                for (row, token) in tokens.enumerated() {
                    shoken_train_add_scaled(
                        target + Int(token) * width, source + row * width, scale, width)
                }
            }
        }
    }
}
