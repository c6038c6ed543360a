// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import JapaneseText

/// Finds the standard name and code of an entity in a user dictionary.
///
/// The entity's text is looked at by itself, so that the answer does not depend on the sentence
/// around it or on how that was cut into words. In this order: the whole text; the text without words
/// that say side, degree, doubt or course but name no other disease (`modifier`); the longest term
/// that the text ends in and that begins where MeCab, with the dictionary, begins a word (`head`;
/// Japanese compounds end in what they are, so 右下葉肺癌 is a 肺癌).
package struct TermNormalizer: Sendable {
    /// A term that was found.
    package struct Match: Hashable, Sendable {
        /// The term.
        package let term: DictionaryTerm
        /// How it was found.
        package let method: NormalizationMethod
    }

    /// Fewest characters of a term that is only the end of the text.
    private static let shortestHead = 2

    private let dictionary: UserDictionary
    private let analyzer: MorphologicalAnalyzer
    private let cleaner = TextCleaner(profile: .documents, personalInformation: [])

    /// A normalizer for a compiled dictionary; nil takes the standard system dictionary.
    ///
    /// Throws `MorphologyError`.
    package init(
        userDictionary: String, systemDictionary: String? = nil
    ) throws(MorphologyError) {
        dictionary = try UserDictionary(path: userDictionary, systemDictionary: systemDictionary)
        analyzer = try MorphologicalAnalyzer(
            dictionary: systemDictionary, userDictionary: userDictionary)
    }

    /// The entity with the name and code of its term.
    ///
    /// A code that the model's own list has for the very same text stays, unless the dictionary knows
    /// the text itself or its core: the end of a text says less than the whole.
    package func normalized(_ entity: Entity) -> Entity {
        guard let match = match(entity.span.surface, type: entity.type),
            match.method != .head || entity.code == nil
        else { return entity }
        var entity = entity
        entity.normalized = match.term.standardName ?? match.term.surface
        entity.normalizedBy = match.method
        entity.icd10 = entity.type == .disease ? match.term.code : nil
        return entity
    }

    /// The term that an entity's text names; nil for a dose, and where none is found.
    package func match(_ surface: String, type: EntityType) -> Match? {
        let wanted: TermType
        switch type {
        case .disease: wanted = .disease
        case .drug: wanted = .drug
        case .dose: return nil
        }
        return match(surface) { $0.type == wanted }
    }

    /// The term that a text names, of the kinds that `accept` accepts.
    package func match(_ surface: String, accept: (DictionaryTerm) -> Bool) -> Match? {
        let cleaned = cleaner.clean(surface)
        let range = Self.trimmed(cleaned)
        guard range.count > 0, range.count <= 4 * TermEntry.longestSurface else { return nil }
        func term(_ text: String) -> DictionaryTerm? {
            dictionary.term(text).flatMap { accept($0) ? $0 : nil }
        }
        let whole = cleaned.slice(range)
        if let found = term(whole) { return Match(term: found, method: .exact) }
        for core in TermModifiers.cores(of: whole) {
            if let found = term(core) { return Match(term: found, method: .modifier) }
        }
        // The end of the text that has lost its modifiers behind: 肺癌術後 ends in 肺癌.
        let end = TermModifiers.withoutSuffixes(whole)
        let count = whole.unicodeScalars.count - end.unicodeScalars.count
        let rest = CleanedRange(start: range.start, end: range.end - count)
        for word in analyzer.morphemes(in: cleaned, range: rest) {
            let head = CleanedRange(start: word.range.start, end: rest.end)
            guard head.count >= Self.shortestHead else { break }
            if let found = term(cleaned.slice(head)) { return Match(term: found, method: .head) }
        }
        return nil
    }

    /// The text without white space and line breaks around it.
    private static func trimmed(_ text: CleanedText) -> CleanedRange {
        let isSpace = { (scalar: Unicode.Scalar) in
            scalar == "\u{2581}" || scalar.properties.isWhitespace
        }
        guard let first = text.scalars.firstIndex(where: { !isSpace($0) }),
            let last = text.scalars.lastIndex(where: { !isSpace($0) })
        else { return CleanedRange(start: 0, end: 0) }
        return CleanedRange(start: first, end: last + 1)
    }
}
