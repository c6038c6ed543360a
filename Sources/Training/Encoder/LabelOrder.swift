// SPDX-License-Identifier: Apache-2.0

/// Which labels of tokens may begin a row, and which may follow which.
package struct LabelOrder: Hashable, Sendable {
    /// Whether a row may begin with a label (K).
    package let mayStart: [Bool]
    /// Whether a label may follow another (K, K), a row for each label before.
    package let mayFollow: [[Bool]]

    /// An order over `count` labels by two rules.
    package init(
        count: Int, mayStart: (Int) -> Bool, mayFollow: (_ before: Int, _ label: Int) -> Bool
    ) {
        self.mayStart = (0..<count).map(mayStart)
        self.mayFollow = (0..<count).map { before in (0..<count).map { mayFollow(before, $0) } }
    }
}
