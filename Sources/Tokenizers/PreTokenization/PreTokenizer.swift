// SPDX-License-Identifier: Apache-2.0

/// One step of a `tokenizer.json`'s pre-tokeniser: cuts each part of a text into smaller ones.
enum PreTokenizer: Sendable {
    /// When `Metaspace` puts its mark before a part.
    enum PrependScheme: String, Sendable {
        case always, first, never
    }

    case split(TextPattern, SplitBehavior, inverted: Bool)
    case byteLevel(addsSpace: Bool, splits: Bool)
    case metaspace(mark: Unicode.Scalar, PrependScheme, splits: Bool)
    case whitespace
    case whitespaceSplit
    case digits(individual: Bool)
    case punctuation(SplitBehavior)
    case bert
    case delimiter(Unicode.Scalar)

    private static let gpt2 = SplitScanner(.gpt2)

    /// Replaces each part by what the step makes of it; empty parts vanish.
    func apply(to parts: [NormalizedText]) -> [NormalizedText] {
        var result: [NormalizedText] = []
        for part in parts { append(part, to: &result) }
        return result
    }

    private func append(_ part: NormalizedText, to result: inout [NormalizedText]) {
        switch self {
        case .split(let pattern, let behavior, let inverted):
            var stretches = pattern.stretches(of: part.scalars)
            if inverted {
                stretches = stretches.map {
                    TextPattern.Stretch(range: $0.range, isMatch: !$0.isMatch)
                }
            }
            part.appendParts(behavior.parts(stretches), to: &result)
        case .byteLevel(let addsSpace, let splits):
            var part = part
            if addsSpace, part.scalars.first != " " { part.prepend([" "]) }
            let from = result.count
            if splits {
                part.appendParts(Self.gpt2.matches(in: part.scalars), to: &result)
            } else {
                result.append(part)
            }
            for index in from..<result.count { result[index].writeBytes() }
        case .metaspace(let mark, let scheme, let splits):
            append(part, mark, scheme, splits, to: &result)
        case .whitespace: part.appendParts(Self.words(part.scalars), to: &result)
        case .whitespaceSplit:
            split(part, .removed, LibraryCharacters.isSpace, to: &result)
        case .digits(let individual):
            split(
                part, individual ? .isolated : .contiguous, LibraryCharacters.isNumeric,
                to: &result)
        case .punctuation(let behavior):
            split(part, behavior, LibraryCharacters.isPunctuation, to: &result)
        case .bert:
            var words: [NormalizedText] = []
            split(part, .removed, LibraryCharacters.isSpace, to: &words)
            for word in words {
                split(word, .isolated, LibraryCharacters.isPunctuation, to: &result)
            }
        case .delimiter(let delimiter):
            split(part, .removed, { $0 == delimiter }, to: &result)
        }
    }

    private func split(
        _ part: NormalizedText, _ behavior: SplitBehavior,
        _ isMatch: (Unicode.Scalar) -> Bool, to result: inout [NormalizedText]
    ) {
        part.appendParts(behavior.parts(Self.stretches(part.scalars, isMatch)), to: &result)
    }

    /// Each character that matches by itself, and the stretches between them.
    private static func stretches(
        _ scalars: [Unicode.Scalar], _ isMatch: (Unicode.Scalar) -> Bool
    ) -> [TextPattern.Stretch] {
        var stretches: [TextPattern.Stretch] = []
        var end = 0
        for (index, scalar) in scalars.enumerated() where isMatch(scalar) {
            if index > end {
                stretches.append(TextPattern.Stretch(range: end..<index, isMatch: false))
            }
            stretches.append(TextPattern.Stretch(range: index..<index + 1, isMatch: true))
            end = index + 1
        }
        if end < scalars.count {
            stretches.append(TextPattern.Stretch(range: end..<scalars.count, isMatch: false))
        }
        return stretches
    }

    /// `\w+|[^\w\s]+`.
    private static func words(_ scalars: [Unicode.Scalar]) -> [Range<Int>] {
        enum Kind { case space, word, other }
        func kind(_ scalar: Unicode.Scalar) -> Kind {
            LibraryCharacters.isSpace(scalar)
                ? .space : LibraryCharacters.isWord(scalar) ? .word : .other
        }
        var words: [Range<Int>] = []
        var start = 0
        while start < scalars.count {
            let startKind = kind(scalars[start])
            var end = start + 1
            while end < scalars.count, kind(scalars[end]) == startKind { end += 1 }
            if startKind != .space { words.append(start..<end) }
            start = end
        }
        return words
    }

    private func append(
        _ part: NormalizedText, _ mark: Unicode.Scalar, _ scheme: PrependScheme, _ splits: Bool,
        to result: inout [NormalizedText]
    ) {
        var part = part
        part.map { $0 == " " ? mark : $0 }
        if part.scalars.first != mark,
            scheme == .always || (scheme == .first && part.sourceStart == 0)
        {
            part.prepend([mark])
        }
        guard splits else {
            result.append(part)
            return
        }
        let stretches = Self.stretches(part.scalars) { $0 == mark }
        part.appendParts(SplitBehavior.mergedWithNext.parts(stretches), to: &result)
    }

    /// Whether the step leaves characters of `ByteAlphabet` only.
    var writesBytes: Bool {
        if case .byteLevel = self { true } else { false }
    }

    /// The step's name with what sets it apart.
    var summary: String {
        switch self {
        case .split(let pattern, let behavior, let inverted):
            "Split(\(pattern.text.debugDescription), \(behavior.rawValue)"
                + (inverted ? ", inverted)" : ")")
        case .byteLevel(let addsSpace, let splits):
            "ByteLevel(prefix space: \(addsSpace), splits: \(splits))"
        case .metaspace(let mark, let scheme, let splits):
            "Metaspace(\(mark), \(scheme.rawValue), splits: \(splits))"
        case .whitespace: "Whitespace"
        case .whitespaceSplit: "WhitespaceSplit"
        case .digits(let individual): "Digits(individual: \(individual))"
        case .punctuation(let behavior): "Punctuation(\(behavior.rawValue))"
        case .bert: "BertPreTokenizer"
        case .delimiter(let delimiter): "CharDelimiterSplit(\(delimiter))"
        }
    }
}

extension NormalizedText {
    /// Appends the parts of the text that are not empty.
    fileprivate func appendParts(_ ranges: [Range<Int>], to result: inout [NormalizedText]) {
        for range in ranges where !range.isEmpty { result.append(NormalizedText(self, range)) }
    }
}
