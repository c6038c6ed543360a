// SPDX-License-Identifier: Apache-2.0

/// The curves of a run, thinned so that a run of any length needs little memory.
package struct RunCurves: Hashable, Sendable {
    /// Steps that follow each other, as the mean of what they measured.
    package struct Point: Hashable, Sendable {
        /// The stage's place in ``stages``.
        package var stage: Int
        /// Step of the stage, the last of those.
        package var step: Int
        /// Number of steps.
        package var count: Double
        /// Mean loss.
        package var loss: Double
        /// Mean learning rate.
        package var learningRate: Double
        /// Mean norm of the gradient.
        package var gradientNorm: Double
        /// Mean speed.
        package var tokensPerSecond: Double
    }

    /// A stage that has begun.
    package struct Stage: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Steps in all.
        package var steps: Int
        /// Steps done.
        package var done = 0
        /// Steps of all stages before it.
        package var offset: Int
    }

    /// A validation, and the stage it belongs to.
    package struct Validation: Hashable, Sendable {
        /// The stage's place in ``stages``.
        package var stage: Int
        /// What was measured.
        package var report: ValidationReport
    }

    private static let limit = 2048

    /// The stages that have begun, in order.
    package private(set) var stages: [Stage] = []
    /// The steps.
    package private(set) var points: [Point] = []
    /// The validations.
    package private(set) var validations: [Validation] = []
    /// What else happened, without the checkpoints.
    package private(set) var notices: [RunNotice] = []
    /// The last step.
    package private(set) var last: StepReport?
    /// The last checkpoint.
    package private(set) var lastCheckpoint: RunNotice?

    /// No step yet.
    package init() {}

    /// The curves of a log.
    package init(_ lines: [LogLine]) { for line in lines { take(line) } }

    /// Takes a line of a log.
    package mutating func take(_ line: LogLine) {
        switch line {
        case .step(let step): take(step)
        case .validation(let report):
            validations.append(
                Validation(stage: place(report.phase, steps: 0), report: report))
        case .notice(let notice):
            if notice.event == .checkpoint {
                lastCheckpoint = notice
            } else {
                notices.append(notice)
            }
            if notice.event == .rollback { forget(notice) }
        }
    }

    /// The steps that a point stands for, counted over all stages.
    package func x(_ point: Point) -> Double { Double(stages[point.stage].offset + point.step) }
    /// The same for a validation.
    package func x(_ found: Validation) -> Double {
        Double(stages[found.stage].offset + found.report.step)
    }

    private mutating func place(_ name: String, steps: Int) -> Int {
        if let place = stages.firstIndex(where: { $0.name == name }) { return place }
        let offset = stages.last.map { $0.offset + $0.done } ?? 0
        stages.append(Stage(name: name, steps: steps, offset: offset))
        return stages.count - 1
    }

    private mutating func take(_ step: StepReport) {
        let stage = place(step.phase, steps: step.steps)
        (stages[stage].steps, stages[stage].done) = (step.steps, step.step)
        last = step
        points.append(
            Point(
                stage: stage, step: step.step, count: 1, loss: step.loss,
                learningRate: step.learningRate, gradientNorm: step.gradientNorm,
                tokensPerSecond: step.tokensPerSecond))
        if points.count > Self.limit { thin() }
    }

    /// Joins each two points that follow each other in a stage.
    private mutating func thin() {
        var joined: [Point] = []
        var index = 0
        while index < points.count {
            let point = points[index]
            if index + 1 < points.count, points[index + 1].stage == point.stage {
                joined.append(Self.mean(point, points[index + 1]))
                index += 2
            } else {
                joined.append(point)
                index += 1
            }
        }
        points = joined
    }

    private static func mean(_ a: Point, _ b: Point) -> Point {
        let count = a.count + b.count
        func mean(_ value: KeyPath<Point, Double>) -> Double {
            (a[keyPath: value] * a.count + b[keyPath: value] * b.count) / count
        }
        return Point(
            stage: b.stage, step: b.step, count: count, loss: mean(\.loss),
            learningRate: mean(\.learningRate), gradientNorm: mean(\.gradientNorm),
            tokensPerSecond: mean(\.tokensPerSecond))
    }

    /// Takes away the steps that a run went back over.
    private mutating func forget(_ notice: RunNotice) {
        guard let step = notice.backTo,
            let stage = stages.firstIndex(where: { $0.name == notice.phase })
        else { return }
        points.removeAll { $0.stage == stage && $0.step > step }
        validations.removeAll { $0.stage == stage && $0.report.step > step }
        stages[stage].done = step
    }
}
