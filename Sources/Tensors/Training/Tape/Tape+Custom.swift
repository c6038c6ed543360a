// SPDX-License-Identifier: Apache-2.0
extension Tape {
    /// The numbers of a value.
    package func tensor(_ value: TapeValue) -> Tensor {
        Tensor(
            shape: [value.rows, value.columns],
            values: Array(UnsafeBufferPointer(start: start(value), count: value.count)))
    }

    /// A matrix that is no parameter; no gradient goes to it.
    package func constant(_ tensor: Tensor) -> TapeValue {
        let y = makeValue(rows: tensor.rows, columns: tensor.columns, needsGradient: false)
        copy(tensor, to: start(y))
        return y
    }

    /// A parameter as a value, for operations that take values only; its gradient comes back to it.
    ///
    /// A vector becomes one row.
    package func parameter(_ place: Int) -> TapeValue {
        let shape = gradients.layout.entries[place].shape
        let columns = shape.last ?? 1
        let y = makeValue(
            rows: shape.dropLast().reduce(1, *), columns: columns, needsGradient: true)
        withParameter(place) { start(y).update(from: $0, count: y.count) }
        record(y) { tape, gradient in
            tape.withGradient(place) {
                TrainingLoops.scale(gradient, into: $0, count: y.count, accumulate: true)
            }
        }
        return y
    }

    /// Adds to the gradient of a value: how a loss that is computed elsewhere begins the way back.
    package func seed(_ value: TapeValue, gradient: Tensor) {
        precondition(gradient.count == value.count, "as many elements")
        guard let sum = sum(value) else { return }
        gradient.values.withUnsafeBufferPointer {
            guard let source = $0.baseAddress else { return }
            TrainingLoops.scale(source, into: sum, count: $0.count, accumulate: true)
        }
    }

    /// An operation of one's own over whole tensors, with its way back.
    ///
    /// `backward` gets the gradient of the result and returns those of the arguments, nil where one has none.
    /// Values are copied out and in: for operations that do much work for each number.
    package func custom(
        _ arguments: [TapeValue], result: Tensor,
        backward: @escaping (_ gradient: Tensor) -> [Tensor?]
    ) -> TapeValue {
        let y = makeValue(
            rows: result.rows, columns: result.columns,
            needsGradient: arguments.contains(where: needsGradient))
        copy(result, to: start(y))
        record(y) { tape, gradient in
            let values = Array(UnsafeBufferPointer(start: gradient, count: y.count))
            let found = backward(Tensor(shape: [y.rows, y.columns], values: values))
            precondition(found.count == arguments.count, "one gradient an argument")
            for (argument, gradient) in zip(arguments, found) {
                if let gradient { tape.seed(argument, gradient: gradient) }
            }
        }
        return y
    }
}
