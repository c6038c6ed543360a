// SPDX-License-Identifier: Apache-2.0
package import LanguageModel
import Tensors

/// Requests that are computed together, each entering and leaving at any step.
///
/// Every step is one forward pass, without padding, over the next token of each text that is being
/// written and pieces of the prompts that are being read (continuous batching: Yu et al. 2022,
/// Orca). Requests are admitted in the order of their numbers and never overtaken, but for those
/// that wait for another to read a beginning that both have. A beginning is read once: its keys and
/// values are shared while a request that has it runs, and kept afterwards as long as there is room
/// (prefix caching over a KV cache in blocks, as in PagedAttention).
///
/// A request is admitted only when all that it may come to hold fits the budget beside what the
/// others may; so nothing is ever driven out, and memory is bounded. What a request is answered
/// depends neither on the others nor on when it came, but for rounding (below 1e-5 in scores).
package struct ContinuousBatch: Sendable {
    /// The model.
    package let model: DecoderModel
    /// What may be used at once.
    package let budget: ServingBudget
    /// What was done so far.
    package internal(set) var figures = ServingFigures()

    var waiting: [WaitingRequest] = []
    var running: [RunningSequence] = []
    /// Prompts that were read, the least recently used first.
    var kept: [KeptPrompt] = []
    private var results: [Int: ServingResult] = [:]
    private var nextNumber = 0
    /// For short and for long texts; the same where the model does not tell them apart.
    private var passes: [Bool: (pass: ForwardPass, positions: Int)] = [:]

    /// A batch that is empty.
    package init(_ model: DecoderModel, budget: ServingBudget = ServingBudget()) {
        self.model = model
        self.budget = budget
    }

    /// Whether no request waits or runs.
    package var isIdle: Bool { waiting.isEmpty && running.isEmpty }

    /// Requests that are computed or wait.
    package var unfinished: Int { waiting.count + running.count }

    /// Takes a request in and gives its number: 0, 1, 2, …
    ///
    /// Throws `ServingError` for one that could not be computed whatever others do.
    package mutating func submit(_ request: ServingRequest) throws(ServingError) -> Int {
        let mostTokens = try admissible(request)
        let number = nextNumber
        nextNumber += 1
        if case .generation(let generation) = request, generation.limit < 1 {
            results[number] = .generation(
                GenerationResult(
                    tokens: [], text: generation.text?.text, reason: .limit,
                    isComplete: generation.constraint?.isComplete ?? true))
        } else {
            let total = mostTokens + (request.isGeneration ? 1 : 0)
            waiting.append(
                WaitingRequest(
                    number: number, request: request, mostTokens: mostTokens,
                    isLong: total > model.configuration.ropeScaling.longTextThreshold ?? .max))
        }
        return number
    }

    /// The result of a request that is finished, which is then forgotten here; else nil.
    package mutating func takeResult(of number: Int) -> ServingResult? {
        results.removeValue(forKey: number)
    }

    /// Computes one step, and tells what came of it.
    ///
    /// An idle batch does nothing.
    package mutating func step() -> [ServingEvent] {
        admit()
        var events: [ServingEvent] = []
        for isLong in [false, true] {
            let plan = plan(isLong: isLong)
            if !plan.isEmpty { events += compute(plan, isLong: isLong) }
        }
        for index in running.indices.reversed() {
            guard let result = running[index].result else { continue }
            results[running[index].number] = result
            keepPrompt(of: running.remove(at: index))
        }
        return events
    }

    /// Runs the planned rows and hands each sequence what it wanted to see.
    private mutating func compute(_ plan: [PlannedRows], isLong: Bool) -> [ServingEvent] {
        // The caches are taken out meanwhile, so that only one holds the last blocks.
        var caches = plan.map { takeCache(for: $0) }
        let ends = zip(plan, caches).map { $0.tokens.count + $1.count }
        var (pass, positions) = takePass(isLong: isLong, positions: ends.max() ?? 0)
        pass.extend(
            &caches, by: plan.map { Array($0.tokens) },
            adapters: plan.map { running[$0.sequence].adapter })
        figures.passes += 1
        let rows = plan.reduce(0) { $0 + $1.tokens.count }
        figures.rows += rows
        figures.mostRows = max(figures.mostRows, rows)
        for (entry, cache) in zip(plan, caches) where entry.label == nil {
            running[entry.sequence].cache = cache
        }
        noteMemory(caches)
        var events: [ServingEvent] = []
        forEachWantedRow(of: plan, pass) { entry, place, logits in
            if let event = deliver(logits, to: entry, place: place) { events.append(event) }
        }
        passes[isLong] = (pass, positions)
        return events
    }

    private mutating func takeCache(for entry: PlannedRows) -> SequenceCache {
        let cache = running[entry.sequence].cache
        if entry.label == nil { running[entry.sequence].cache = SequenceCache(model.configuration) }
        return cache
    }

    /// The pass for a kind of texts, with rotary tables of at least so many positions; it is taken
    /// out meanwhile, so that its memory is not copied.
    private mutating func takePass(
        isLong: Bool, positions: Int
    ) -> (pass: ForwardPass, positions: Int) {
        let found = passes.removeValue(forKey: isLong)
        if let found, found.positions >= positions { return found }
        let most = model.configuration.maxPositionEmbeddings
        var length = min(most, max(positions, 2 * (found?.positions ?? 128)))
        if let threshold = model.configuration.ropeScaling.longTextThreshold {
            // The number of positions decides which frequencies the tables hold.
            length = isLong ? max(length, threshold + 1) : min(length, threshold)
        }
        return (ForwardPass(model, causal: true, positions: length), length)
    }

    private mutating func noteMemory(_ branches: [SequenceCache]) {
        let caches = branches + running.map(\.cache) + kept.map(\.cache)
        let blocks = Set(caches.flatMap(\.blockIdentities)).count
        figures.mostCachedTokens = max(
            figures.mostCachedTokens, blocks * KeyValueCache.blockRows)
    }

    /// Rows of logits that are computed at once: a row has V elements.
    private static var logitRowsAtOnce: Int { 128 }

    private func forEachWantedRow(
        of plan: [PlannedRows], _ pass: ForwardPass,
        _ body: (PlannedRows, _ place: Int, ArraySlice<Float>) -> Void
    ) {
        var wanted: [(entry: PlannedRows, place: Int)] = []
        var rows: [Int32] = []
        var end = 0
        for entry in plan {
            end += entry.tokens.count
            for place in 0..<entry.wanted {
                wanted.append((entry, place))
                rows.append(Int32(end - entry.wanted + place))
            }
        }
        let width = model.configuration.vocabSize
        for start in stride(from: 0, to: rows.count, by: Self.logitRowsAtOnce) {
            let part = start..<min(rows.count, start + Self.logitRowsAtOnce)
            let logits = model.logits(ofStates: pass.states(ofRows: rows[part]))
            for (row, index) in part.enumerated() {
                body(
                    wanted[index].entry, wanted[index].place,
                    logits.values[row * width..<(row + 1) * width])
            }
        }
    }

    /// Takes the logits after a row in.
    private mutating func deliver(
        _ logits: ArraySlice<Float>, to entry: PlannedRows, place: Int
    ) -> ServingEvent? {
        let index = entry.sequence
        let number = running[index].number
        switch running[index].work {
        case .generation(var progress):
            let left = running[index].mostTokens + 1 - running[index].tokens.count
            let (token, reason) = progress.next(
                Array(logits), after: running[index].tokens, left: left)
            if let token {
                running[index].tokens.append(token)
                figures.newTokens += 1
            }
            if let reason {
                running[index].result = .generation(
                    GenerationResult(
                        tokens: Array(running[index].tokens[running[index].promptCount...]),
                        text: progress.text?.text,
                        reason: reason, isComplete: progress.constraint?.isComplete ?? true))
            }
            running[index].work = .generation(progress)
            return token.map { .token(request: number, token: $0) }
        case .choice(var progress):
            if let label = entry.label {
                progress.sums[label] += LogProbability(logits).of(progress.labels[label][place + 1])
                if place == entry.wanted - 1 {
                    progress.nextLabel = label + 1
                    progress.skipRead()
                }
            } else {
                progress.judgeFirstTokens(logits)
            }
            running[index].work = .choice(progress)
            running[index].result = progress.result.map { .choice($0) }
            return nil
        }
    }
}

/// What a step tells.
package enum ServingEvent: Hashable, Sendable {
    /// A text has a new token.
    case token(request: Int, token: Int32)
}

/// Tokens of one sequence, or of a branch of it that reads a label, which go through a pass.
struct PlannedRows {
    /// Its place among those that run.
    let sequence: Int
    let label: Int?
    let tokens: ArraySlice<Int32>
    /// The last so many rows whose logits are wanted.
    let wanted: Int
}

extension ServingRequest {
    var isGeneration: Bool {
        if case .generation = self { true } else { false }
    }
}
