// SPDX-License-Identifier: Apache-2.0

/// Rule `invisible-characters`: removes what no reader sees, before any other rule looks.
///
/// Soft hyphens, zero-width spaces and joiners, direction marks, byte order marks, variation
/// selectors, tags: all that Unicode calls Default_Ignorable_Code_Point. What they stand between then
/// belongs together, as it does on screen: `ストレッチャ\u{200B}ー` keeps its long vowel. A variation
/// selector is part of the character before it. A symbol that a zero-width joiner ties to an emoji
/// (`♂` of a running man) is part of the picture and goes with the joiner: left alone it would say
/// something about the patient.
///
/// Control characters and NUL are no part of this: they are damage, and deleted by
/// `allowed-characters`.
enum InvisibleCharacters {
    private static let zeroWidthJoiner: UInt32 = 0x200D

    static func remove(from scalars: inout MappedScalars) {
        guard let first = scalars.values.firstIndex(where: isInvisible) else { return }
        var written = first
        var read = first
        while read < scalars.count {
            let value = scalars.values[read]
            if !isInvisible(value) {
                scalars.move(read, to: written)
                written += 1
            } else if written > 0 {
                if isVariationSelector(value) {
                    scalars.extend(written - 1, to: scalars.ends[read])
                } else if value == zeroWidthJoiner, isPicture(scalars.values[written - 1]),
                    read + 1 < scalars.count, isPicture(scalars.values[read + 1])
                {
                    read += 1
                }
            }
            read += 1
        }
        scalars.truncate(to: written)
    }

    @inline(__always)
    private static func isInvisible(_ value: UInt32) -> Bool {
        if value < 0xAD || value &- 0x3000 < 0x3164 - 0x3000 || value &- 0x3165 < 0xFE00 - 0x3165
            || value &- 0xFF00 < 0xA0
        {
            return false
        }
        return ScalarFacts.isInvisible(value)
    }

    static func isVariationSelector(_ value: UInt32) -> Bool {
        (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0100 && value <= 0xE01EF)
    }

    /// An emoji other than a digit or sign of ASCII or Latin-1.
    private static func isPicture(_ value: UInt32) -> Bool {
        value > 0xFF && Unicode.Scalar(value)?.properties.isEmoji ?? false
    }
}
