import Tensors
import Training

/// What a recipe will cost, before it runs.
struct TrainingPlan: Encodable {
    struct Phase: Encodable {
        let name: String
        let objective: String
        let steps: Int
        let tokens: Int
    }

    let parameters: Int
    let memoryBytes: Int
    let threads: Int
    let phases: [Phase]

    init(_ recipe: Recipe) {
        threads = recipe.threads > 0 ? recipe.threads : ComputeThreads.count
        parameters = recipe.model.parameterCount
        memoryBytes = MemoryEstimate.bytes(recipe, workers: threads)
        phases = recipe.phases.map {
            Phase(
                name: $0.name, objective: $0.objective.rawValue, steps: $0.steps, tokens: $0.tokens)
        }
    }

    func print(json: Bool) throws {
        if json { return try printJSON(self) }
        Swift.print("parameters: \(parameters)")
        Swift.print("memory for training: about \(memoryBytes >> 20) MiB on \(threads) threads")
        TextTable(
            columns: ["phase", "objective", "steps", "tokens"],
            rows: phases.map { [$0.name, $0.objective, String($0.steps), String($0.tokens)] }
        ).print()
    }
}
