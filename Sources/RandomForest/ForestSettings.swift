// SPDX-License-Identifier: Apache-2.0

/// How a forest grows; the defaults are those of Breiman's paper (2001) and of scikit-learn.
package struct ForestSettings: Hashable, Sendable {
    /// Trees.
    package var trees = 100
    /// Decides draws of rows and features.
    package var seed: UInt64 = 0
    /// Features that are tried for a split; nil for the square root of their number.
    package var featuresPerSplit: Int?
    /// Rows, as often as they were drawn, that each side of a split keeps at least.
    package var leastRows = 1
    /// Splits above one another at most; nil for as many as it takes.
    package var depth: Int?

    /// The defaults.
    package init() {}

    /// Throws ``ForestError/outOfRange(setting:expected:)``.
    func check(width: Int) throws(ForestError) {
        guard (1...10_000).contains(trees) else {
            throw .outOfRange(setting: "trees", expected: "1 to 10000")
        }
        guard featuresPerSplit.map({ (1...width).contains($0) }) ?? true else {
            throw .outOfRange(setting: "features per split", expected: "1 to \(width)")
        }
        guard leastRows >= 1 else {
            throw .outOfRange(setting: "least rows", expected: "at least 1")
        }
        guard depth.map({ $0 >= 1 }) ?? true else {
            throw .outOfRange(setting: "depth", expected: "at least 1")
        }
    }

    /// Features that are tried, of so many.
    func tried(of width: Int) -> Int {
        featuresPerSplit ?? max(1, Int(Double(width).squareRoot()))
    }
}
