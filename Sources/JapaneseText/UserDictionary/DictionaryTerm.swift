// SPDX-License-Identifier: Apache-2.0

/// What kind of thing a term of a user dictionary names.
package enum TermType: String, CaseIterable, Codable, Hashable, Sendable {
    /// A disease, a finding or a symptom.
    case disease
    /// A drug.
    case drug
    /// A part of the body.
    case anatomy
    /// An examination.
    case test
    /// Anything else.
    case other
}

/// A term of a user dictionary with what is known of it.
package struct DictionaryTerm: Hashable, Sendable {
    /// The term in cleaned text.
    package let surface: String
    /// What it names.
    package let type: TermType
    /// Its code, for a disease ICD-10 without the point; several are joined by `;`.
    package let code: String?
    /// The name that it should be called by.
    package let standardName: String?
    /// Where it comes from: the file's name and the first 12 digits of its SHA-256, `NAME@DIGITS`.
    package let source: String

    /// A term.
    package init(
        surface: String, type: TermType, code: String?, standardName: String?, source: String
    ) {
        self.surface = surface
        self.type = type
        self.code = code
        self.standardName = standardName
        self.source = source
    }
}

/// A term that is to be compiled into a user dictionary.
package struct TermEntry: Hashable, Sendable {
    /// The term in cleaned text and what is known of it.
    package let term: DictionaryTerm
    /// Reading in katakana.
    package let reading: String?
    /// MeCab's cost where the site decides it itself; nil to compute it.
    package let cost: Int16?

    /// Most Unicode scalars of a term's surface.
    package static let longestSurface = 64
    /// Most UTF-8 bytes of any other text of a term.
    package static let mostFieldBytes = 600

    /// An entry; nil for a surface or text that a dictionary cannot hold.
    ///
    /// A surface has 1 to 64 scalars and no white space or control characters; the other texts have
    /// at most 600 bytes and no control characters.
    package init?(term: DictionaryTerm, reading: String? = nil, cost: Int16? = nil) {
        let scalars = term.surface.unicodeScalars
        guard !scalars.isEmpty, scalars.count <= Self.longestSurface,
            !scalars.contains(where: { Self.isControl($0) || $0.properties.isWhitespace }),
            !scalars.contains(where: { $0.value == CharacterClasses.spaceMark })
        else { return nil }
        for text in [term.code, term.standardName, term.source, reading] {
            guard let text else { continue }
            guard text.utf8.count <= Self.mostFieldBytes,
                !text.unicodeScalars.contains(where: Self.isControl)
            else { return nil }
        }
        self.term = term
        self.reading = reading
        self.cost = cost
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
