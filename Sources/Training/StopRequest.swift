// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A wish, from a signal or another thread, that a long run ends at its next safe point.
package final class StopRequest: Sendable {
    private let wanted = Atomic<Bool>(false)

    /// No wish yet.
    package init() {}

    /// States the wish; it cannot be taken back.
    package func request() { wanted.store(true, ordering: .relaxed) }

    /// Whether the wish was stated.
    package var isRequested: Bool { wanted.load(ordering: .relaxed) }
}
