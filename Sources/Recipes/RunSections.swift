// SPDX-License-Identifier: Apache-2.0
import Training

// The sections of a recipe that every kind of training has in common.

extension CheckpointSettings {
    /// Reads `[checkpoints]`; the defaults where there is none.
    init(_ section: RecipeSection?) throws {
        try section?.allow("every_steps", "keep")
        self.init()
        everySteps =
            try section?.integer("every_steps", in: 1...1_000_000, default: everySteps)
            ?? everySteps
        keep = try section?.integer("keep", in: 1...1000, default: keep) ?? keep
    }
}

extension ValidationSettings {
    /// The keys of `[validation]` that every kind has.
    static let keys = [
        "every_steps", "metric", "patience", "minimum_improvement", "keep_best",
    ]

    /// Reads these keys of `[validation]`; others are the kind's own, which it must allow.
    ///
    /// - Parameter metrics: those that the kind measures, and whether smaller is better.
    init(_ section: RecipeSection, metrics: [String: Bool]) throws {
        let patience = try section.integer("patience", in: 0...1_000_000, default: 0)
        let metric = try section.string("metric", default: "loss")
        guard let lowerIsBetter = metrics[metric] else {
            throw section.bad("metric", metrics.keys.sorted().joined(separator: " or "))
        }
        self.init(
            everySteps: try section.integer("every_steps", in: 1...1_000_000, default: 100),
            metric: metric, lowerIsBetter: lowerIsBetter,
            patience: patience > 0 ? patience : nil,
            minimumImprovement: try section.number(
                "minimum_improvement", in: 0...1_000_000, default: 0),
            // Who stops since it no longer improves wants what was best.
            keepsBest: try section.bool("keep_best", default: patience > 0))
    }
}

extension StabilitySettings {
    /// Reads `[stability]`; the defaults where there is none.
    ///
    /// - Parameter spikeFactor: the kind's default; 0 lets any finite loss through.
    init(_ section: RecipeSection?, spikeFactor other: Double) throws {
        self.init(action: .rollback, spikeFactor: other)
        guard let section else { return }
        try section.allow("on_spike", "spike_factor", "window", "maximum_rollbacks")
        action = try section.choice("on_spike", default: .rollback)
        spikeFactor = try section.number("spike_factor", in: 0...1000, default: other)
        guard spikeFactor == 0 || spikeFactor > 1 else {
            throw section.bad("spike_factor", "0 or above 1")
        }
        window = try section.integer("window", in: 1...10_000, default: window)
        maximumRollbacks = try section.integer(
            "maximum_rollbacks", in: 0...1000, default: maximumRollbacks)
    }
}

/// What the size of one step is counted in. Each kind of recipe has its own unit, and each unit its own
/// key, so that a number is never read in another unit than it was written in.
package enum StepUnit: String, CaseIterable, Sendable {
    /// Tokens of all rows of a step: pre-training.
    case tokens
    /// Conversations: instruction tuning.
    case rows
    /// Texts, or pairs of them: tuning through heads.
    case texts

    /// The key of a step's size in this unit.
    package var key: String { "batch_\(rawValue)" }
}

extension RecipeSection {
    /// Throws ``RecipeError/stepUnit(file:key:unit:)`` where the size of a step is given in a unit other
    /// than that of this kind of recipe.
    func refuseStepUnits(otherThan unit: StepUnit) throws {
        guard let other = StepUnit.allCases.first(where: { $0 != unit && has($0.key) }) else {
            return
        }
        throw RecipeError.stepUnit(file: file, key: name(other.key), unit: unit)
    }
}
