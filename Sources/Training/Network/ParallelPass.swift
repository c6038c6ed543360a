// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// Gradients of many batches, computed on one tape for each thread and added up (gradient
/// accumulation).
///
/// Batch i goes to worker i mod W, and workers are summed in order, so that the result depends on
/// the number of workers only, not on which thread was faster. With one worker all threads share
/// each operation instead.
package struct ParallelPass<Network: TrainedNetwork>: Sendable {
    private struct Worker: Sendable {
        let tape: Tape
        var loss = 0.0
    }

    private let network: Network
    private var workers: [Worker]
    private let half: HalfParameters?

    /// `workers` tapes with memory of their own; as many as there are threads to compute with.
    ///
    /// The precision must be available on this processor (`TrainingPrecision.isAvailable`).
    package init(
        _ network: Network, workers: Int, precision: TrainingPrecision = .float32
    ) {
        precondition(workers > 0)
        self.network = network
        self.workers = (0..<workers).map { _ in
            Worker(tape: Tape(network.layout, precision: precision))
        }
        half = precision == .bfloat16 ? HalfParameters(network.layout) : nil
    }

    /// Sum of the gradients after ``compute(_:parameters:dropout:seed:)``.
    package var gradients: ParameterSet { workers[0].tape.gradients }

    /// Bytes of the workers' gradients and of the memory for values so far.
    package var memoryBytes: Int {
        workers.reduce(0) { $0 + $1.tape.memoryBytes + 4 * network.layout.count }
    }

    /// Returns the mean loss over all targets and makes its gradient.
    ///
    /// - Parameter seed: decides the dropout masks, together with each batch's number.
    package mutating func compute(
        _ batches: [Network.Batch], parameters: ParameterSet, dropout: Float = 0,
        seed: UInt64 = 0
    ) -> Double {
        let (network, half, count) = (self.network, half, workers.count)
        half?.update(from: parameters)
        let targets = batches.reduce(0) { $0 + network.targetCount(of: $1) }
        let factor = targets == 0 ? 0 : Float(1 / targets)
        ComputeThreads.forEachWorker(&workers) { index, worker in
            worker.tape.gradients.clear()
            worker.loss = 0
            for number in stride(from: index, to: batches.count, by: count) {
                var generator = SplitMix64(seed: seed, stream: UInt64(number))
                let batch = batches[number]
                worker.loss += worker.tape.accumulate(
                    parameters, half: half, dropoutSeed: generator.next()
                ) { network.loss(of: batch, on: $0, factor: factor, dropout: dropout) }
            }
        }
        for index in workers.indices.dropFirst() {
            workers[0].tape.gradients.add(workers[index].tape.gradients)
        }
        return targets == 0 ? 0 : workers.reduce(0) { $0 + $1.loss } / targets
    }

    /// The mean loss over all targets, without dropout and gradients.
    package mutating func evaluate(
        _ batches: [Network.Batch], parameters: ParameterSet
    ) -> Double {
        let (network, half, count) = (self.network, half, workers.count)
        half?.update(from: parameters)
        let targets = batches.reduce(0) { $0 + network.targetCount(of: $1) }
        ComputeThreads.forEachWorker(&workers) { index, worker in
            worker.loss = 0
            for number in stride(from: index, to: batches.count, by: count) {
                let batch = batches[number]
                worker.loss += worker.tape.evaluate(parameters, half: half) {
                    network.loss(of: batch, on: $0, factor: 0, dropout: 0)
                }
            }
        }
        return targets == 0 ? 0 : workers.reduce(0) { $0 + $1.loss } / targets
    }
}
