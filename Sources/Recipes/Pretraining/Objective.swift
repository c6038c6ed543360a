// SPDX-License-Identifier: Apache-2.0
import Tensors
package import Training

/// What a network is asked to predict while it reads raw text.
package enum Objective: String, Hashable, Sendable, CaseIterable {
    /// The next token, seeing only what came before: the paper's.
    case causal
    /// Some tokens of a row that it sees from both sides, of which most are hidden.
    case maskedNext = "masked-next"
}

/// Makes batches for an objective out of packed rows.
package struct BatchMaker: Hashable, Sendable {
    /// What is predicted.
    package var objective: Objective
    /// Whether documents of one row see each other; if not, positions begin anew in each.
    package var crossesDocuments: Bool
    /// The token that begins a document; nil where only its end is marked.
    package var begin: Int32?
    /// The token that ends a document.
    package var end: Int32
    /// The token that stands for a hidden one.
    package var mask: Int32
    /// Share of tokens that are predicted, for ``Objective/maskedNext``.
    package var maskedShare: Double
    /// Vocabulary, V, from which wrong tokens are drawn.
    package var vocabulary: Int
    /// Decides which tokens are hidden.
    package var seed: UInt64

    /// A maker with every choice given.
    package init(
        objective: Objective, crossesDocuments: Bool, begin: Int32?, end: Int32, mask: Int32,
        maskedShare: Double, vocabulary: Int, seed: UInt64
    ) {
        (self.objective, self.crossesDocuments) = (objective, crossesDocuments)
        (self.begin, self.end, self.mask) = (begin, end, mask)
        (self.maskedShare, self.vocabulary, self.seed) = (maskedShare, vocabulary, seed)
    }

    /// A batch of rows; `firstNumber` is the first row's number in the whole run.
    package func batch(_ rows: [ArraySlice<Int32>], firstNumber: Int) -> TrainingBatch {
        let whole = rows.map { [Int32]($0) }
        let documents = crossesDocuments ? nil : whole.map(documentLengths)
        var batch = TrainingBatch(rows: whole, labels: whole, documents: documents)
        if objective == .maskedNext {
            hideTokens(of: &batch, rows: whole, firstNumber: firstNumber)
        }
        return batch
    }

    /// Lengths of a row's documents: each begins at the token that begins one, or after one that
    /// ends one.
    private func documentLengths(_ row: [Int32]) -> [Int] {
        var starts = [0]
        for place in row.indices.dropFirst() {
            let begins = begin.map { row[place] == $0 } ?? (row[place - 1] == end)
            if begins { starts.append(place) }
        }
        return zip(starts, starts.dropFirst() + [row.count]).map { $1 - $0 }
    }

    /// Chooses tokens to predict; of ten, eight become the mask, one another token, one stays
    /// (Devlin et al., arXiv 1810.04805, section 3.1).
    private func hideTokens(
        of batch: inout TrainingBatch, rows: [[Int32]], firstNumber: Int
    ) {
        batch.causal = false
        batch.targets = PredictionTargets(rows: [], labels: [])
        var base = 0
        for (index, row) in rows.enumerated() {
            var generator = SplitMix64(seed: seed, stream: UInt64(firstNumber + index))
            for (place, token) in row.enumerated() {
                guard generator.unit() < maskedShare, token != begin, token != end else { continue }
                batch.targets.rows.append(Int32(base + place))
                batch.targets.labels.append(token)
                let kind = generator.unit()
                if kind < 0.8 {
                    batch.tokens[base + place] = mask
                } else if kind < 0.9 {
                    batch.tokens[base + place] = Int32(generator.below(vocabulary))
                }
            }
            base += row.count
        }
    }
}
