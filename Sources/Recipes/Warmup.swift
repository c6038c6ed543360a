// SPDX-License-Identifier: Apache-2.0
import Training

/// How long the learning rate rises from zero to its peak, by `warmup_fraction` or `warmup_steps`.
package enum Warmup: Hashable, Sendable {
    /// A share of the run's steps, from 0 to 1.
    case fraction(Double)
    /// A number of steps.
    case steps(Int)

    /// The keys of it, of which a recipe gives one at most.
    static let keys = ["warmup_fraction", "warmup_steps"]

    /// Reads the one of its keys that is there.
    ///
    /// - Parameters:
    ///   - steps: the run's steps, which warming up must fit into; nil where the data decide them.
    ///   - other: what holds where neither key is there.
    init(_ section: RecipeSection, steps: Int?, default other: Warmup) throws {
        switch (section.has("warmup_fraction"), section.has("warmup_steps")) {
        case (true, true):
            throw RecipeError.conflictingKeys(
                file: section.file, first: section.name("warmup_fraction"),
                second: section.name("warmup_steps"))
        case (true, false): self = .fraction(try section.number("warmup_fraction", in: 0...1))
        case (false, true):
            self = .steps(try section.integer("warmup_steps", in: 0...(steps ?? 1 << 30)))
        case (false, false): self = other
        }
    }

    /// The steps in which the learning rate rises, of a run or phase with `total` steps.
    package func steps(of total: Int) -> Int {
        switch self {
        case .fraction(let share): Int((Double(total) * share).rounded())
        case .steps(let count): count
        }
    }

    /// The same for a run that is cut to `total` steps: a number of steps becomes no larger than that.
    package func limited(to total: Int) -> Warmup {
        guard case .steps(let count) = self else { return self }
        return .steps(min(count, total))
    }
}

extension RunIdentity {
    /// Adds the settings of a run's steps, with their warm-up under a name for each of its two forms.
    mutating func add(_ settings: Any, warmup: Warmup, as name: String) {
        add(settings, as: name)
        self["\(name).warmup"] = nil
        // The names that checkpoints have had since before both forms were read in every kind.
        switch warmup {
        case .fraction(let share): self["\(name).warmupFraction"] = "\(share)"
        case .steps(let count): self["\(name).warmupSteps"] = "\(count)"
        }
    }
}
