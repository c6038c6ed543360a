// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import Training

@Suite("AdamW with clipping")
struct OptimizerTests {
    private let layout = ParameterLayout([
        .init(name: "matrix.weight", shape: [2, 2]), .init(name: "norm.weight", shape: [2]),
        .init(name: "table", shape: [1, 2], decays: false),
    ])

    private func set(_ value: Float) -> ParameterSet {
        ParameterSet(
            layout,
            tensors: layout.entries.map {
                Tensor(shape: $0.shape, values: [Float](repeating: value, count: $0.count))
            })
    }

    @Test("Matrices decay, norms and what is said not to decay do not")
    func decay() {
        var parameters = set(2)
        var optimizer = AdamW(layout)
        _ = optimizer.update(&parameters, gradients: set(0), rate: 0.5)
        #expect(parameters.tensors[0].values.allSatisfy { abs($0 - 2 * (1 - 0.5 * 0.1)) < 1e-6 })
        #expect(parameters.tensors[1].values == [2, 2])
        #expect(parameters.tensors[2].values == [2, 2])
    }

    @Test("A gradient longer than the bound is shortened to it, a shorter one stays")
    func clipping() {
        for (value, factor) in [(Float(3), 1 / (3 * 8.0.squareRoot())), (0.1, 1.0)] {
            var parameters = set(1)
            var optimizer = AdamW(layout)
            let norm = optimizer.update(&parameters, gradients: set(value), rate: 1e-3)
            #expect(abs(norm - Double(value) * 8.0.squareRoot()) < 1e-5)
            let mean = Float(0.1 * Double(value) * factor)
            for tensor in optimizer.means.tensors {
                #expect(tensor.values.allSatisfy { abs($0 - mean) < 1e-6 })
            }
        }
    }

    private static let references = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/fixtures/training").standardizedFileURL

    private struct Log: Decodable {
        struct Settings: Decodable {
            let peak_learning_rate: Double
            let warmup_steps: Int
            let total_steps: Int
        }
        struct Step: Decodable {
            let step: Int
            let learning_rate: Double
        }
        let optimizer: Settings
        let steps: [Step]
    }

    @Test(
        "Learning rates are those of the reference runs",
        .enabled(
            if: FileManager.default.fileExists(atPath: references.path),
            "the reference runs are not beside the repository"),
        arguments: ["ncvc", "llama", "bert-token-classification"])
    func rates(model: String) throws {
        let file = Self.references.appending(path: "\(model)/full/log.json")
        let log = try JSONDecoder().decode(Log.self, from: Data(contentsOf: file))
        let schedule = LearningRateSchedule(
            peak: log.optimizer.peak_learning_rate, warmup: log.optimizer.warmup_steps,
            total: log.optimizer.total_steps)
        #expect(!log.steps.isEmpty)
        for step in log.steps {
            #expect(abs(schedule.rate(step: step.step) - step.learning_rate) < 1e-9)
        }
    }
}
