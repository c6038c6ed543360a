// SPDX-License-Identifier: Apache-2.0

/// Search for short words in a text.
struct ScalarSearch {
    let scalars: [Unicode.Scalar]
    /// Places of each character.
    private var places: [Unicode.Scalar: [Int]] = [:]

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        for (place, scalar) in scalars.enumerated() { places[scalar, default: []].append(place) }
    }

    /// Where `word` begins, ascending; places may overlap.
    func places(of word: [Unicode.Scalar]) -> [Int] {
        guard let first = word.first else { return [] }
        return (places[first] ?? []).filter { Self.stands(word, at: $0, in: scalars) }
    }

    /// Whether `word` stands anywhere.
    func contains(_ word: [Unicode.Scalar]) -> Bool {
        guard let first = word.first else { return false }
        return places[first]?.contains { Self.stands(word, at: $0, in: scalars) } ?? false
    }

    /// Whether `word` stands at `place`.
    static func stands(_ word: [Unicode.Scalar], at place: Int, in scalars: [Unicode.Scalar])
        -> Bool
    {
        guard place >= 0, place + word.count <= scalars.count else { return false }
        for offset in word.indices where scalars[place + offset] != word[offset] { return false }
        return true
    }
}
