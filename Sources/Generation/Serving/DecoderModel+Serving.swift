// SPDX-License-Identifier: Apache-2.0
package import LanguageModel

extension DecoderModel {
    /// Answers requests, as many of them together as the budget allows.
    ///
    /// The results are in the order of the requests. `progress` hears, after each step, of what the
    /// step told and how many requests are not finished. Throws `RefusedRequest` before anything is
    /// computed, and what `progress` throws.
    package func serve(
        _ requests: [ServingRequest], budget: ServingBudget = ServingBudget(),
        progress: (_ events: [ServingEvent], _ unfinished: Int) throws -> Void = { _, _ in }
    ) throws -> (results: [ServingResult], figures: ServingFigures) {
        var batch = ContinuousBatch(self, budget: budget)
        for (index, request) in requests.enumerated() {
            do throws(ServingError) {
                _ = try batch.submit(request)
            } catch {
                throw RefusedRequest(index: index, reason: error)
            }
        }
        while !batch.isIdle { try progress(batch.step(), batch.unfinished) }
        let results = requests.indices.compactMap { batch.takeResult(of: $0) }
        return (results, batch.figures)
    }

    /// Continues texts; see `serve`.
    package func generate(
        _ requests: [GenerationRequest], budget: ServingBudget = ServingBudget()
    ) throws -> [GenerationResult] {
        try serve(requests.map { .generation($0) }, budget: budget).results.compactMap {
            if case .generation(let result) = $0 { result } else { nil }
        }
    }

    /// Compares labels; see `serve`.
    package func choose(
        _ requests: [ChoiceRequest], budget: ServingBudget = ServingBudget()
    ) throws -> [ChoiceResult] {
        try serve(requests.map { .choice($0) }, budget: budget).results.compactMap {
            if case .choice(let result) = $0 { result } else { nil }
        }
    }
}
