// SPDX-License-Identifier: Apache-2.0
import Tensors
import WeightFiles

/// Reads a model's matrices in the form that a precision wants.
struct MatrixReader<Source: TensorSource> {
    let source: Source
    /// Nil for 32-bit floats row by row.
    let precision: Precision?

    /// A matrix whose rows are looked up, not multiplied.
    func table(_ name: String) throws(WeightFileError) -> WeightMatrix {
        guard precision != nil else { return WeightMatrix(try source.tensor(name)) }
        return WeightMatrix(try source.matrix(name))
    }

    /// The head that is the same matrix as the embedding; nil where that can be multiplied as it
    /// lies.
    func tiedHead(_ name: String) throws(WeightFileError) -> WeightMatrix? {
        guard let precision else { return nil }
        let matrix = try source.matrix(name)
        if precision == .stored, matrix.format.isQuantised { return nil }
        return WeightMatrix(matrix).prepared(for: precision)
    }

    /// A matrix that is multiplied.
    func matrix(_ name: String) throws(WeightFileError) -> WeightMatrix {
        guard let precision = precision(of: name) else {
            return WeightMatrix(try source.tensor(name))
        }
        return WeightMatrix(try source.matrix(name)).prepared(for: precision)
    }

    /// The precision of a tensor's products; what the file holds in 8 bits is `stored` in these.
    private func precision(of name: String) -> Precision? {
        precision == .stored && source.isInRows(name) ? .int8 : precision
    }

    /// The matrices that lie in one tensor, one after another.
    func matrices(
        _ name: String, _ ranges: [Range<Int>]
    ) throws(WeightFileError) -> [WeightMatrix] {
        if ranges.count == 1 { return [try matrix(name)] }
        guard let precision = precision(of: name) else {
            let tensor = try source.tensor(name)
            return ranges.map { WeightMatrix(tensor.part($0)) }
        }
        let matrix = try source.matrix(name)
        return ranges.map { WeightMatrix(matrix.rows($0)).prepared(for: precision) }
    }
}

extension Tensor {
    /// Some of the outermost rows.
    func part(_ rows: Range<Int>) -> Tensor {
        if rows == 0..<(shape.first ?? 0) { return self }
        let width = shape.dropFirst().reduce(1, *)
        return Tensor(
            shape: [rows.count] + shape.dropFirst(),
            values: Array(values[rows.lowerBound * width..<rows.upperBound * width]))
    }
}
