// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import LinearHeads
import Synchronization
import Tensors

/// Fits a `LinearChainHead` to labelled sequences by maximum likelihood with both penalties.
///
/// The loss is the sum over sequences of -log P(allowed labels), plus `squarePenalty` times the sum
/// of squared weights, plus `absolutePenalty` times the sum of absolute ones, as CRFsuite has it.
/// Where a word allows several labels, the sum over all allowed paths counts (Tsuboi et al. 2008).
package struct ConditionalRandomField: Sendable {
    /// Weight of the absolute values (c1); prunes the model.
    package var absolutePenalty = 0.05
    /// Weight of the squares (c2).
    package var squarePenalty = 0.1
    /// Most iterations.
    package var maximumIterations = 70
    /// Features at fewer words than this are left out.
    package var minimumCount = 1
    /// Parts of the data that are summed up separately, whatever the number of threads, so that
    /// the result does not depend on it.
    package var shards = 4
    /// Weights smaller than this are dropped after fitting.
    package var smallestWeight: Float = 1e-3

    /// The usual settings.
    package init() {}

    /// Fits a head with these labels; `mayFollow(a, b)` says whether label b may stand after a, and
    /// `mayStart(b)` whether it may stand first.
    package func fit(
        _ sequences: [LabelledSequence], labels: [String],
        mayStart: (Int) -> Bool = { _ in true }, mayFollow: (Int, Int) -> Bool = { _, _ in true }
    ) -> LinearChainHead {
        let table = SequenceTable(sequences, minimumCount: minimumCount)
        let layout = ChainParameters(
            labelCount: labels.count, featureCount: table.features.count,
            stateWidth: table.stateWidth, mayStart: mayStart, mayFollow: mayFollow)
        let start = [Float](repeating: 0, count: layout.count)
        let loss = ChainLoss(
            table: table, layout: layout, squarePenalty: squarePenalty,
            shards: table.shards(shards))
        let optimizer = OrthantWiseLBFGS(
            penalty: absolutePenalty, maximumIterations: maximumIterations)
        let minimum = optimizer.minimise(from: start) { loss.value(at: $0, gradient: &$1) }
        return layout.head(
            minimum.parameters, labels: labels, features: table.features,
            smallestWeight: smallestWeight)
    }
}

/// Where the weights of a chain stand in one flat vector, and which pairs of labels are forbidden.
package struct ChainParameters: Sendable {
    let labelCount: Int
    let featureCount: Int
    let stateWidth: Int
    /// Whether the label of the column may follow that of the row, (K, K).
    let allowedPairs: [Bool]
    let allowedStarts: [Bool]

    /// The layout of N features, C dense numbers and K labels.
    package init(
        labelCount: Int, featureCount: Int, stateWidth: Int, mayStart: (Int) -> Bool,
        mayFollow: (Int, Int) -> Bool
    ) {
        self.labelCount = labelCount
        self.featureCount = featureCount
        self.stateWidth = stateWidth
        allowedStarts = (0..<labelCount).map(mayStart)
        allowedPairs = (0..<labelCount * labelCount).map {
            mayFollow($0 / labelCount, $0 % labelCount)
        }
    }

    var denseStart: Int { featureCount * labelCount }
    var transitionStart: Int { denseStart + stateWidth * labelCount }
    var startStart: Int { transitionStart + labelCount * labelCount }
    var endStart: Int { startStart + labelCount }
    /// Number of parameters.
    package var count: Int { endStart + labelCount }

    func transitions(_ parameters: [Float]) -> [Float] {
        allowedPairs.indices.map {
            allowedPairs[$0] ? parameters[transitionStart + $0] : LinearChainHead.forbidden
        }
    }

    func start(_ parameters: [Float]) -> [Float] {
        allowedStarts.indices.map {
            allowedStarts[$0] ? parameters[startStart + $0] : LinearChainHead.forbidden
        }
    }

    func end(_ parameters: [Float]) -> [Float] { Array(parameters[endStart..<count]) }

    /// The fitted head with only those features that have a weight.
    func head(
        _ parameters: [Float], labels: [String], features: [UInt32], smallestWeight: Float
    ) -> LinearChainHead {
        let K = labelCount
        var kept: [UInt32] = []
        var weights: [Float] = []
        for row in 0..<featureCount {
            let values = parameters[row * K..<(row + 1) * K]
            guard values.contains(where: { abs($0) >= smallestWeight }) else { continue }
            kept.append(features[row])
            weights += values
        }
        return LinearChainHead(
            labels: labels, features: HashIndex(kept),
            weights: Tensor(shape: [kept.count, K], values: weights),
            denseWeights: Tensor(
                shape: [stateWidth, K], values: Array(parameters[denseStart..<transitionStart])),
            transitions: Tensor(shape: [K, K], values: transitions(parameters)),
            start: Tensor(shape: [K], values: start(parameters)),
            end: Tensor(shape: [K], values: end(parameters)))
    }
}

/// The smooth part of the loss and its gradient.
package struct ChainLoss: Sendable {
    let table: SequenceTable
    let layout: ChainParameters
    let squarePenalty: Double
    let shards: [Range<Int>]

    /// The loss of all sequences, each shard being summed up by itself.
    package init(
        table: SequenceTable, layout: ChainParameters, squarePenalty: Double, shards: [Range<Int>]
    ) {
        self.table = table
        self.layout = layout
        self.squarePenalty = squarePenalty
        self.shards = shards
    }

    /// The loss at `parameters`; overwrites `gradient`.
    package func value(at parameters: [Float], gradient: inout [Float]) -> Double {
        let results = Mutex([ShardResult?](repeating: nil, count: shards.count))
        DispatchQueue.concurrentPerform(iterations: shards.count) { index in
            var result = ShardResult(count: parameters.count)
            accumulate(shards[index], parameters: parameters, to: &result)
            results.withLock { $0[index] = result }
        }
        let square = Float(2 * squarePenalty)
        for index in gradient.indices { gradient[index] = square * parameters[index] }
        var loss = squarePenalty * dotProduct(parameters, parameters)
        for result in results.withLock({ $0 }) {
            guard let result else { continue }
            loss += result.loss
            add(result.gradient, times: 1, to: &gradient)
        }
        return loss
    }

    private struct ShardResult: Sendable {
        var loss = 0.0
        var gradient: [Float]
        init(count: Int) { gradient = [Float](repeating: 0, count: count) }
    }

    private func accumulate(
        _ sequences: Range<Int>, parameters: [Float], to result: inout ShardResult
    ) {
        let transitions = layout.transitions(parameters)
        var free = LabelChain(
            transitions: transitions, start: layout.start(parameters),
            end: layout.end(parameters))
        var held = free
        for sequence in sequences {
            let words = table.sequenceStarts[sequence]..<table.sequenceStarts[sequence + 1]
            let emissions = emissions(of: words, parameters: parameters)
            free.run(emissions: emissions)
            held.run(emissions: emissions, allowed: table.allowed[words])
            result.loss += free.logNormalizer - held.logNormalizer
            addGradient(words, free: free, held: held, to: &result.gradient)
        }
    }

    private func emissions(of words: Range<Int>, parameters: [Float]) -> [Float] {
        let K = layout.labelCount
        let C = layout.stateWidth
        var scores = [Float](repeating: 0, count: words.count * K)
        for word in words {
            let base = (word - words.lowerBound) * K
            for place in table.wordStarts[word]..<table.wordStarts[word + 1] {
                let row = Int(table.numbers[place]) * K
                for label in 0..<K { scores[base + label] += parameters[row + label] }
            }
            for channel in 0..<C {
                let value = table.states[word * C + channel]
                let row = layout.denseStart + channel * K
                for label in 0..<K { scores[base + label] += value * parameters[row + label] }
            }
        }
        return scores
    }

    private func addGradient(
        _ words: Range<Int>, free: LabelChain, held: LabelChain, to gradient: inout [Float]
    ) {
        let K = layout.labelCount
        let C = layout.stateWidth
        var difference = [Float](repeating: 0, count: K)
        for word in words {
            let at = word - words.lowerBound
            for label in 0..<K {
                difference[label] = Float(
                    free.marginal(word: at, label: label) - held.marginal(word: at, label: label))
            }
            for place in table.wordStarts[word]..<table.wordStarts[word + 1] {
                let row = Int(table.numbers[place]) * K
                for label in 0..<K { gradient[row + label] += difference[label] }
            }
            for channel in 0..<C {
                let value = table.states[word * C + channel]
                let row = layout.denseStart + channel * K
                for label in 0..<K { gradient[row + label] += value * difference[label] }
            }
            if at == 0 { addEdge(difference, at: layout.startStart, to: &gradient) }
            if at == words.count - 1 { addEdge(difference, at: layout.endStart, to: &gradient) }
            if at + 1 < words.count { addPairs(at, free: free, held: held, to: &gradient) }
        }
    }

    private func addEdge(_ difference: [Float], at place: Int, to gradient: inout [Float]) {
        for label in difference.indices { gradient[place + label] += difference[label] }
    }

    private func addPairs(
        _ word: Int, free: LabelChain, held: LabelChain, to gradient: inout [Float]
    ) {
        let K = layout.labelCount
        for label in 0..<K {
            for following in 0..<K where layout.allowedPairs[label * K + following] {
                gradient[layout.transitionStart + label * K + following] += Float(
                    free.marginal(word: word, label: label, following: following)
                        - held.marginal(word: word, label: label, following: following))
            }
        }
    }
}
