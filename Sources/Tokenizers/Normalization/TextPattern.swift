// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What a `Split`, a `Replace` or a decoder looks for.
struct TextPattern: Sendable {
    /// A stretch of a text, and whether the pattern matches it.
    struct Stretch {
        var range: Range<Int>
        var isMatch: Bool
    }

    private enum Kind: Sendable {
        case literal([Unicode.Scalar])
        case scanner(SplitScanner)
        case expression(Expression)
    }

    /// Longest pattern that is compiled, in scalars.
    static let lengthLimit = 2048

    private let kind: Kind
    /// The pattern as the file writes it.
    let text: String

    /// Looks for exactly these characters; an empty text is found nowhere.
    init(literal: String) {
        kind = .literal(Array(literal.unicodeScalars))
        text = literal
    }

    /// Looks for a regular expression, or nil where it cannot be compiled or is too long.
    ///
    /// Patterns of well-known models have scanners of their own, which are faster.
    init?(expression pattern: String) {
        text = pattern
        if let scanner = SplitScanner(pattern: pattern) {
            kind = .scanner(scanner)
        } else {
            guard pattern.unicodeScalars.count <= Self.lengthLimit,
                let expression = Expression(pattern)
            else { return nil }
            kind = .expression(expression)
        }
    }

    /// Matches a regular expression with Foundation's engine even where there is a scanner.
    init?(foundationExpression pattern: String) {
        guard let expression = Expression(pattern) else { return nil }
        text = pattern
        kind = .expression(expression)
    }

    /// The whole text in stretches that match and stretches between them.
    func stretches(of scalars: [Unicode.Scalar]) -> [Stretch] {
        var stretches: [Stretch] = []
        var end = 0
        for match in matches(in: scalars) {
            if match.lowerBound > end {
                stretches.append(Stretch(range: end..<match.lowerBound, isMatch: false))
            }
            stretches.append(Stretch(range: match, isMatch: true))
            end = match.upperBound
        }
        if end < scalars.count || stretches.isEmpty {
            stretches.append(Stretch(range: end..<scalars.count, isMatch: false))
        }
        return stretches
    }

    /// The text with everything that matches replaced.
    func replacing(_ scalars: [Unicode.Scalar], with content: [Unicode.Scalar]) -> [Unicode.Scalar]
    {
        stretches(of: scalars).flatMap { $0.isMatch ? content : Array(scalars[$0.range]) }
    }

    private func matches(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        switch kind {
        case .literal(let literal): Self.matches(of: literal, in: scalars)
        case .scanner(let scanner): scanner.matches(in: scalars)
        case .expression(let expression): expression.matches(in: scalars)
        }
    }

    private static func matches(
        of literal: [Unicode.Scalar], in scalars: [Unicode.Scalar]
    ) -> [Range<Int>] {
        guard let first = literal.first else { return [] }
        var matches: [Range<Int>] = []
        var index = 0
        while index + literal.count <= scalars.count {
            if scalars[index] == first,
                literal.count == 1
                    || scalars[index..<index + literal.count].elementsEqual(literal)
            {
                matches.append(index..<index + literal.count)
                index += literal.count
            } else {
                index += 1
            }
        }
        return matches
    }
}

/// A regular expression in Foundation's engine, which counts in UTF-16.
private struct Expression: Sendable {
    private let expression: NSRegularExpression

    init?(_ pattern: String) {
        // The library's engine takes `$` for the end of a line, and `^` for its beginning.
        guard
            let expression = try? NSRegularExpression(
                pattern: pattern, options: [.anchorsMatchLines])
        else { return nil }
        self.expression = expression
    }

    func matches(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        guard !scalars.isEmpty else { return [] }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        let text = String(view)
        let found = expression.matches(
            in: text, range: NSRange(location: 0, length: text.utf16.count))
        guard !found.isEmpty else { return [] }
        // The scalar at each UTF-16 offset.
        var offsets: [Int] = []
        offsets.reserveCapacity(text.utf16.count + 1)
        for (index, scalar) in scalars.enumerated() {
            for _ in 0..<(scalar.value > 0xFFFF ? 2 : 1) { offsets.append(index) }
        }
        offsets.append(scalars.count)
        return found.compactMap { match in
            let range = match.range
            guard range.location >= 0, range.location + range.length < offsets.count else {
                return nil
            }
            return offsets[range.location]..<offsets[range.location + range.length]
        }
    }
}
