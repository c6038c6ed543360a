// SPDX-License-Identifier: Apache-2.0

/// Rows of features with their classes, held feature by feature, since a split looks at one at a time.
///
/// Takes 4 bytes a feature of each row.
package struct FeatureTable: Sendable {
    /// Rows, all of which must be set before a forest grows on them.
    package let rows: Int
    /// Features of a row.
    package let width: Int
    /// Names of the classes.
    package let classes: [String]
    /// The class of each row.
    private(set) var labels: [UInt8]
    private(set) var values: [Float]

    /// Most rows: a row's multiplicity in a draw is kept beside its class in 32 bits.
    static let mostRows = 1 << 24

    /// A table of zeros, whose rows are of the first class; throws ``ForestError/count(of:found:expected:)``.
    package init(rows: Int, width: Int, classes: [String]) throws(ForestError) {
        guard (2..<Self.mostRows).contains(rows) else {
            throw .count(of: "rows", found: rows, expected: "2 to \(Self.mostRows - 1)")
        }
        guard (1...65_536).contains(width) else {
            throw .count(of: "features", found: width, expected: "1 to 65536")
        }
        guard (2...255).contains(classes.count), Set(classes).count == classes.count else {
            throw .count(of: "classes", found: classes.count, expected: "2 to 255 that differ")
        }
        (self.rows, self.width, self.classes) = (rows, width, classes)
        labels = [UInt8](repeating: 0, count: rows)
        values = [Float](repeating: 0, count: rows * width)
    }

    /// Sets a row, whose width must be the table's; throws ``ForestError/notFinite(row:feature:)``.
    package mutating func set(
        _ row: Int, _ features: some Collection<Float>, class label: Int
    ) throws(ForestError) {
        precondition(features.count == width && classes.indices.contains(label), "a row's form")
        labels[row] = UInt8(label)
        for (feature, value) in features.enumerated() {
            guard value.isFinite else { throw .notFinite(row: row, feature: feature) }
            // One zero, so that both sort and compare alike.
            values[feature * rows + row] = value == 0 ? 0 : value
        }
    }

    /// Throws ``ForestError/oneClass(_:)`` unless at least two classes have rows.
    func checkClasses() throws(ForestError) {
        guard labels.contains(where: { $0 != labels[0] }) else {
            throw .oneClass(classes[Int(labels[0])])
        }
    }
}
