// SPDX-License-Identifier: Apache-2.0
package import JapaneseText

/// A term as a list gives it, before cleaning.
package struct SourceTerm: Hashable, Sendable {
    /// The line of the file, from 1.
    package let line: Int
    /// The term.
    package let surface: String
    /// Its reading in any kana.
    package let reading: String?
    /// What it names.
    package let type: TermType
    /// Its code; for a disease ICD-10 without the point.
    package let code: String?
    /// The name that it should be called by.
    package let standardName: String?
    /// MeCab's cost, where the site wants its own.
    package let cost: Int16?

    /// A term.
    package init(
        line: Int, surface: String, reading: String? = nil, type: TermType, code: String? = nil,
        standardName: String? = nil, cost: Int16? = nil
    ) {
        self.line = line
        self.surface = surface
        self.reading = reading
        self.type = type
        self.code = code
        self.standardName = standardName
        self.cost = cost
    }
}

/// How sure a list is of a term's code, from the surest (J-MeDic's levels).
package enum TermConfidence: String, CaseIterable, Comparable, Sendable {
    /// In the ministry's master.
    case s = "S"
    /// Two people agree.
    case a = "A"
    /// Two people agreed after talk.
    case b = "B"
    /// One person.
    case c = "C"
    /// A machine.
    case d = "D"
    /// A machine, from similar terms.
    case e = "E"
    /// None.
    case f = "F"

    package static func < (first: Self, second: Self) -> Bool {
        (allCases.firstIndex(of: first) ?? 0) < (allCases.firstIndex(of: second) ?? 0)
    }
}

/// ICD-10 codes as lists write them.
enum DiseaseCodes {
    /// Codes without point, hyphen and the letter of a national subdivision, joined by `;`.
    ///
    /// `R42,R260` is `R42;R260`, `T08-0` is `T080`, `Q433a` is `Q433`. nil if anything else stands
    /// there, such as `-1` (unknown) and `[AMB]`.
    static func normalized(_ text: String) -> String? {
        let parts = text.split(whereSeparator: { ",;、/ ".contains($0) })
        var codes: [String] = []
        for part in parts {
            guard let code = code(part) else { return nil }
            if !codes.contains(code) { codes.append(code) }
        }
        return codes.isEmpty ? nil : codes.joined(separator: ";")
    }

    private static func code(_ text: Substring) -> String? {
        var bytes = text.utf8.filter { $0 != 0x2E && $0 != 0x2D }
        if let last = bytes.last, (0x61...0x7A).contains(last) { bytes.removeLast() }
        guard (3...5).contains(bytes.count), (0x41...0x5A).contains(bytes[0]),
            bytes.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
