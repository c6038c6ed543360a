// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// The labels of a head that tags some types of entities: O, then B and I of each type.
package struct EntityLabels: Hashable, Sendable {
    /// The types, in the order of their labels.
    package let types: [EntityType]

    /// The labels of some types.
    package init(_ types: [EntityType]) {
        self.types = types
    }

    /// The label of a word outside all entities.
    package static let outside = 0

    /// Number of labels, K.
    package var count: Int { 1 + 2 * types.count }

    /// Names as stored: `O`, `B-disease`, `I-disease`, …
    package var names: [String] {
        ["O"] + types.flatMap { ["B-" + $0.rawValue, "I-" + $0.rawValue] }
    }

    /// The label of the first word of an entity; nil if the head does not tag the type.
    package func begin(_ type: EntityType) -> Int? {
        types.firstIndex(of: type).map { 1 + 2 * $0 }
    }

    /// Whether a label goes on with an entity.
    package func isInside(_ label: Int) -> Bool { label > 0 && label % 2 == 0 }

    /// Whether an entity's later words may follow a label: only its own begin or inside.
    package func mayFollow(_ label: Int, _ following: Int) -> Bool {
        !isInside(following) || label == following || label == following - 1
    }

    /// Whether a sentence may begin with a label.
    package func mayStart(_ label: Int) -> Bool { !isInside(label) }

    /// The runs of words that a path of labels marks.
    package func runs(_ path: [Int]) -> [(type: EntityType, words: Range<Int>)] {
        var runs: [(type: EntityType, words: Range<Int>)] = []
        for (word, label) in path.enumerated() where label > 0 && !isInside(label) {
            var end = word + 1
            while end < path.count, path[end] == label + 1 { end += 1 }
            runs.append((types[(label - 1) / 2], word..<end))
        }
        return runs
    }
}
