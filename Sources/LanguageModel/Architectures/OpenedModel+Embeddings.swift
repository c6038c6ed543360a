// SPDX-License-Identifier: Apache-2.0
package import Tensors

extension OpenedModel {
    /// Tokens in the vocabulary, V.
    package var vocabularySize: Int {
        switch self {
        case .decoder(let model): model.configuration.vocabSize
        case .encoder(let model): model.configuration.vocabSize
        }
    }

    /// The rows (ids, C) of the token embedding for ids within the vocabulary, as they are stored: what the first
    /// layer gets of them may be scaled, normalised and moved by positions.
    package func embeddings(of ids: [Int32]) -> Tensor {
        precondition(ids.allSatisfy { (0..<vocabularySize).contains(Int($0)) }, "known tokens")
        switch self {
        case .decoder(let model):
            var rows = Tensor(zeros: [ids.count, model.configuration.hiddenSize])
            model.weights.embedding.gatherRows(ids, into: &rows)
            return rows
        case .encoder(let model):
            var rows = Tensor(zeros: [ids.count, model.tokenEmbedding.columns])
            ElementWise.gatherRows(model.tokenEmbedding, ids: ids, into: &rows)
            return rows
        }
    }
}
