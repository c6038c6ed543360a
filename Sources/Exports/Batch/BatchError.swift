// SPDX-License-Identifier: Apache-2.0

/// Why answers cannot be taken back at all.
package enum BatchError: Error, Hashable, Sendable {
    /// A line of the requests is none that `batch export` wrote.
    case request(file: String, line: Int)
}
