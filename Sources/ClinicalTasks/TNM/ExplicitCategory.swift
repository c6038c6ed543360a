// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// A category that the report itself states: `cT2aN1M0`, `T：2a`, `T4 と考えます`.
struct ExplicitCategory: Sendable {
    /// How a statement stands in time.
    enum Standing: Int, Sendable {
        /// 初診時, 前回, 術前.
        case former
        /// Without a word for the time.
        case plain
        /// 今回, 現在, 術後.
        case current
    }

    let axis: TNMAxis
    /// The category with its letter, for example `T2a`, `TX`, `N2b`; without prefix.
    let category: String
    /// `c`, `p`, `yc`, `yp`, `r`, `a`, or empty.
    let prefix: String
    /// Where it stands in the folded report.
    let range: Range<Int>
    /// Whether the report leaves a choice (`N0-1`); `category` is then the lower, as the UICC's rule of
    /// doubt has it.
    let isDoubtful: Bool
    /// Number of the statement that it belongs to, from the top of the report.
    var statement = 0
    var standing = Standing.plain
    /// The edition that the report names beside it, for example 9.
    var edition: Int?

    /// The category as the report writes it.
    var written: String { prefix + category }
}

extension Sequence<ExplicitCategory> {
    /// The category of an axis that counts: of the newest edition, then of the latest time, then the last.
    func chosen(_ axis: TNMAxis) -> ExplicitCategory? {
        filter { $0.axis == axis }.max { left, right in
            let old = (left.edition ?? 8, left.standing.rawValue, left.range.lowerBound)
            return old < (right.edition ?? 8, right.standing.rawValue, right.range.lowerBound)
        }
    }
}
