// SPDX-License-Identifier: Apache-2.0
package import Tensors

/// A tensor that is to be written: what its file says of it before any element.
package struct PlannedTensor: Hashable, Sendable {
    /// How its elements are stored.
    package enum Elements: Hashable, Sendable {
        /// One by one, in a safetensors file.
        case plain(StorageType)
        /// As a GGUF file has them.
        case blocks(BlockFormat)
    }

    /// Its name.
    package let name: String
    /// Lengths of the dimensions, outermost first.
    package let shape: [Int]
    /// How its elements are stored.
    package let elements: Elements

    /// A tensor of a safetensors file.
    package init(name: String, shape: [Int], type: StorageType) {
        (self.name, self.shape, elements) = (name, shape, .plain(type))
    }

    /// A tensor of a GGUF file; rows must be whole blocks.
    package init(name: String, shape: [Int], format: BlockFormat) {
        precondition((shape.last ?? 1) % format.blockElements == 0, "rows of whole blocks")
        (self.name, self.shape, elements) = (name, shape, .blocks(format))
    }

    /// Number of elements.
    package var count: Int { shape.reduce(1, *) }

    /// Bytes in the file.
    package var byteCount: Int {
        switch elements {
        case .plain(let type): count * type.bytes
        case .blocks(let format): count / format.blockElements * format.blockBytes
        }
    }
}

/// Where the elements of a planned tensor go, in parts, from first to last.
package struct TensorSink {
    /// The tensor.
    package let tensor: PlannedTensor
    /// Bytes that are still to come.
    package private(set) var remaining: Int
    private let emit: (UnsafeRawBufferPointer) throws -> Void

    init(_ tensor: PlannedTensor, _ emit: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        (self.tensor, remaining, self.emit) = (tensor, tensor.byteCount, emit)
    }

    /// Elements in their storage type; whole blocks where there are blocks.
    ///
    /// Throws `notRepresentable` or `notEncodable` where a value is too large, or what writing throws.
    package mutating func append(_ values: [Float]) throws {
        let format: BlockFormat
        switch tensor.elements {
        case .blocks(let blocks): format = blocks
        case .plain(.float32): format = .float32
        case .plain(.float16): format = .float16
        case .plain(.bfloat16): format = .bfloat16
        case .plain: preconditionFailure("floats are not written as whole numbers")
        }
        guard let bytes = format.encoded(values) else {
            guard case .plain(let type) = tensor.elements else {
                throw WeightFileError.notEncodable(tensor: tensor.name, format: format)
            }
            throw WeightFileError.notRepresentable(tensor: tensor.name, storage: type)
        }
        try append(bytes: bytes)
    }

    /// Bytes as they are to stand in the file.
    package mutating func append(bytes: [UInt8]) throws {
        precondition(bytes.count <= remaining, "no more elements than planned")
        remaining -= bytes.count
        try bytes.withUnsafeBytes { try emit($0) }
    }

    /// Fills a tensor through `body`.
    static func fill(
        _ tensor: PlannedTensor, _ emit: @escaping (UnsafeRawBufferPointer) throws -> Void,
        _ body: (inout TensorSink) throws -> Void
    ) throws {
        var sink = TensorSink(tensor, emit)
        try body(&sink)
        precondition(sink.remaining == 0, "all elements that were planned")
    }
}
