// SPDX-License-Identifier: Apache-2.0
import Faults
import Foundation
import Recipes
import Tensors
import Training

/// What a pre-training recipe will cost, before it runs.
struct TrainingPlan: Encodable {
    struct Phase: Encodable {
        let name: String
        let objective: String
        let steps: Int
        let tokens: Int
        let tokensPerSecond: Double?
        let seconds: Double?
    }

    let parameters: Int
    let memoryBytes: Int
    let checkpointBytes: Int
    let threads: Int
    let phases: [Phase]
    let seconds: Double?
    let sources: [RecipeCheck.Source]
    let rows: [String: Int]
    let problems: [String]

    /// The plan of a recipe; the time is measured by a few steps on random tokens where the memory of
    /// the machine allows it.
    init(_ recipe: Recipe, _ check: RecipeCheck) {
        if recipe.threads > 0 { ComputeThreads.set(recipe.threads) }
        let threads = ComputeThreads.count
        self.threads = threads
        parameters = recipe.model.parameterCount
        memoryBytes = MemoryEstimate.bytes(recipe, workers: threads)
        checkpointBytes =
            CheckpointFolder.bytes(parameters: parameters) * (recipe.checkpoints.keep + 1)
        let fits = memoryBytes < Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let bar = ProgressBar(lines: .seconds(10))
        phases = recipe.phases.enumerated().map { index, phase in
            bar.show("measuring", Double(index) / Double(recipe.phases.count))
            let step =
                fits
                ? TrialSteps(recipe.model, phase)
                    .estimate(workers: threads) : nil
            return Phase(
                name: phase.name, objective: phase.objective.rawValue, steps: phase.steps,
                tokens: phase.tokens, tokensPerSecond: step.map { Double(phase.batchTokens) / $0 },
                seconds: step.map { $0 * Double(phase.steps) })
        }
        bar.finish()
        seconds = fits ? phases.reduce(0) { $0 + ($1.seconds ?? 0) } : nil
        (sources, rows) = (check.sources, check.rows)
        problems = check.problems.map { explained($0).explanation }
    }

    func print(json: Bool) throws {
        if json { return try printJSON(self) }
        Swift.print("parameters: \(parameters)")
        Swift.print("memory for training: about \(memoryBytes >> 20) MiB on \(threads) threads")
        Swift.print("disk for checkpoints: \(checkpointBytes >> 20) MiB")
        if let seconds {
            Swift.print("time for pre-training: about \(ProgressBar.duration(seconds))")
        } else {
            Swift.print("time for pre-training: not measured, since the machine has less memory")
        }
        TextTable(
            columns: ["phase", "objective", "steps", "tokens", "tokens/s", "time"],
            rows: phases.map {
                [
                    $0.name, $0.objective, String($0.steps), String($0.tokens),
                    $0.tokensPerSecond.map { String(format: "%.0f", $0) } ?? "",
                    $0.seconds.map(ProgressBar.duration) ?? "",
                ]
            }
        ).print()
        TextTable(
            columns: ["text", "licence", "bytes", "documents"],
            rows: sources.map { [$0.file, $0.licence, String($0.bytes), String($0.documents)] }
        ).print()
        if !rows.isEmpty {
            TextTable(
                columns: ["rows of tasks", "rows"],
                rows: rows.sorted { $0.key < $1.key }.map { [$0.key, String($0.value)] }
            ).print()
        }
    }
}

extension CommandFailure {
    /// All problems that a check has found as one failure, a line each, disposed of as the first; nil
    /// without.
    init?(_ check: RecipeCheck) {
        let problems = check.problems.map(explained)
        guard let first = problems.first else { return nil }
        self.init(
            first.disposition,
            problems.map(\.explanation).joined(separator: "\nshokenctl: "))
    }
}
