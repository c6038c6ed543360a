// SPDX-License-Identifier: Apache-2.0
package import Tensors
package import WeightFiles

/// A decoder in a GGUF file, seen as a published checkpoint: configuration, and tensors by
/// Hugging Face's names.
///
/// The settings' keys and the tensors' names are those of llama.cpp's `gguf-py`.
package struct GGUFDecoder: TensorSource {
    /// The sizes and settings that the file says.
    package let configuration: DecoderConfiguration
    /// The file.
    package let file: GGUFFile
    /// The path, escaped for display.
    package var path: String { file.path }
    private let stored: [String: StoredTensor]
    /// Whether the rows of queries and keys are given in the file's order, in pairs that turn together.
    package private(set) var turnsNeighbours = false

    /// Gives the rows of queries and keys in the file's order from now on, where the whole head
    /// turns, so that they can be used where they lie.
    package mutating func keepRowOrder() {
        let map = GGUFTensorMap(configuration)
        turnsNeighbours =
            configuration.rotaryWidth == configuration.headDim
            && stored.values.contains { map.place(of: $0).interleavedHeads != nil }
    }

    /// Reads a file's settings; throws `ModelConfigurationError`.
    package init(_ file: GGUFFile) throws(ModelConfigurationError) {
        self.file = file
        configuration = try GGUFSettings(file).configuration()
        stored = configuration.storedTensors.reduce(into: [:]) { $0[$1.name] = $1 }
    }

    /// The published names of all tensors that the configuration asks for, sorted.
    package var names: [String] { stored.keys.sorted() }

    /// The shape of a tensor by its published name, outermost length first.
    package func shape(of name: String) -> [Int]? {
        guard let entry = stored[name], let parts = parts(of: entry) else { return nil }
        var rows = 0
        for part in parts {
            guard var shape = file.shape(of: part.name) else { return nil }
            if part.expert != nil { shape.removeFirst() }
            guard shape.dropFirst().elementsEqual(entry.shape.dropFirst()) else { return shape }
            rows += shape.first ?? 0
        }
        return [rows] + entry.shape.dropFirst()
    }

    /// A tensor by its published name, as the published checkpoint would hold it.
    package func tensor(_ name: String) throws(WeightFileError) -> Tensor {
        guard let entry = stored[name], let parts = parts(of: entry) else {
            throw .missingTensor(file: path, tensor: name)
        }
        var values: [Float] = []
        for part in parts {
            var tensor: Tensor
            if let expert = part.expert {
                guard let count = file.shape(of: part.name)?.first, expert < count else {
                    throw .missingTensor(file: path, tensor: part.name)
                }
                tensor = try file.tensor(part.name, rows: expert..<expert + 1)
            } else {
                tensor = try file.tensor(part.name)
            }
            if let heads = part.interleavedHeads { Self.separate(&tensor, heads: heads) }
            values += tensor.values
        }
        guard values.count == entry.shape.reduce(1, *) else {
            throw .unexpectedShape(
                file: path, tensor: name, expected: entry.shape, found: [values.count])
        }
        return Tensor(shape: entry.shape, values: values)
    }

    /// A matrix by its published name: where it lies in the mapped file, or copied row by row where
    /// the file has its rows in another order or in several tensors.
    package func matrix(_ name: String) throws(WeightFileError) -> BlockMatrix {
        guard let entry = stored[name], let parts = parts(of: entry) else {
            throw .missingTensor(file: path, tensor: name)
        }
        var found: [BlockMatrix] = []
        for part in parts { found.append(try matrix(part)) }
        guard let first = found.first else { throw .missingTensor(file: path, tensor: name) }
        let heads = parts.map(\.interleavedHeads)
        if found.count == 1, heads == [nil] { return first }
        guard found.allSatisfy({ $0.format == first.format && $0.columns == first.columns }) else {
            // Parts in different formats: only as numbers are they one matrix.
            return BlockMatrix(copying: try tensor(name))
        }
        return BlockMatrix(
            copying: zip(found, heads).map { ($0, Self.order(rows: $0.rows, heads: $1)) },
            format: first.format)
    }

    private func matrix(_ part: Part) throws(WeightFileError) -> BlockMatrix {
        guard let expert = part.expert else { return try file.matrix(part.name) }
        guard let shape = file.shape(of: part.name), shape.count == 3, expert < shape[0] else {
            throw .missingTensor(file: path, tensor: part.name)
        }
        return try file.matrix(part.name, rows: expert * shape[1]..<(expert + 1) * shape[1])
    }

    /// A tensor of the file, whole or one expert's part of it.
    private struct Part {
        let name: String
        var expert: Int?
        /// Heads whose rows lie in pairs that turn together, where they do.
        var interleavedHeads: Int?
    }

    private func parts(of entry: StoredTensor) -> [Part]? {
        let place = GGUFTensorMap(configuration).place(of: entry)
        return [
            Part(
                name: place.name, expert: place.expert,
                interleavedHeads: turnsNeighbours ? nil : place.interleavedHeads)
        ]
    }

    /// Which row of the file each row is: row 2i + s of each head becomes row i + s · D/2.
    private static func order(rows: Int, heads: Int?) -> [Int] {
        guard let heads, heads > 0, rows % (2 * heads) == 0 else { return Array(0..<rows) }
        let (perHead, half) = (rows / heads, rows / heads / 2)
        return (0..<rows).map { row in
            let (head, place) = (row / perHead, row % perHead)
            return head * perHead + place % half * 2 + place / half
        }
    }

    private static func separate(_ tensor: inout Tensor, heads: Int) {
        let rows = tensor.shape.first ?? 0
        let width = tensor.count / max(1, rows)
        var values: [Float] = []
        values.reserveCapacity(tensor.count)
        for source in order(rows: rows, heads: heads) {
            values += tensor.values[source * width..<(source + 1) * width]
        }
        tensor = Tensor(shape: tensor.shape, values: values)
    }
}
