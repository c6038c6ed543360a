// SPDX-License-Identifier: Apache-2.0
import Foundation
import Recipes
import Tensors
import TestSupport
import Testing
import Training

/// Documents of a made-up language in which each token follows from the one before.
private func documents(_ count: Int, seed: UInt64) -> [[Int32]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
        var token = Int32(4 + generator.below(12))
        return (0..<5 + generator.below(30)).map { _ in
            token = 4 + (token * 5 + 3) % 12
            return token
        }
    }
}

private func recipe(steps: Int = 6, dropout: Double = 0) throws -> Recipe {
    try TrialRecipe.read(
        first: """
            tokens = \(steps * 128)
            micro_batch_tokens = 32
            dropout = \(dropout)
            """,
        second: """
            tokens = \(steps * 128)
            micro_batch_tokens = 32
            """,
        more: """
            [checkpoints]
            every_steps = 2
            keep = 2
            """)
}

@Suite("Pre-training")
struct PretrainingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func train(
        _ recipe: Recipe, in place: String, stoppingAfter stopStep: Int? = nil,
        reports: inout [StepReport], validations: inout [ValidationReport]
    ) throws -> ParameterSet {
        var configuration = recipe.model
        configuration.vocabSize = 16
        let stop = StopRequest()
        let directory = try RunDirectory(folder[place])
        let all = documents(40, seed: 1)
        let parts =
            recipe.validation.map {
                HeldOutDocuments(share: $0.share, seed: recipe.seed).split(all)
            } ?? (kept: all, heldOut: [])
        let pool = DocumentPool(documents: parts.kept, weight: 1.5)
        let run = PretrainingRun(
            recipe, configuration,
            special: PretrainingRun.SpecialTokens(
                begin: 0, end: 1, masks: recipe.phases.map { _ in 3 }),
            workers: 2,
            pools: { _ in [pool] }, heldOut: parts.heldOut)
        var told: (steps: [StepReport], validations: [ValidationReport]) = ([], [])
        defer {
            reports += told.steps
            validations += told.validations
        }
        let before = reports.count
        return try TrainingLoop(
            run.stages(), layout: ParameterLayout(configuration), start: run.start,
            checkpoints: CheckpointFolder(
                directory.checkpoints, identity: RunIdentity(), keep: recipe.checkpoints.keep),
            everySteps: recipe.checkpoints.everySteps, log: directory.log, stop: stop,
            report: { event in
                switch event {
                case .step(let step): told.steps.append(step)
                case .validation(let validation): told.validations.append(validation)
                case .notice: break
                }
                if before + told.steps.count == stopStep { stop.request() }
            }
        ).run()
    }

    private func train(
        _ recipe: Recipe, in place: String, stoppingAfter stopStep: Int? = nil,
        reports: inout [StepReport]
    ) throws -> ParameterSet {
        var validations: [ValidationReport] = []
        return try train(
            recipe, in: place, stoppingAfter: stopStep, reports: &reports,
            validations: &validations)
    }

    @Test(
        "A run that was stopped goes on to the same weights, bit for bit", arguments: [1, 5, 6, 9])
    func resumes(stopStep: Int) throws {
        let recipe = try recipe(dropout: 0.1)
        var whole: [StepReport] = []
        let expected = try train(recipe, in: "whole", reports: &whole)
        var parts: [StepReport] = []
        #expect(throws: TrainingError.self) {
            try train(recipe, in: "parts", stoppingAfter: stopStep, reports: &parts)
        }
        #expect(parts.count == stopStep)
        let found = try train(recipe, in: "parts", reports: &parts)
        #expect(found == expected)
        #expect(parts.map(\.loss) == whole.map(\.loss))
    }

    @Test("A run's log says which arithmetic it used", arguments: TrainingPrecision.allCases)
    func precision(_ asked: TrainingPrecision) throws {
        var recipe = try recipe()
        for phase in recipe.phases.indices { recipe.phases[phase].precision = asked }
        var reports: [StepReport] = []
        _ = try train(recipe, in: "arithmetic", reports: &reports)
        let log = RunDirectory.log(folder["arithmetic"])
        let starts = try RunLog.read(log).compactMap { line -> RunNotice? in
            guard case .notice(let notice) = line, notice.event == .start else { return nil }
            return notice
        }
        #expect(starts.map { $0.precision } == [asked.usable.rawValue])
        #expect(starts.map { $0.precisionMissing } == [asked.isAvailable ? nil : asked.rawValue])
    }

    @Test("Both objectives learn a language whose next token is certain")
    func learns() throws {
        var reports: [StepReport] = []
        _ = try train(recipe(steps: 80), in: "learn", reports: &reports)
        let first = reports.filter { $0.phase == "first" }.map(\.loss)
        let second = reports.filter { $0.phase == "second" }.map(\.loss)
        #expect(try #require(first.first) > 2)
        #expect(try #require(first.last) < 1)
        // Guessing among the twelve tokens costs 2.5.
        #expect(second.suffix(10).reduce(0, +) / 10 < 1.7)
    }

    @Test("Documents that are held out measure what is learnt from the others")
    func validates() throws {
        var recipe = try recipe(steps: 40)
        recipe.phases.removeLast()
        recipe.validation = PretrainingValidation(
            share: 0.2, tokens: 64, settings: ValidationSettings(everySteps: 10))
        var reports: [StepReport] = []
        var validations: [ValidationReport] = []
        _ = try train(
            recipe, in: "validates", reports: &reports,
            validations: &validations)
        #expect(validations.map(\.step) == [10, 20, 30, 40])
        let losses = validations.compactMap { $0.metrics["loss"] }
        #expect(losses == losses.sorted(by: >))
        #expect(try #require(losses.last) < 1.5)
        #expect(validations.map(\.isBest) == [true, true, true, true])
    }
}

@Suite("Documents held out")
struct HeldOutDocumentTests {
    @Test("are the same wherever they stand, about as many as wished, and never learnt from")
    func split() {
        let all = documents(1000, seed: 7)
        let choice = HeldOutDocuments(share: 0.1, seed: 3)
        let (kept, heldOut) = choice.split(all + all.reversed())
        #expect((120...280).contains(heldOut.count))
        #expect(Set(kept).isDisjoint(with: heldOut))
        #expect(kept.count + heldOut.count == 2000)
        #expect(Set(choice.split(all).heldOut) == Set(heldOut))
        #expect(
            HeldOutDocuments(share: 0.1, seed: 4).split(all).heldOut != choice.split(all).heldOut)
    }
}

@Suite("Rows")
struct PackedRowTests {
    @Test("An epoch holds each document once between its marks, whatever the order")
    func complete() {
        let pool = DocumentPool(documents: documents(50, seed: 2), weight: 1)
        func rows(_ seed: UInt64, _ epoch: Int) -> [[Int32]] {
            let rows = PackedRows([pool], context: 4, begin: 0, end: 1, seed: seed, epoch: epoch)
            return (0..<rows.count).map { Array(rows[$0]) }
        }
        let once = rows(5, 0)
        let length = pool.documents.reduce(0) { $0 + $1.count + 2 }
        #expect(once.count == length / 4)
        #expect(once.joined().count { $0 == 0 } >= 49)
        #expect(rows(5, 0) == once)
        #expect(rows(5, 1) != once)
        #expect(rows(6, 0) != once)
    }

    @Test("Fractions of a weight are drawn, whole numbers repeat", arguments: [0.5, 2, 2.25])
    func weights(weight: Double) {
        let pool = DocumentPool(
            documents: [[Int32]](repeating: [7, 7], count: 1000), weight: weight)
        let rows = PackedRows([pool], context: 4, begin: 0, end: 1, seed: 1, epoch: 0)
        #expect(abs(Double(rows.count) - 1000 * weight) < 60)
    }

    @Test("A stream that jumps ahead gives what a patient one gives")
    func stream() throws {
        let pools = [DocumentPool(documents: documents(9, seed: 3), weight: 1.5)]
        var patient = try #require(RowStream(pools, context: 8, begin: 0, end: 1, seed: 4))
        let rows = (0..<200).map { Array(patient.row($0)) }
        var hasty = try #require(RowStream(pools, context: 8, begin: 0, end: 1, seed: 4))
        #expect(Array(hasty.row(150)) == rows[150])
        #expect(Array(hasty.row(199)) == rows[199])
    }

    @Test("Too little text for a row is no stream")
    func tooLittle() {
        #expect(
            RowStream(
                [DocumentPool(documents: [[5]], weight: 1)], context: 8, begin: 0, end: 1, seed: 0)
                == nil)
    }

    @Test("Hidden tokens are predicted at their own place; eight of ten show the mask")
    func masking() {
        let row = [0] + (0..<2000).map { Int32(4 + $0 % 12) } + [1]
        let maker = BatchMaker(
            objective: .maskedNext, crossesDocuments: true, begin: 0, end: 1, mask: 3,
            maskedShare: 0.2, vocabulary: 16, seed: 8)
        let batch = maker.batch([row[...]], firstNumber: 17)
        #expect(!batch.causal)
        #expect((340...460).contains(batch.targets.rows.count))
        #expect(zip(batch.targets.rows, batch.targets.labels).allSatisfy { row[Int($0)] == $1 })
        let masked = batch.targets.rows.count { batch.tokens[Int($0)] == 3 }
        let share = Double(masked) / Double(batch.targets.rows.count)
        #expect(abs(share - 0.8) < 0.08)
        #expect(maker.batch([row[...]], firstNumber: 17) == batch)
        #expect(maker.batch([row[...]], firstNumber: 18) != batch)
    }

    @Test("Documents of a row count positions anew and do not predict each other's first token")
    func borders() {
        let maker = BatchMaker(
            objective: .causal, crossesDocuments: false, begin: 0, end: 1, mask: 3,
            maskedShare: 0.2, vocabulary: 16, seed: 8)
        let batch = maker.batch([[5, 6, 1, 0, 7, 1]], firstNumber: 0)
        #expect(batch.segments == [0..<3, 3..<6])
        #expect(batch.positions == [0, 1, 2, 0, 1, 2])
        #expect(batch.targets.rows == [0, 1, 3, 4])
        #expect(batch.targets.labels == [6, 1, 7, 1])
    }
}
