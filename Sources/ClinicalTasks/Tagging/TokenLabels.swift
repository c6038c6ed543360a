// SPDX-License-Identifier: Apache-2.0

/// A tagger's labels, each cut into a place in an entity and a class.
///
/// Read are IOB2 (`B-d`, `I-d`, `O`), BIOES and BILOU (`S-`, `U-` for an entity of one token, `E-`,
/// `L-` for the last of several), with `-` or `_` after the letter, and labels without letters, of
/// which the same one in a row is one entity.
package struct TokenLabels: Hashable, Sendable {
    /// Where in an entity a token stands.
    package enum Place: Hashable, Sendable {
        case outside, begin, inside, end, single
    }

    /// The label of tokens outside all entities.
    package static let outside = "O"

    /// The names as the model gives them, by number.
    package let names: [String]
    /// The place that each label stands for.
    package let places: [Place]
    /// The class of each label, an index of `classes`; −1 for those outside.
    package let classOfLabel: [Int]
    /// The classes in the order in which labels name them.
    package let classes: [String]
    /// Of each label, those that may stand before it; nil for any that may end an entity.
    private let predecessors: [[Int]?]
    /// Labels after which an entity need not go on.
    private let endsFreely: [Bool]

    /// The labels of these names.
    package init(_ names: [String]) {
        self.names = names
        let separator: Character? = ["-", "_"].first { mark in
            names.contains { $0.hasPrefix("B\(mark)") || $0.hasPrefix("I\(mark)") }
        }
        let parts = names.map { Self.parts(of: $0, separator) }
        places = parts.map(\.place)
        var classes: [String] = []
        classOfLabel = parts.map { part in
            guard part.place != .outside else { return -1 }
            if let known = classes.firstIndex(of: part.name) { return known }
            classes.append(part.name)
            return classes.count - 1
        }
        self.classes = classes
        let (places, classOfLabel) = (self.places, self.classOfLabel)
        func labels(of label: Int, at wanted: [Place]) -> [Int] {
            names.indices.filter {
                classOfLabel[$0] == classOfLabel[label] && wanted.contains(places[$0])
            }
        }
        // A class that no label begins is begun by its inside label.
        let begins = names.indices.map { !labels(of: $0, at: [.begin, .single]).isEmpty }
        let ends = names.indices.map { !labels(of: $0, at: [.end, .single]).isEmpty }
        predecessors = names.indices.map { label in
            switch places[label] {
            case .outside, .begin, .single: nil
            case .inside where !begins[label]: nil
            case .inside, .end: labels(of: label, at: [.begin, .inside])
            }
        }
        endsFreely = names.indices.map { label in
            switch places[label] {
            case .outside, .end, .single: true
            case .begin, .inside: !ends[label]
            }
        }
    }

    private static func parts(
        of name: String, _ separator: Character?
    ) -> (place: Place, name: String) {
        if name == outside { return (.outside, "") }
        let letters: [Character: Place] = [
            "B": .begin, "I": .inside, "M": .inside, "E": .end, "L": .end, "S": .single,
            "U": .single,
        ]
        let rest = name.dropFirst()
        guard let separator, let letter = name.first, let place = letters[letter],
            rest.first == separator, rest.count > 1
        else { return (.inside, name) }
        return (place, String(rest.dropFirst()))
    }

    /// The likeliest labels of tokens in a row that make whole entities.
    ///
    /// `scores` are the logarithms of the labels' probabilities, a list of K a token. Costs O(T · K).
    package func path(_ scores: [[Double]]) -> [Int] {
        guard let first = scores.first else { return [] }
        let labels = names.indices
        // Where no label may end, as in a broken set, any may.
        let mayEnd = endsFreely.contains(true) ? endsFreely : endsFreely.map { _ in true }
        var best = labels.map { predecessors[$0] == nil ? first[$0] : -.infinity }
        if best.allSatisfy({ $0 == -.infinity }) { best = first }
        var back: [[Int]] = []
        for row in scores.dropFirst() {
            let free = labels.filter { mayEnd[$0] }.max { best[$0] < best[$1] } ?? 0
            var next = [Double](repeating: -.infinity, count: labels.count)
            var from = [Int](repeating: free, count: labels.count)
            for label in labels {
                // An entity of a class that no label begins goes on or begins with the same label.
                let before = predecessors[label]?.max { best[$0] < best[$1] } ?? free
                guard predecessors[label]?.isEmpty != true else { continue }
                next[label] = best[before] + row[label]
                from[label] = before
            }
            back.append(from)
            best = next
        }
        var path = [labels.filter { mayEnd[$0] }.max { best[$0] < best[$1] } ?? 0]
        for from in back.reversed() { path.append(from[path[path.count - 1]]) }
        return path.reversed()
    }

    /// Whether a label may stand first.
    package func mayStart(_ label: Int) -> Bool { predecessors[label] == nil }

    /// Whether a label may stand after another.
    package func mayFollow(_ before: Int, _ label: Int) -> Bool {
        let canGoOn = predecessors[label]?.contains(before) ?? false
        // Where no label may end, as in a broken set, any may.
        let mayEnd = endsFreely[before] || !endsFreely.contains(true)
        return canGoOn || (predecessors[label] == nil && mayEnd)
    }

    /// An entity as a path of labels shows it.
    package struct Run: Hashable, Sendable {
        /// Its tokens.
        package let tokens: Range<Int>
        /// Its class, an index of `classes`.
        package let classIndex: Int
    }

    /// The entities of a path.
    package func runs(_ path: [Int]) -> [Run] {
        var runs: [Run] = []
        for (token, label) in path.enumerated() where places[label] != .outside {
            let startsAnew = [.begin, .single].contains(places[label])
            if !startsAnew, let last = runs.last, last.tokens.upperBound == token,
                last.classIndex == classOfLabel[label],
                ![.end, .single].contains(places[path[token - 1]])
            {
                runs[runs.count - 1] = Run(
                    tokens: last.tokens.lowerBound..<token + 1, classIndex: last.classIndex)
            } else {
                runs.append(Run(tokens: token..<token + 1, classIndex: classOfLabel[label]))
            }
        }
        return runs
    }
}
