// SPDX-License-Identifier: Apache-2.0

/// What becomes of the stretches that a pre-tokeniser's pattern matches.
enum SplitBehavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// The parts of a text that its stretches make.
    ///
    /// Source: huggingface/tokenizers, `normalizer.rs`, `split`.
    func parts(_ stretches: [TextPattern.Stretch]) -> [Range<Int>] {
        switch self {
        case .isolated: return stretches.map(\.range)
        case .removed: return stretches.filter { !$0.isMatch }.map(\.range)
        case .contiguous:
            var previous = false
            return joined(stretches) { stretch in
                defer { previous = stretch.isMatch }
                return stretch.isMatch == previous
            }
        case .mergedWithPrevious:
            var previous = false
            return joined(stretches) { stretch in
                defer { previous = stretch.isMatch }
                return stretch.isMatch && !previous
            }
        case .mergedWithNext:
            var next = false
            return joined(stretches.reversed()) { stretch in
                defer { next = stretch.isMatch }
                return stretch.isMatch && !next
            }.reversed()
        }
    }

    /// Joins each stretch for which `joins` holds with the one handled before it.
    private func joined(
        _ stretches: some Sequence<TextPattern.Stretch>,
        _ joins: (TextPattern.Stretch) -> Bool
    ) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        for stretch in stretches {
            if joins(stretch), let last = parts.popLast() {
                parts.append(
                    min(
                        last.lowerBound, stretch.range.lowerBound)..<max(
                            last.upperBound, stretch.range.upperBound))
            } else {
                parts.append(stretch.range)
            }
        }
        return parts
    }
}
