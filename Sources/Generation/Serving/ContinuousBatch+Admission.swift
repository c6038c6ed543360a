// SPDX-License-Identifier: Apache-2.0
import LanguageModel
import Tensors

/// A request that is not yet computed.
struct WaitingRequest {
    let number: Int
    let request: ServingRequest
    let mostTokens: Int
    let isLong: Bool
    /// The running request that reads a beginning of the prompt, and its length.
    var awaited: (number: Int, tokens: Int)?
}

/// A prompt that was read for a request that is finished, kept for prefix caching.
struct KeptPrompt {
    let tokens: [Int32]
    let cache: SequenceCache
    let isLong: Bool
    let adapter: Int?

    var reservation: CacheReservation {
        CacheReservation(cache: cache, mostTokens: cache.count, extraBlocks: 0)
    }
}

extension ContinuousBatch {
    /// The shortest common beginning that is worth waiting for, in tokens.
    static var smallestShared: Int { 32 }
    /// Prompts that are kept at most: each admission looks through them.
    static var mostKept: Int { 64 }

    /// The most tokens that a request's cache will hold; throws why it can never be computed.
    func admissible(_ request: ServingRequest) throws(ServingError) -> Int {
        let (prompt, context) = (request.prompt, model.configuration.maxPositionEmbeddings)
        guard !prompt.isEmpty else { throw .emptyPrompt }
        guard prompt.count <= context else {
            throw .sequenceTooLong(tokens: prompt.count, limit: context)
        }
        try check(prompt, label: nil)
        if let adapter = request.adapter, !(0..<model.adapterCount).contains(adapter) {
            throw .noAdapter(adapter)
        }
        var tokens = prompt.count
        var blocks = 0
        switch request {
        case .generation(let generation):
            if let fault = generation.sampling.firstFault { throw .setting(fault) }
            // The last token of a text is not read.
            let added = max(1, min(generation.limit, context)) - 1
            tokens = min(tokens + added, max(tokens, context - 1))
        case .choice(let choice):
            guard !choice.labels.isEmpty else { throw .noLabels }
            for (index, label) in choice.labels.enumerated() {
                guard !label.isEmpty else { throw .emptyLabel(index) }
                guard tokens + label.count - 1 <= context else {
                    throw .sequenceTooLong(tokens: tokens + label.count, limit: context)
                }
                guard label.count - 1 <= budget.rows else {
                    throw .labelTooLong(label: index, tokens: label.count, rows: budget.rows)
                }
                try check(label, label: index)
            }
            blocks = ChoiceProgress(choice).branchBlocks
        }
        blocks += SequenceCache.blocks(tokens)
        guard blocks <= budget.blocks else {
            throw .exceedsBudget(
                tokens: blocks * KeyValueCache.blockRows, budget: budget.cachedTokens)
        }
        return tokens
    }

    private func check(_ tokens: [Int32], label: Int?) throws(ServingError) {
        let size = model.configuration.vocabSize
        if let position = tokens.firstIndex(where: { $0 < 0 || Int($0) >= size }) {
            throw .tokenOutOfVocabulary(
                label: label, position: position, id: tokens[position], vocabularySize: size)
        }
    }

    /// Lets waiting requests in, in their order, until one does not fit.
    mutating func admit() {
        var index = 0
        while index < waiting.count, running.count < budget.rows {
            if isAwaiting(waiting[index]) {
                index += 1
                continue
            }
            let request = waiting[index]
            let shared = longestShared(with: request)
            if let reader = shared?.reader {
                waiting[index].awaited = reader
                index += 1
                continue
            }
            let candidate = started(request, on: shared?.cache)
            guard makeRoom(for: candidate) else { return }
            figures.sharedRows += candidate.cache.count
            waiting.remove(at: index)
            running.append(candidate)
        }
    }

    /// Blocks that all may come to hold.
    var reservedBlocks: Int {
        CacheReservation.blocks(running.map(\.reservation) + kept.map(\.reservation))
    }

    private func isAwaiting(_ request: WaitingRequest) -> Bool {
        guard let awaited = request.awaited,
            let reader = running.first(where: { $0.number == awaited.number })
        else { return false }
        return reader.cache.count < awaited.tokens
    }

    /// The longest beginning of a prompt that is or will be in a cache: the cache, or the request
    /// that reads it just now.
    ///
    /// The last token is always computed, because its logits are wanted.
    private mutating func longestShared(
        with request: WaitingRequest
    ) -> (cache: SequenceCache, reader: (number: Int, tokens: Int)?)? {
        let prompt = request.request.prompt
        let most = prompt.count - 1
        func common(_ tokens: some Collection<Int32>) -> Int {
            zip(prompt.prefix(most), tokens).prefix { $0 == $1 }.count
        }
        var best: (length: Int, sequence: Int?, kept: Int?) = (Self.smallestShared - 1, nil, nil)
        // What an adapter has read is of no use to another.
        let adapter = request.request.adapter
        for (index, prompt) in kept.enumerated()
        where prompt.isLong == request.isLong && prompt.adapter == adapter {
            let length = common(prompt.tokens)
            if length > best.length { best = (length, nil, index) }
        }
        for (index, sequence) in running.enumerated()
        where sequence.isLong == request.isLong && sequence.adapter == adapter {
            let length = common(sequence.tokens.prefix(sequence.promptCount))
            if length > best.length { best = (length, index, nil) }
        }
        if let index = best.kept {
            kept.append(kept.remove(at: index))
            return (kept[kept.count - 1].cache.prefix(best.length), nil)
        }
        guard let index = best.sequence else { return nil }
        let sequence = running[index]
        guard sequence.cache.count >= best.length else {
            return (sequence.cache, (sequence.number, best.length))
        }
        return (sequence.cache.prefix(best.length), nil)
    }

    private func started(_ waiting: WaitingRequest, on cache: SequenceCache?) -> RunningSequence {
        let work: RunningSequence.Work =
            switch waiting.request {
            case .generation(let request): .generation(GenerationProgress(request))
            case .choice(let request): .choice(ChoiceProgress(request))
            }
        let prompt = waiting.request.prompt
        return RunningSequence(
            number: waiting.number, promptCount: prompt.count, isLong: waiting.isLong,
            adapter: waiting.request.adapter,
            mostTokens: waiting.mostTokens, tokens: prompt,
            cache: cache ?? SequenceCache(model.configuration), work: work)
    }

    /// Whether a sequence fits beside those that run; kept prompts make room for it.
    private mutating func makeRoom(for candidate: RunningSequence) -> Bool {
        let needed = running.map(\.reservation) + [candidate.reservation]
        guard CacheReservation.blocks(needed) <= budget.blocks else { return false }
        while !kept.isEmpty,
            CacheReservation.blocks(needed + kept.map(\.reservation)) > budget.blocks
        {
            kept.removeFirst()
        }
        return true
    }

    /// Keeps what was read of a prompt for requests to come.
    mutating func keepPrompt(of sequence: RunningSequence) {
        guard sequence.promptCount >= Self.smallestShared else { return }
        let prompt = Array(sequence.tokens.prefix(sequence.promptCount))
        kept.removeAll {
            $0.isLong == sequence.isLong && $0.adapter == sequence.adapter
                && prompt.starts(with: $0.tokens)
        }
        if kept.count >= Self.mostKept { kept.removeFirst() }
        kept.append(
            KeptPrompt(
                tokens: prompt, cache: sequence.cache.prefix(sequence.promptCount),
                isLong: sequence.isLong, adapter: sequence.adapter))
    }
}
