// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Decompositions, compositions and combining classes of Unicode 11, which is what the Hugging Face
/// library normalises with: to it, later characters are as unassigned ones.
///
/// Each scalar's full decomposition is asked of Foundation once; joining is done here, because
/// Foundation says neither which source scalar a result stands for nor composes right after
/// compatibility mappings (see `JapaneseText/CompatibilityFolding.swift`).
struct NormalizationData: Sendable {
    /// Canonical mappings (NFD).
    static let canonical = NormalizationData(isCompatible: false)
    /// Compatibility mappings (NFKD).
    static let compatible = NormalizationData(isCompatible: true)

    private let decompositions: [UInt32: [Unicode.Scalar]]

    /// The first version of Unicode whose characters are left alone.
    private static let firstUnknownAge = 12
    /// Scalars that decompose lie in these ranges, Hangul syllables aside.
    private static let ranges: [ClosedRange<UInt32>] = [
        0xA0...0x33FF, 0xA640...0xABFF, 0xF900...0xFFFF, 0x10000...0x1FFFF, 0x2F800...0x2FA1F,
    ]

    private init(isCompatible: Bool) {
        var table: [UInt32: [Unicode.Scalar]] = [:]
        for scalar in Self.ranges.joined().lazy.compactMap({ Unicode.Scalar($0) }) {
            guard Self.isKnown(scalar) else { continue }
            let text = String(scalar)
            let mapped =
                isCompatible
                ? text.decomposedStringWithCompatibilityMapping
                : text.decomposedStringWithCanonicalMapping
            let scalars = Array(mapped.unicodeScalars)
            if scalars != [scalar] { table[scalar.value] = scalars }
        }
        decompositions = table
    }

    private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return age.major < firstUnknownAge
    }

    /// The canonical combining class; 0 for scalars that the library does not know.
    static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        guard scalar.value >= 0x300, scalar.value < 0x4E00 || scalar.value >= 0xA000 else {
            return 0
        }
        let combiningClass = scalar.properties.canonicalCombiningClass.rawValue
        return combiningClass == 0 || !isKnown(scalar) ? 0 : combiningClass
    }

    /// Calls `body` with each scalar of the full decomposition.
    @inline(__always)
    func decompose(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
        let value = scalar.value
        if value < 0xA0 || (value >= 0x3400 && value < 0xA640) { return body(scalar) }
        if value >= Hangul.syllables.lowerBound, value <= Hangul.syllables.upperBound {
            return Hangul.decompose(value).forEach(body)
        }
        guard let scalars = decompositions[value] else { return body(scalar) }
        scalars.forEach(body)
    }

    private struct Pair: Hashable {
        let first: UInt32
        let second: UInt32
    }

    /// Primary composites by the two scalars that they are made of.
    private static let compositions: [Pair: Unicode.Scalar] = {
        var table: [Pair: Unicode.Scalar] = [:]
        for (value, scalars) in canonical.decompositions {
            guard let composite = Unicode.Scalar(value), scalars.count > 1,
                let last = scalars.last
            else { continue }
            // Whatever composition leaves apart (exclusions, singletons) is no primary composite.
            var text = String.UnicodeScalarView()
            text.append(composite)
            let composed = String(text).precomposedStringWithCanonicalMapping
            guard composed.unicodeScalars.elementsEqual([composite]) else { continue }
            text.removeAll()
            text.append(contentsOf: scalars.dropLast())
            let first = Array(String(text).precomposedStringWithCanonicalMapping.unicodeScalars)
            guard first.count == 1 else { continue }
            table[Pair(first: first[0].value, second: last.value)] = composite
        }
        return table
    }()

    /// The scalar that stands for these two, or nil.
    static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if second.value < 0x300 { return nil }
        if let syllable = Hangul.compose(first.value, second.value) { return syllable }
        return compositions[Pair(first: first.value, second: second.value)]
    }
}

/// Hangul syllables by arithmetic (The Unicode Standard, 3.12).
private enum Hangul {
    static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
    private static let leading: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    private static let trailing: UInt32 = 0x11A7
    private static let vowelCount: UInt32 = 21
    private static let trailingCount: UInt32 = 28

    static func decompose(_ value: UInt32) -> [Unicode.Scalar] {
        let index = value - syllables.lowerBound
        let parts = [
            leading + index / (vowelCount * trailingCount),
            vowels + index % (vowelCount * trailingCount) / trailingCount,
            trailing + index % trailingCount,
        ]
        return (parts[2] == trailing ? parts.dropLast() : parts[...])
            .compactMap { Unicode.Scalar($0) }
    }

    static func compose(_ first: UInt32, _ second: UInt32) -> Unicode.Scalar? {
        if first >= leading, first < leading + 19, second >= vowels, second < vowels + vowelCount {
            let index = (first - leading) * vowelCount + (second - vowels)
            return Unicode.Scalar(syllables.lowerBound + index * trailingCount)
        }
        if syllables.contains(first), (first - syllables.lowerBound) % trailingCount == 0,
            second > trailing, second < trailing + trailingCount
        {
            return Unicode.Scalar(first + second - trailing)
        }
        return nil
    }
}
