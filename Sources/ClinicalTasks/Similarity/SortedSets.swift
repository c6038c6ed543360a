// SPDX-License-Identifier: Apache-2.0

/// How many elements two sorted arrays of different elements have in common.
func commonCount<Element: Comparable>(_ a: [Element], _ b: [Element]) -> Int {
    var count = 0
    forEachCommon(a, b) { _, _ in count += 1 }
    return count
}

/// Calls `body` with the places of each element that two sorted arrays of different elements share.
func forEachCommon<Element: Comparable>(
    _ a: [Element], _ b: [Element], _ body: (Int, Int) -> Void
) {
    var (left, right) = (0, 0)
    while left < a.count, right < b.count {
        if a[left] == b[right] {
            body(left, right)
            left += 1
            right += 1
        } else if a[left] < b[right] {
            left += 1
        } else {
            right += 1
        }
    }
}

/// Sizes of two sets and of what they have in common, with the usual measures of overlap.
struct Overlap {
    let first: Int
    let second: Int
    let common: Int

    /// Twice what is common in the sum of both, 0 for two empty sets (Dice 1945).
    var dice: Double {
        first + second == 0 ? 0 : 2 * Double(common) / Double(first + second)
    }

    /// Which share of each is in the other, the smaller share and the larger.
    var containment: (less: Double, more: Double) {
        let shares = [
            Double(common) / Double(max(first, 1)), Double(common) / Double(max(second, 1)),
        ].sorted()
        return (shares[0], shares[1])
    }
}

extension Overlap {
    /// The overlap of two sorted arrays of different elements.
    init<Element: Comparable>(_ a: [Element], _ b: [Element]) {
        self.init(first: a.count, second: b.count, common: commonCount(a, b))
    }
}
