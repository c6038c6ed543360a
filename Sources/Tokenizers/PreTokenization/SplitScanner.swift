// SPDX-License-Identifier: Apache-2.0

/// Matches the split patterns of well-known byte-level tokenizers without a regular expression
/// engine, in time that grows with the text.
///
/// Each pattern is a list of alternatives that are tried in order at each place, and one of them
/// always matches; the functions below are those alternatives.
struct SplitScanner: Sendable {
    /// What the patterns differ in.
    enum Pattern: CaseIterable, Sendable {
        case gpt2, llama3, qwen2, gpt4o

        /// The pattern as files write it.
        var text: String {
            let contraction = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)"#
            let spaces = #"\s+(?!\S)|\s+"#
            let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
            let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
            let before = #"[^\r\n\p{L}\p{N}]?"#
            func common(_ numbers: String) -> String {
                contraction + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"# + numbers
                    + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"# + spaces
            }
            return switch self {
            case .gpt2:
                #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|"# + spaces
            case .llama3: common(#"\p{N}{1,3}"#)
            case .qwen2: common(#"\p{N}"#)
            case .gpt4o:
                before + upper + "*" + lower + "+" + contraction + "?|" + before + upper + "+"
                    + lower + "*" + contraction + #"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|"#
                    + #"\s*[\r\n]+|"# + spaces
            }
        }
    }

    private let pattern: Pattern

    /// A scanner of this pattern.
    init(_ pattern: Pattern) { self.pattern = pattern }

    /// The scanner for exactly this pattern, or nil.
    init?(pattern text: String) {
        guard let pattern = Pattern.allCases.first(where: { $0.text == text }) else { return nil }
        self.pattern = pattern
    }

    /// The stretches that match; they cover the text.
    func matches(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        let reader = Reader(scalars)
        var matches: [Range<Int>] = []
        var index = 0
        while index < scalars.count {
            let end = max(index + 1, reader.end(of: pattern, from: index))
            matches.append(index..<end)
            index = end
        }
        return matches
    }
}

/// A text with the classes of its characters.
private struct Reader {
    let scalars: [Unicode.Scalar]
    let classes: [PatternClasses]

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        classes = scalars.map(PatternClasses.of)
    }

    /// Where the match that begins at `index` ends.
    func end(of pattern: SplitScanner.Pattern, from index: Int) -> Int {
        let found: Int? =
            switch pattern {
            case .gpt2:
                contraction(index, ignoringCase: false) ?? afterSpace(index, word)
                    ?? afterSpace(index, numbers) ?? afterSpace(index, symbols)
            case .llama3, .qwen2:
                contraction(index, ignoringCase: true) ?? afterPrefix(index, word)
                    ?? number(index, most: pattern == .llama3 ? 3 : 1)
                    ?? afterSpace(index, symbols).map { lineEnds($0, orSlash: false) }
                    ?? spacesToLineEnd(index)
            case .gpt4o:
                afterPrefix(index, smallWord) ?? afterPrefix(index, capitalWord)
                    ?? number(index, most: 3)
                    ?? afterSpace(index, symbols).map { lineEnds($0, orSlash: true) }
                    ?? spacesToLineEnd(index)
            }
        return found ?? spaces(index)
    }

    /// Whether there is a character of one of `wanted`.
    private func has(_ wanted: PatternClasses, _ index: Int) -> Bool {
        index < classes.count && !classes[index].isDisjoint(with: wanted)
    }

    private func run(of wanted: PatternClasses, from index: Int) -> Int {
        var end = index
        while has(wanted, end) { end += 1 }
        return end
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`; without regard to case, ſ is an s too.
    private func contraction(_ index: Int, ignoringCase: Bool) -> Int? {
        guard index + 1 < scalars.count, scalars[index] == "'" else { return nil }
        func letter(_ offset: Int) -> UInt32 {
            guard index + offset < scalars.count else { return 0 }
            let value = scalars[index + offset].value
            guard ignoringCase else { return value }
            return value == 0x17F ? 0x73 : value >= 0x41 && value <= 0x5A ? value + 0x20 : value
        }
        switch (letter(1), letter(2)) {
        case (0x73, _), (0x74, _), (0x6D, _), (0x64, _): return index + 2
        case (0x72, 0x65), (0x76, 0x65), (0x6C, 0x6C): return index + 3
        default: return nil
        }
    }

    /// ` ?` and then what `body` matches.
    private func afterSpace(_ index: Int, _ body: (Int) -> Int?) -> Int? {
        if scalars[index] == " ", let end = body(index + 1) { return end }
        return body(index)
    }

    /// `[^\r\n\p{L}\p{N}]?` and then what `body` matches.
    private func afterPrefix(_ index: Int, _ body: (Int) -> Int?) -> Int? {
        if !has([.lineEnd, .letter, .number], index), let end = body(index + 1) { return end }
        return body(index)
    }

    /// `\p{L}+`.
    private func word(_ index: Int) -> Int? {
        has(.letter, index) ? run(of: .letter, from: index) : nil
    }

    /// `\p{N}+`.
    private func numbers(_ index: Int) -> Int? {
        has(.number, index) ? run(of: .number, from: index) : nil
    }

    /// `\p{N}{1,most}`.
    private func number(_ index: Int, most: Int) -> Int? {
        var end = index
        while end < index + most, has(.number, end) { end += 1 }
        return end > index ? end : nil
    }

    /// `[^\s\p{L}\p{N}]+`.
    private func symbols(_ index: Int) -> Int? {
        var end = index
        while end < classes.count, !has([.space, .letter, .number], end) { end += 1 }
        return end > index ? end : nil
    }

    /// `[\r\n]*`, or `[\r\n/]*`.
    private func lineEnds(_ index: Int, orSlash: Bool) -> Int {
        var end = index
        while has(.lineEnd, end) || (orSlash && end < scalars.count && scalars[end] == "/") {
            end += 1
        }
        return end
    }

    /// `\s*[\r\n]+`: up to the last line end of the white space.
    private func spacesToLineEnd(_ index: Int) -> Int? {
        var end = run(of: .space, from: index)
        while end > index, !has(.lineEnd, end - 1) { end -= 1 }
        return end > index ? end : nil
    }

    /// `\s+(?!\S)|\s+`: white space, but the last character only at the text's end or if it is
    /// the only one.
    private func spaces(_ index: Int) -> Int {
        let end = run(of: .space, from: index)
        return end == scalars.count || end == index + 1 ? end : max(end - 1, index + 1)
    }

    /// `upper*lower+`, then a contraction, if any.
    ///
    /// Characters of both classes go to `upper*`; where no small letter follows, the last of them
    /// is given back.
    private func smallWord(_ index: Int) -> Int? {
        let capitalsEnd = run(of: .upper, from: index)
        if has(.lower, capitalsEnd) {
            return withContraction(run(of: .lower, from: capitalsEnd))
        }
        var last = capitalsEnd - 1
        while last >= index, !has(.lower, last) { last -= 1 }
        return last >= index ? withContraction(run(of: .lower, from: last)) : nil
    }

    /// `upper+lower*`, then a contraction, if any.
    private func capitalWord(_ index: Int) -> Int? {
        let capitalsEnd = run(of: .upper, from: index)
        guard capitalsEnd > index else { return nil }
        return withContraction(run(of: .lower, from: capitalsEnd))
    }

    private func withContraction(_ index: Int) -> Int {
        contraction(index, ignoringCase: true) ?? index
    }
}
