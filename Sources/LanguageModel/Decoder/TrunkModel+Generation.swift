import Tensors

extension TrunkModel {
    /// Continues each prompt token by token, all of them together.
    ///
    /// `choose` picks the next token of prompt `index` from its logits (V) and what the prompt and
    /// its continuation hold so far. A continuation ends before a stop token, after `limit` tokens,
    /// or where `max_position_embeddings` is reached. An empty prompt has an empty continuation.
    /// Throws `TrunkError`, and what `choose` throws.
    package func generate(
        _ prompts: [[Int32]], limit: Int, stopTokens: Set<Int32>,
        choose: (_ index: Int, _ logits: ArraySlice<Float>, _ tokens: [Int32]) throws -> Int32
    ) throws -> [[Int32]] {
        try check(prompts)
        var texts = prompts
        let longest = min(
            (prompts.lazy.map(\.count).max() ?? 0) + max(0, limit),
            configuration.maxPositionEmbeddings)
        var pass = ForwardPass(self, causal: true, positions: longest)
        var caches = prompts.map { _ in SequenceCache(configuration) }
        var active = prompts.indices.filter { !prompts[$0].isEmpty && limit > 0 }
        var next = prompts
        while !active.isEmpty {
            // The caches are taken out meanwhile, so that only one holds the last blocks.
            var open = active.map { index in
                let cache = caches[index]
                caches[index] = SequenceCache(configuration)
                return cache
            }
            pass.extend(&open, by: active.map { next[$0] })
            for (index, cache) in zip(active, open) { caches[index] = cache }
            open = []
            let logits = logits(ofStates: pass.lastStates)
            var remaining: [Int] = []
            for (row, index) in active.enumerated() {
                let width = configuration.vocabSize
                let scores = logits.values[row * width..<(row + 1) * width]
                let token = try choose(index, scores, texts[index])
                guard !stopTokens.contains(token) else { continue }
                texts[index].append(token)
                next[index] = [token]
                let isFull =
                    texts[index].count - prompts[index].count >= limit
                    || texts[index].count >= configuration.maxPositionEmbeddings
                if !isFull { remaining.append(index) }
            }
            active = remaining
        }
        return zip(texts, prompts).map { Array($0.dropFirst($1.count)) }
    }

    /// Continues each prompt by the most likely token each time; of equal ones the first.
    package func generateGreedily(
        _ prompts: [[Int32]], limit: Int, stopTokens: Set<Int32> = []
    ) throws -> [[Int32]] {
        try generate(prompts, limit: limit, stopTokens: stopTokens) { _, logits, _ in
            var best = logits.startIndex
            for index in logits.indices where logits[index] > logits[best] { best = index }
            return Int32(best - logits.startIndex)
        }
    }
}
