import Tensors

/// Gradients of many batches, computed by one ``DecoderPass`` for each thread.
///
/// Batch i goes to worker i mod W, and workers are summed in order, so that the result depends on
/// the number of workers only, not on which thread was faster.
package struct ParallelPass: Sendable {
    private struct Worker: Sendable {
        var pass: DecoderPass
        var loss = 0.0
    }

    private var workers: [Worker]

    /// `workers` passes with memory of their own; as many as there are threads to compute with.
    package init(_ shape: NetworkShape, workers: Int) {
        precondition(workers > 0)
        self.workers = (0..<workers).map { _ in Worker(pass: DecoderPass(shape)) }
    }

    /// Sum of the gradients after ``compute``.
    package var gradients: DecoderParameters { workers[0].pass.gradients }

    /// Returns the mean loss over all targets and makes its gradient.
    ///
    /// - Parameter seed: decides the dropout masks, together with each batch's number.
    package mutating func compute(
        _ batches: [TrainingBatch], parameters: DecoderParameters, dropout: Float = 0,
        seed: UInt64 = 0
    ) -> Double {
        let targets = batches.reduce(0) { $0 + $1.targetRows.count }
        let factor = targets == 0 ? 0 : 1 / Float(targets)
        let count = workers.count
        ComputeThreads.forEachWorker(&workers) { index, worker in
            worker.pass.gradients.clear()
            worker.loss = 0
            for number in stride(from: index, to: batches.count, by: count) {
                var generator = SplitMix64(seed: seed, stream: UInt64(number))
                worker.loss += worker.pass.accumulate(
                    batches[number], parameters: parameters, factor: factor, dropout: dropout,
                    seed: generator.next())
            }
        }
        for index in workers.indices.dropFirst() {
            workers[0].pass.gradients.add(workers[index].pass.gradients)
        }
        return targets == 0 ? 0 : workers.reduce(0) { $0 + $1.loss } / Double(targets)
    }
}
