// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// What a text's line ends were before it was given line feeds only.
///
/// Tools count `\r\n` as one character in the browser and as two in files, so that texts leave with line feeds
/// alone. With this the text as it was sent comes back, and every offset in it.
package struct LineEnds: Hashable, Sendable {
    /// Places of line feeds, in Unicode scalars of the text with line feeds only, that were `\r\n`.
    package var pairs: [Int] = []
    /// Places of those that were `\r` alone.
    package var returns: [Int] = []

    /// Line feeds all along.
    package init() {}

    /// The scalars of a text with line feeds only, and what its line ends were.
    static func removed(from source: String) -> (scalars: [Unicode.Scalar], ends: LineEnds) {
        var (scalars, ends): ([Unicode.Scalar], LineEnds) = ([], LineEnds())
        let all = Array(source.unicodeScalars)
        scalars.reserveCapacity(all.count)
        var index = 0
        while index < all.count {
            if all[index] == "\r" {
                if index + 1 < all.count, all[index + 1] == "\n" {
                    ends.pairs.append(scalars.count)
                    index += 1
                } else {
                    ends.returns.append(scalars.count)
                }
                scalars.append("\n")
            } else {
                scalars.append(all[index])
            }
            index += 1
        }
        return (scalars, ends)
    }

    /// The text as it was sent; nil where a place is none of a line feed.
    func restored(in scalars: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        guard (pairs + returns).allSatisfy({ scalars.indices.contains($0) && scalars[$0] == "\n" })
        else { return nil }
        let (pairs, returns) = (Set(self.pairs), Set(self.returns))
        var source: [Unicode.Scalar] = []
        source.reserveCapacity(scalars.count + pairs.count)
        for (index, scalar) in scalars.enumerated() {
            if pairs.contains(index) { source.append("\r") }
            source.append(returns.contains(index) ? "\r" : scalar)
        }
        return source
    }

    /// Where an offset of the text as it was sent stands in the one with line feeds only.
    func offset(ofSource offset: Int) -> Int {
        // The k-th pair begins in the source at its place plus the k before it.
        offset - pairs.enumerated().prefix { $0.element + $0.offset < offset }.count
    }

    /// Where an offset of the text with line feeds only stands in the text as it was sent.
    func sourceOffset(of offset: Int) -> Int {
        offset + pairs.prefix { $0 < offset }.count
    }
}
