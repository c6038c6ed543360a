// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Tensors
import Training

/// Measures heads on what is held out.
struct TuningMeasurement {
    private let network: HeadedNetwork
    private let data: [HeadData]
    private let tape: Tape
    private let tokens: Int
    /// What is held out of each head, words hidden where the head guesses them: the same every time.
    private let held: [[HeadExample]]

    init(
        _ network: HeadedNetwork, data: [HeadData], masking: (Int) -> WordMasking?, seed: UInt64,
        tokens: Int
    ) throws {
        (self.network, self.data, self.tokens) = (network, data, tokens)
        tape = Tape(network.layout)
        held = data.indices.map { head in
            guard let masking = masking(head) else { return data[head].held }
            return data[head].held.enumerated().map { place, example in
                var generator = SplitMix64(seed: ~seed, stream: UInt64(place))
                return masking.hiding(example, words: data[head].heldWords[place], &generator)
            }
        }
    }

    /// Metrics by name, as ``TuningRecipe/metrics(_:)`` lists them.
    func metrics(
        of parameters: ParameterSet, _ pass: inout ParallelPass<HeadedNetwork>
    ) throws -> [String: Double] {
        var metrics: [String: Double] = [:]
        var (sum, shares) = (0.0, 0.0)
        for head in data.indices {
            let settings = network.heads[head]
            let prefix = data.count > 1 ? settings.name + "." : ""
            let batches = HeadExample.groups(held[head], atLeast: 1, tokens: tokens)
            let loss = pass.evaluate(
                batches.map { HeadExample.batch($0, head: head) }, parameters: parameters)
            metrics[prefix + "loss"] = loss
            sum += settings.share * loss
            shares += settings.share
            for (name, value) in answers(head, parameters) { metrics[prefix + name] = value }
        }
        if data.count > 1 { metrics["loss"] = sum / shares }
        return metrics
    }

    private func answers(_ head: Int, _ parameters: ParameterSet) -> [String: Double] {
        let settings = network.heads[head]
        switch settings.kind {
        case .maskedTokens: return [:]
        case .tokens:
            let labels = TokenLabels(settings.labels)
            let transitions = network.learntTransitions(parameters, head: head)
            var counts = SpanCounts()
            for windows in data[head].heldWindows {
                let scores = windows.examples.map { self.scores([$0], head, parameters) }
                counts.add(
                    found: ExampleMaker.spans(
                        windows, scores: scores, labels: labels, transitions),
                    gold: windows.spans)
            }
            return counts.metrics
        case .label, .ordinal, .number: break
        }
        let thresholds = network.thresholds(parameters, head: head)
        var labels = LabelCounts(labels: settings.labels.count)
        var numbers = NumberErrors()
        for group in HeadExample.groups(held[head], atLeast: 1, tokens: tokens) {
            let scores = scores(group, head, parameters)
            for (row, example) in group.enumerated() {
                let own = scores.values[row * scores.columns..<(row + 1) * scores.columns]
                switch example.targets {
                case .numbers(let gold):
                    numbers.add(found: Double(own.first ?? 0), gold: Double(gold.first ?? 0))
                case .labels(let gold):
                    let best =
                        thresholds.map {
                            HeadLoss.ordinalLabel(own.first ?? 0, thresholds: $0)
                        } ?? own.indices.max { own[$0] < own[$1] }.map { $0 - own.startIndex } ?? 0
                    labels.add(gold: Int(gold.first ?? 0), found: best)
                case .tokens: break
                }
            }
        }
        return settings.kind == .number
            ? numbers.metrics : labels.metrics(ordered: settings.kind == .ordinal)
    }

    private func scores(
        _ examples: [HeadExample], _ head: Int, _ parameters: ParameterSet
    ) -> Tensor {
        network.scores(
            of: SequenceBatch(examples.map { (ids: $0.ids, types: $0.types) }), head: head,
            on: tape, parameters: parameters)
    }
}
