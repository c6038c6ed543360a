// SPDX-License-Identifier: Apache-2.0

/// Words around the name of a disease that say side, degree, doubt or course but name no other disease.
package enum TermModifiers {
    /// Words in front that change no diagnosis, the longest first.
    private static let prefixes = [
        "両側性の", "両側性", "右側の", "左側の", "両側の", "軽度の", "中等度の", "高度の", "重度の", "著明な", "明らかな",
        "右側", "左側", "両側", "軽度", "中等度", "高度", "重度", "右", "左", "両",
    ]
    /// Words behind that change no diagnosis, the longest first.
    private static let suffixes = [
        "の疑い", "疑い", "の既往", "既往", "の術後", "術後", "の治療後", "治療後", "の再発", "再発", "の増悪", "増悪",
        "の悪化", "悪化", "の出現", "出現", "の状態",
    ]
    /// The text less one, two … modifiers, from the most that is left to the least.
    package static func cores(of text: String) -> [String] {
        var cores: [String] = []
        var rest = text
        while let shorter = suffixes.lazy.compactMap({ removing(suffix: $0, from: rest) }).first {
            cores.append(shorter)
            rest = shorter
        }
        for start in [text] + cores {
            var rest = start
            while let shorter = prefixes.lazy.compactMap({ removing(prefix: $0, from: rest) }).first
            {
                cores.append(shorter)
                rest = shorter
            }
        }
        return cores.enumerated().sorted {
            ($1.element.unicodeScalars.count, $0.offset)
                < ($0.element.unicodeScalars.count, $1.offset)
        }.map(\.element)
    }

    /// The text without modifiers behind.
    static func withoutSuffixes(_ text: String) -> String {
        var rest = text
        while let shorter = suffixes.lazy.compactMap({ removing(suffix: $0, from: rest) }).first {
            rest = shorter
        }
        return rest
    }

    private static func removing(prefix: String, from text: String) -> String? {
        text.hasPrefix(prefix) && text != prefix ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func removing(suffix: String, from text: String) -> String? {
        text.hasSuffix(suffix) && text != suffix ? String(text.dropLast(suffix.count)) : nil
    }
}
