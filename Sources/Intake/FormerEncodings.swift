// SPDX-License-Identifier: Apache-2.0
import Foundation

/// In which encodings the files of a folder came before, for one whose own bytes do not tell.
package struct FormerEncodings: Hashable, Sendable {
    private let counts: [TextEncoding: Int]

    /// Of no file before.
    package init() { counts = [:] }

    /// How many documents came in each encoding, by its registered name; other names count nothing.
    package init(counts: [String: Int]) {
        self.counts = Dictionary(
            counts.compactMap { name, count in TextEncoding(rawValue: name).map { ($0, count) } },
            uniquingKeysWith: +)
    }

    /// The logarithm of how much likelier the next file is in one encoding than in another, by Laplace's
    /// rule of succession.
    func logarithm(of encoding: TextEncoding, over other: TextEncoding) -> Double {
        log(Double(counts[encoding, default: 0] + 1)) - log(Double(counts[other, default: 0] + 1))
    }
}
