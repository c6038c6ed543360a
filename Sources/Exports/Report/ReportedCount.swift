// SPDX-License-Identifier: Apache-2.0

/// A number of a report, which is not told where it is small.
package enum ReportedCount: Hashable, Sendable, Encodable {
    /// The number.
    case exact(Int)
    /// It is at least 1, and below this.
    case below(Int)

    /// A number, told if it is 0 or not below a minimum.
    package init(_ count: Int, minimum: Int) {
        self = (1..<max(minimum, 1)).contains(count) ? .below(minimum) : .exact(count)
    }

    /// The number as people read it.
    package var text: String {
        switch self {
        case .exact(let count): String(count)
        case .below(let limit): "< \(limit)"
        }
    }

    /// The number, or the text `<10`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .exact(let count): try container.encode(count)
        case .below(let limit): try container.encode("<\(limit)")
        }
    }
}
