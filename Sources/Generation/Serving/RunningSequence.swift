// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import Tensors

/// A request that is being computed.
struct RunningSequence {
    /// What is asked, and how far the answer is.
    enum Work {
        case generation(GenerationProgress)
        case choice(ChoiceProgress)
    }

    let number: Int
    let promptCount: Int
    /// Whether the text is of those that are long for the model's rotary frequencies.
    let isLong: Bool
    /// The number of the adapter that answers.
    let adapter: Int?
    /// The most tokens that `cache` will hold.
    let mostTokens: Int
    /// The prompt, and what was added to it.
    var tokens: [Int32]
    /// What was read of `tokens`.
    var cache: SequenceCache
    var work: Work
    var result: ServingResult?

    /// Tokens not yet read.
    var unread: ArraySlice<Int32> { tokens[cache.count...] }

    /// What the sequence may come to hold.
    var reservation: CacheReservation {
        var extra = 0
        if case .choice(let choice) = work { extra = choice.branchBlocks }
        return CacheReservation(cache: cache, mostTokens: mostTokens, extraBlocks: extra)
    }
}

/// A text on its way.
struct GenerationProgress {
    let request: GenerationRequest
    var sampler: TokenSampler
    var constraint: (any TokenConstraint)?
    var text: StreamedText?

    init(_ request: GenerationRequest) {
        self.request = request
        sampler = TokenSampler(request.sampling, seed: request.seed)
        constraint = request.constraint
        text = request.text
    }

    /// Picks the token after `tokens`, of which `left` more may be written; or says why there is
    /// none.
    mutating func next(
        _ logits: [Float], after tokens: [Int32], left: Int
    ) -> (token: Int32?, reason: FinishReason?) {
        var mask: TokenMask?
        if var constraint {
            var allowed = constraint.mask(tokensLeft: left)
            if constraint.isComplete {
                for token in request.stopTokens { allowed.insert(token) }
            }
            guard !allowed.isEmpty else { return (nil, .noFittingToken) }
            mask = allowed
            self.constraint = constraint
        }
        let token = sampler.pick(logits, history: tokens, allowed: mask)
        if request.stopTokens.contains(token) { return (nil, .stopToken(token)) }
        constraint?.advance(by: token)
        text?.append(token)
        if let stop = text?.stop { return (token, .stopString(stop)) }
        if constraint?.isExhausted == true { return (token, .complete) }
        return (token, left <= 1 ? .limit : nil)
    }
}

/// A comparison of labels on its way.
///
/// The first token of every label is judged by what follows the prompt; the rest of a label is read
/// on a branch of the prompt's cache, which lives for one pass.
struct ChoiceProgress {
    let labels: [[Int32]]
    var sums: [Double]
    /// The first label that is not yet read to its end; nil before the prompt is.
    var nextLabel: Int?
    /// The most blocks that a branch takes.
    let branchBlocks: Int

    init(_ request: ChoiceRequest) {
        labels = request.labels
        sums = labels.map { _ in 0 }
        let prompt = request.prompt.count
        branchBlocks = labels.map { Self.branchBlocks(prompt: prompt, label: $0) }.max() ?? 0
    }

    /// Blocks of a branch that are not those of the prompt.
    static func branchBlocks(prompt: Int, label: [Int32]) -> Int {
        label.count < 2
            ? 0
            : SequenceCache.blocks(prompt + label.count - 1) - prompt / KeyValueCache.blockRows
    }

    /// Takes in what follows the prompt.
    mutating func judgeFirstTokens(_ logits: ArraySlice<Float>) {
        let normalizer = LogProbability(logits)
        for (index, label) in labels.enumerated() {
            sums[index] = normalizer.of(label[0])
        }
        nextLabel = 0
        skipRead()
    }

    /// Moves on to the next label that has more than its first token.
    mutating func skipRead() {
        while let next = nextLabel, next < labels.count, labels[next].count < 2 {
            nextLabel = next + 1
        }
    }

    /// The result, once all labels are read.
    var result: ChoiceResult? {
        guard let nextLabel, nextLabel >= labels.count else { return nil }
        return ChoiceResult(logProbabilities: sums, lengths: labels.map(\.count))
    }
}

/// Logarithms of the probabilities that a row of logits stands for.
struct LogProbability {
    private let logits: ArraySlice<Float>
    private let largest: Float
    private let logSum: Double

    init(_ logits: ArraySlice<Float>) {
        self.logits = logits
        let largest = logits.max() ?? 0
        self.largest = largest
        logSum = log(logits.reduce(0.0) { $0 + exp(Double($1 - largest)) })
    }

    /// That of one token.
    func of(_ token: Int32) -> Double {
        Double(logits[logits.startIndex + Int(token)] - largest) - logSum
    }
}

/// A KV cache with what may still be added to it.
struct CacheReservation {
    let cache: SequenceCache
    let mostTokens: Int
    let extraBlocks: Int

    /// Blocks that some caches hold together, or may come to hold.
    ///
    /// A last block that is not full and that others hold too will be copied before it is added to.
    static func blocks(_ reservations: [CacheReservation]) -> Int {
        var holders: [ObjectIdentifier: Int] = [:]
        let identities = reservations.map(\.cache.blockIdentities)
        for block in identities.joined() { holders[block, default: 0] += 1 }
        var total = holders.count
        for (reservation, blocks) in zip(reservations, identities) {
            total += SequenceCache.blocks(reservation.mostTokens) - blocks.count
            total += reservation.extraBlocks
            let grows = reservation.mostTokens > reservation.cache.count
            if grows, reservation.cache.count % KeyValueCache.blockRows != 0,
                let last = blocks.last, holders[last, default: 0] > 1
            {
                total += 1
            }
        }
        return total
    }
}
