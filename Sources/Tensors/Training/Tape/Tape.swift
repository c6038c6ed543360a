// SPDX-License-Identifier: Apache-2.0

/// A matrix (rows, columns) that a tape has computed in the present pass.
package struct TapeValue: Hashable, Sendable {
    let index: Int
    /// Number of rows, one for each token as a rule.
    package let rows: Int
    /// Length of a row.
    package let columns: Int

    /// Number of numbers.
    package var count: Int { rows * columns }
}

/// Reverse-mode differentiation: the operations of one pass over one batch, and the way back.
///
/// An operation computes its result at once and leaves behind what its gradient needs. After the
/// losses have left theirs, ``accumulate(_:dropoutSeed:_:)`` walks back from the last operation and adds to
/// ``gradients``. Rows of all sequences of a batch lie end to end; memory is used again by
/// every pass. A tape serves one thread at a time; several tapes, one for each thread, share the
/// parameters. What an operation needs no gradient for is computed and forgotten.
///
/// `@unchecked Sendable` because a tape is handed from thread to thread as a whole, never used by two
/// of them at once.
package final class Tape: @unchecked Sendable {
    struct Slot {
        let start: UnsafeMutablePointer<Float>
        let needsGradient: Bool
        var gradient: UnsafeMutablePointer<Float>?
        /// The numbers rounded to bfloat16, once a product has asked for them.
        var half: UnsafeMutablePointer<UInt16>?
        /// Whether the numbers' memory is given back with this value.
        var isOwner = true
    }

    /// One step of the way back: the value it belongs to, and what is done with that value's gradient.
    private struct Step {
        let output: Int
        let backward: (Tape, UnsafeMutablePointer<Float>) -> Void
    }

    /// Sum of the gradients of all passes since it was last cleared.
    package var gradients: ParameterSet
    /// The parameters of the present pass; empty between passes.
    package private(set) var parameters: ParameterSet
    /// The arithmetic of products.
    package let precision: TrainingPrecision
    /// The rounded matrices of the present pass.
    private(set) var half: HalfParameters?
    /// Whether the present pass is walked back.
    package private(set) var isRecording = false
    let memory = TapeMemory()
    var slots: [Slot] = []
    private var steps: [Step] = []
    private var masks: (seed: UInt64, count: UInt64) = (0, 0)

    /// A tape for parameters of a layout; the precision must be available on this processor.
    package init(_ layout: ParameterLayout, precision: TrainingPrecision = .float32) {
        precondition(precision.isAvailable, "whoever asks for a precision looks first")
        self.precision = precision
        gradients = ParameterSet(zeros: layout)
        parameters = ParameterSet(ParameterLayout([]), tensors: [])
    }

    /// Runs a pass that computes losses, then adds the gradients that follow from them.
    ///
    /// - Parameter half: the matrices rounded to bfloat16, where the tape's precision asks for them and several
    ///   tapes share them; without it the tape rounds them itself.
    /// - Parameter dropoutSeed: decides the masks that ``dropoutMask(_:)`` gives out.
    package func accumulate<Result>(
        _ parameters: ParameterSet, half: HalfParameters? = nil, dropoutSeed: UInt64 = 0,
        _ body: (Tape) throws -> Result
    ) rethrows -> Result {
        try pass(parameters, half, dropoutSeed, records: true) {
            let result = try body(self)
            walkBack()
            return result
        }
    }

    /// Runs a pass without gradients.
    package func evaluate<Result>(
        _ parameters: ParameterSet, half: HalfParameters? = nil, _ body: (Tape) throws -> Result
    ) rethrows -> Result {
        try pass(parameters, half, 0, records: false) { try body(self) }
    }

    private func pass<Result>(
        _ parameters: ParameterSet, _ half: HalfParameters?, _ seed: UInt64, records: Bool,
        _ body: () throws -> Result
    ) rethrows -> Result {
        precondition(parameters.layout == gradients.layout, "parameters of the tape's layout")
        self.parameters = parameters
        self.half = half
        if precision == .bfloat16, half == nil {
            let own = HalfParameters(parameters.layout)
            own.update(from: parameters)
            self.half = own
        }
        isRecording = records
        masks = (seed, 0)
        defer {
            // Not kept, so that the optimizer changes the parameters where they are.
            self.parameters = ParameterSet(ParameterLayout([]), tensors: [])
            self.half = nil
            steps.removeAll(keepingCapacity: true)
            slots.removeAll(keepingCapacity: true)
            memory.reset()
        }
        return try body()
    }

    private func walkBack() {
        for step in steps.reversed() {
            guard let gradient = slots[step.output].gradient else { continue }
            step.backward(self, gradient)
            // Nothing before this step asks for it again; a step may have passed it on.
            if let rest = slots[step.output].gradient {
                memory.release(rest)
                slots[step.output].gradient = nil
            }
        }
    }

    /// The next dropout mask of the pass, or nil for a probability of 0.
    package func dropoutMask(_ probability: Float) -> DropoutMask? {
        guard probability > 0 else { return nil }
        masks.count += 1
        return DropoutMask(
            probability: probability, seed: SplitMix64.number(masks.count, of: masks.seed))
    }

    /// Bytes of memory for the values and gradients of the largest pass so far.
    package var memoryBytes: Int { memory.capacity * MemoryLayout<Float>.stride }

    /// Computes a value, a layer's as a rule; where nothing is recorded, the memory of what is made on the way is
    /// given back at once, and only the result stays.
    package func scope(_ body: () -> TapeValue) -> TapeValue {
        let first = slots.count
        let result = body()
        guard !isRecording else { return result }
        precondition(result.index < first || slots[result.index].isOwner, "a value of its own")
        for index in first..<slots.count {
            if let half = slots[index].half {
                memory.release(UnsafeMutableRawPointer(half).assumingMemoryBound(to: Float.self))
                slots[index].half = nil
            }
            guard index != result.index, slots[index].isOwner else { continue }
            memory.release(slots[index].start)
            slots[index].isOwner = false
        }
        return result
    }

    // MARK: For operations

    /// A new value whose numbers the operation writes.
    func makeValue(rows: Int, columns: Int, needsGradient: Bool) -> TapeValue {
        slots.append(
            Slot(
                start: memory.take(rows * columns), needsGradient: isRecording && needsGradient,
                gradient: nil))
        return TapeValue(index: slots.count - 1, rows: rows, columns: columns)
    }

    /// Keeps the way back of an operation whose result is `output`; nothing where that needs no
    /// gradient.
    ///
    /// `backward` gets the gradient of the result, adds to ``gradients`` and to what
    /// ``target(_:)`` gives for its arguments.
    func record(
        _ output: TapeValue,
        _ backward: @escaping (Tape, _ gradient: UnsafeMutablePointer<Float>) -> Void
    ) {
        guard slots[output.index].needsGradient else { return }
        steps.append(Step(output: output.index, backward: backward))
    }

    /// The numbers of a value.
    func start(_ value: TapeValue) -> UnsafeMutablePointer<Float> { slots[value.index].start }

    /// Whether a gradient is wanted for a value.
    func needsGradient(_ value: TapeValue) -> Bool { slots[value.index].needsGradient }

    /// Where an argument's gradient belongs, and whether it is to be added to what stands there;
    /// nil where none is wanted.
    func target(
        _ value: TapeValue
    ) -> (start: UnsafeMutablePointer<Float>, accumulates: Bool)? {
        guard slots[value.index].needsGradient else { return nil }
        if let start = slots[value.index].gradient { return (start, true) }
        let start = memory.take(value.count)
        slots[value.index].gradient = start
        return (start, false)
    }

    /// The same for operations that only add: what is new is set to zero.
    func sum(_ value: TapeValue) -> UnsafeMutablePointer<Float>? {
        guard let (start, accumulates) = target(value) else { return nil }
        if !accumulates { start.update(repeating: 0, count: value.count) }
        return start
    }

    /// Gives the gradient of a result to an argument of the same shape, without copying where the argument
    /// has none yet. The operation must not look at it afterwards.
    func pass(_ gradient: UnsafeMutablePointer<Float>, from output: TapeValue, to value: TapeValue)
    {
        guard slots[value.index].needsGradient else { return }
        if slots[value.index].gradient == nil {
            slots[value.index].gradient = gradient
            slots[output.index].gradient = nil
        } else if let start = sum(value) {
            TrainingLoops.scale(gradient, into: start, count: value.count, accumulate: true)
        }
    }

    /// Calls `body` with memory for `count` numbers that is given back afterwards.
    func withScratch<Result>(
        _ count: Int, _ body: (UnsafeMutablePointer<Float>) throws -> Result
    ) rethrows -> Result {
        let start = memory.take(count)
        defer { memory.release(start) }
        return try body(start)
    }

    /// Calls `body` with a parameter's numbers.
    func withParameter<Result>(
        _ place: Int, _ body: (UnsafePointer<Float>) throws -> Result
    ) rethrows -> Result {
        try parameters.tensors[place].values.withUnsafeBufferPointer { try body($0.start) }
    }

    /// Calls `body` with the sum of a parameter's gradients.
    func withGradient(_ place: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        gradients.tensors[place].values.withUnsafeMutableBufferPointer { body($0.start) }
    }
}
