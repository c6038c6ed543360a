// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Testing

@testable import JapaneseText

/// What holds for any text: 100,000 generated ones, by each profile and version.
@Suite("Cleaning any text")
struct CleaningPropertyTests {
    private static let seeds = Array(UInt64(100)..<120)
    private static let textsPerSeed = 5000

    private static let cleaners = TextCleaner.Profile.allCases.flatMap { profile in
        CleaningVersion.allCases.map { TextCleaner(profile: profile, version: $0) }
    }

    /// Names the first text that breaks a property, by its scalars, made as short as it may be.
    private static func check(
        seed: UInt64, _ property: String, _ holds: (String, TextCleaner) -> Bool
    ) {
        var generator = GeneratedText(seed: seed)
        for _ in 0..<textsPerSeed {
            let text = generator.next()
            for cleaner in cleaners where !holds(text, cleaner) {
                let shortest = shortened(Array(text.unicodeScalars)) { !holds($0, cleaner) }
                let scalars = shortest.map { String($0.value, radix: 16) }.joined(separator: " ")
                Issue.record("\(property), \(cleaner.profile) \(cleaner.version): \(scalars)")
                return
            }
        }
    }

    private static func shortened(
        _ scalars: [Unicode.Scalar], while fails: (String) -> Bool
    ) -> [Unicode.Scalar] {
        var shortest = scalars
        var index = 0
        while index < shortest.count {
            var shorter = shortest
            shorter.remove(at: index)
            if fails(String(scalars: shorter[...])) {
                shortest = shorter
                index = 0
            } else {
                index += 1
            }
        }
        return shortest
    }

    @Test("the map is in order and goes back, and a record loses no letter", arguments: seeds)
    func map(seed: UInt64) {
        Self.check(seed: seed, "map") { text, cleaner in
            let cleaned = cleaner.clean(text)
            return Self.isInOrder(cleaned) && Self.goesBack(cleaned)
                && (cleaner.profile == .training || Self.isCovered(cleaned, cleaner.version))
        }
    }

    private static func isInOrder(_ text: CleanedText) -> Bool {
        guard text.starts.count == text.scalars.count, text.ends.count == text.scalars.count else {
            return false
        }
        var (start, end) = (UInt32(0), UInt32(0))
        for index in text.scalars.indices {
            guard text.starts[index] >= start, text.ends[index] >= end,
                text.starts[index] < text.ends[index]
            else { return false }
            (start, end) = (text.starts[index], text.ends[index])
        }
        return Int(end) <= text.source.count
    }

    private static func goesBack(_ text: CleanedText) -> Bool {
        for index in text.scalars.indices {
            let range = CleanedRange(start: index, end: index + 1)
            let source = text.sourceRange(of: range)
            let back = text.cleanedRange(of: source)
            // More than the scalar where others stand for a part of the same source scalars.
            guard back.start <= range.start, back.end >= range.end,
                text.sourceRange(of: back).contains(source)
            else { return false }
        }
        return true
    }

    /// Whether every kanji, kana and digit outside personal information is still there.
    private static func isCovered(_ cleaned: CleanedText, _ version: CleaningVersion) -> Bool {
        let values = cleaned.source.map(\.value)
        let segments = CombiningSegments(version: version)
        for (index, scalar) in cleaned.source.enumerated() where isPlain(scalar) {
            let source = SourceRange(start: index, end: index + 1)
            let range = cleaned.cleanedRange(of: source)
            let slice = cleaned.scalars[range.start..<range.end]
            if slice.isEmpty { return false }
            if slice.contains("〓") { continue }
            // With a mark it may be another letter; alone it is itself, in its own place.
            if segments.end(of: values, at: index) > index + 1 { continue }
            if index + 1 < values.count, ScalarFacts.isInvisible(values[index + 1]) { continue }
            if !slice.contains(scalar) || cleaned.sourceRange(of: range) != source { return false }
        }
        return true
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x3042...0x3093, 0x30A2...0x30F3, 0x4E00...0x9FFF: true
        default: false
        }
    }

    @Test("cleaning what is clean changes nothing", arguments: seeds)
    func idempotent(seed: UInt64) {
        Self.check(seed: seed, "idempotent") { text, cleaner in
            // Version 1 composes over what it deletes later, and orders long rows of marks twice.
            guard cleaner.version >= .second else { return true }
            let cleaned = cleaner.clean(text)
            return cleaner.clean(cleaned.string).scalars == cleaned.scalars
                || Self.deletes(cleaner, text)
        }
    }

    /// Whether a rule takes out visible characters, which may bring together what belongs to a rule
    /// that was already done.
    private static func deletes(_ cleaner: TextCleaner, _ text: String) -> Bool {
        func cleaned(through last: CleaningRule) -> [Unicode.Scalar] {
            let rules = cleaner.version.rules
            let place = rules.firstIndex(of: last) ?? 0
            return TextCleaner(
                profile: cleaner.profile, version: cleaner.version, only: Set(rules[...place])
            ).clean(text).scalars
        }
        return cleaned(through: .ellipses) != cleaned(through: .webNotation)
            || cleaned(through: .symbols) != cleaned(through: .allowedCharacters)
            || cleaner.profile == .training
                && cleaned(through: .allowedCharacters) != cleaned(through: .repeats)
    }

    @Test("lines are cleaned alike together and apart", arguments: seeds.prefix(4))
    func lines(seed: UInt64) {
        var generator = GeneratedText(seed: seed &+ 1000)
        for _ in 0..<Self.textsPerSeed {
            let (first, second) = (generator.next(), generator.next())
            for cleaner in Self.cleaners {
                let parts = [cleaner.clean(first).scalars, cleaner.clean(second).scalars]
                // Blank lines in a row are the one repeat that goes over lines.
                if parts[0].last == "\n" || parts[1].first == "\n" { continue }
                if cleaner.clean(first + "\n" + second).scalars != parts[0] + ["\n"] + parts[1] {
                    let scalars = (first + "\n" + second).unicodeScalars.map {
                        String($0.value, radix: 16)
                    }
                    Issue.record(
                        "\(cleaner.profile) \(cleaner.version): \(scalars.joined(separator: " "))")
                    return
                }
            }
        }
    }

    @Test("the rules one by one make what they make together", arguments: seeds.prefix(2))
    func oneByOne(seed: UInt64) {
        Self.check(seed: seed, "one by one") { text, cleaner in
            var alone = text
            // Both rules of patterns share one search, so that they count as one here.
            for rule in cleaner.version.rules where rule != .webNotation {
                let some: Set<CleaningRule> =
                    rule == .personalInformation ? [.personalInformation, .webNotation] : [rule]
                alone =
                    TextCleaner(profile: cleaner.profile, version: cleaner.version, only: some)
                    .clean(alone).string
            }
            return Array(alone.unicodeScalars) == cleaner.clean(text).scalars
        }
    }

    @Test("any bytes decoded with repair are cleaned", arguments: seeds.prefix(4))
    func bytes(seed: UInt64) {
        var random = RandomText(seed: seed)
        for _ in 0..<Self.textsPerSeed {
            let bytes = (0..<random.number(below: 60)).map { _ in UInt8(random.number(below: 256)) }
            let text = String(decoding: bytes, as: UTF8.self)
            for cleaner in Self.cleaners {
                #expect(Self.isInOrder(cleaner.clean(text)))
            }
        }
    }
}
