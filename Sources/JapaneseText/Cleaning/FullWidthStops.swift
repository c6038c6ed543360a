// SPDX-License-Identifier: Apache-2.0

/// Rule `full-width-stops`: full-width period and comma become `。` and `、`.
///
/// The paper does this before anything else, for NFKC would make ASCII of them. Taken literally it
/// breaks every full-width number (`３．５ｃｍ` would become two sentences), so they stay points where
/// they are: between digits a decimal point and a thousands separator, a full stop between Latin
/// letters (`Ｈ．ｐｙｌｏｒｉ`) or after the number that opens a line (`１．既往歴`).
///
/// Version 2 also reads a decimal point where the zero is left out (`　．５ｍｇ`), and leaves three or
/// more in a row as dots, which the next rules make an ellipsis of.
struct FullWidthStops {
    private static let period: UInt32 = 0xFF0E
    private static let comma: UInt32 = 0xFF0C

    let version: CleaningVersion

    func replace(in scalars: inout MappedScalars) {
        guard let first = scalars.values.firstIndex(where: { isStop($0) }) else { return }
        // A stop says nothing about its neighbours but that it is one; so they may be replaced
        // from left to right only if each looks at what was sent.
        let source = scalars.values
        for index in first..<source.count where isStop(source[index]) {
            if version == .first, hasMarks(source, after: index) { continue }
            scalars.replace(at: index, with: form(of: source, at: index))
        }
    }

    @inline(__always)
    private func isStop(_ value: UInt32) -> Bool {
        value == Self.period || value == Self.comma
    }

    /// Version 1 left a stop with a combining mark to NFKC.
    private func hasMarks(_ values: [UInt32], after index: Int) -> Bool {
        let end = CombiningSegments(version: version).end(of: values, at: index)
        return !values[index + 1..<end].allSatisfy(InvisibleCharacters.isVariationSelector)
    }

    /// What a stop means where it stands.
    private func form(of values: [UInt32], at index: Int) -> UInt32 {
        let before = index > 0 ? values[index - 1] : 0x0A
        let after = index + 1 < values.count ? values[index + 1] : 0x0A
        let isNumber =
            CharacterClasses.isAnyWidthDigit(before) && CharacterClasses.isAnyWidthDigit(after)
        if values[index] == Self.comma { return isNumber ? 0x2C : 0x3001 }
        let isAbbreviation =
            CharacterClasses.isAnyWidthLatin(before) && CharacterClasses.isAnyWidthLatin(after)
        if isNumber || isAbbreviation || opensLine(values, at: index) { return 0x2E }
        guard version >= .second else { return 0x3002 }
        let isBareDecimal =
            CharacterClasses.isAnyWidthDigit(after) && Self.opensNumber(before)
        return isBareDecimal || isEllipsis(values, at: index) ? 0x2E : 0x3002
    }

    /// Whether all that stands before `index` on its line is a number of one or two digits.
    private func opensLine(_ values: [UInt32], at index: Int) -> Bool {
        var first = index
        while first > 0, index - first <= 2, CharacterClasses.isAnyWidthDigit(values[first - 1]) {
            first -= 1
        }
        guard first < index, index - first <= 2 else { return false }
        // One character of indentation is enough to look at: this is asked for every full stop.
        if first > 0, CharacterClasses.isSpace(values[first - 1]) { first -= 1 }
        return first == 0 || values[first - 1] == 0x0A || values[first - 1] == 0x0D
    }

    /// Whether a number may begin right after this: the line, white space, a bracket or a sign.
    private static func opensNumber(_ value: UInt32) -> Bool {
        if CharacterClasses.isLineBreak(value) || CharacterClasses.isSpace(value) { return true }
        let narrow = value >= 0xFF01 && value <= 0xFF5E ? value - 0xFEE0 : value
        switch narrow {
        case 0x28, 0x2B, 0x2D, 0x2F, 0x3A, 0x3C, 0x3D, 0x3E, 0x5B, 0x7E: return true  // (+-/:<=>[~
        case 0xB1, 0xD7, 0x2212, 0x2264...0x2267, 0x301C: return true  // ±×−≤≥≦≧〜
        default: return false
        }
    }

    /// Whether three full stops stand in a row here.
    private func isEllipsis(_ values: [UInt32], at index: Int) -> Bool {
        let before = (
            values[safe: index - 1] == Self.period, values[safe: index - 2] == Self.period
        )
        let after = (values[safe: index + 1] == Self.period, values[safe: index + 2] == Self.period)
        return before.0 && before.1 || before.0 && after.0 || after.0 && after.1
    }
}
