// SPDX-License-Identifier: Apache-2.0

/// Names, shapes and places of the tensors that a training run changes.
package struct ParameterLayout: Hashable, Sendable {
    /// One tensor: its published name and its shape.
    package struct Entry: Hashable, Sendable {
        /// The name in a Hugging Face checkpoint.
        package let name: String
        /// Lengths, (out, in) for matrices.
        package let shape: [Int]
        /// Whether weight decay shrinks it: matrices, not norms and biases.
        package let decays: Bool

        /// An entry; tensors of two dimensions and more decay unless it is said otherwise.
        package init(name: String, shape: [Int], decays: Bool? = nil) {
            (self.name, self.shape) = (name, shape)
            self.decays = decays ?? (shape.count > 1)
        }

        /// Number of numbers.
        package var count: Int { shape.reduce(1, *) }
    }

    /// All tensors in order.
    package let entries: [Entry]

    /// A layout of entries whose names differ.
    package init(_ entries: [Entry]) {
        self.entries = entries
        precondition(Set(entries.map(\.name)).count == entries.count, "names differ")
    }

    /// Number of numbers.
    package var count: Int { entries.reduce(0) { $0 + $1.count } }

    /// Place of the tensor with a name, or nil.
    package func place(of name: String) -> Int? { entries.firstIndex { $0.name == name } }
}

/// One tensor for each entry of a layout: weights, gradients or moments of a network.
package struct ParameterSet: Hashable, Sendable {
    /// What the tensors are.
    package let layout: ParameterLayout
    /// The tensors, in the layout's order.
    package var tensors: [Tensor]

    /// All zeros.
    package init(zeros layout: ParameterLayout) {
        self.layout = layout
        tensors = layout.entries.map { Tensor(zeros: $0.shape) }
    }

    /// Given tensors, one for each entry and of its shape.
    package init(_ layout: ParameterLayout, tensors: [Tensor]) {
        precondition(layout.entries.map(\.shape) == tensors.map(\.shape), "shapes of the layout")
        (self.layout, self.tensors) = (layout, tensors)
    }

    /// The tensors by their published names.
    package func named() -> [String: Tensor] {
        Dictionary(
            uniqueKeysWithValues: zip(layout.entries, tensors).map { ($0.name, $1) })
    }

    /// The tensor with a name, or nil.
    package subscript(name: String) -> Tensor? { layout.place(of: name).map { tensors[$0] } }

    /// Sets every number to zero, keeping the storage.
    package mutating func clear() {
        for place in tensors.indices { tensors[place].clear() }
    }

    /// Adds another set of the same layout.
    package mutating func add(_ other: ParameterSet) {
        precondition(layout == other.layout)
        for place in tensors.indices { tensors[place].add(other.tensors[place]) }
    }

    /// Euclidean norm over all numbers.
    package var globalNorm: Double {
        tensors.reduce(0) { $0 + $1.sumOfSquares }.squareRoot()
    }
}
