// SPDX-License-Identifier: Apache-2.0

/// Keeps apart numbers that the source writes in different kinds of digits.
///
/// NFKC makes plain digits of all of them, and so another number out of two: `10⁵` would be 105, `1½`
/// 11⁄2, `SpO₂98％` an impossible 298, `1.5㎡5mg` 25 mg, and the leads `ⅡⅢaVF` IIIIIaVF. A caret says
/// exponent, `_` index, and a space goes between any others.
struct NumberBoundary {
    /// How the source writes what comes next.
    enum Kind: Equatable {
        /// Letters, and digits of the number system.
        case plain
        /// `⁵`, `ⁿ`, or a sign before one.
        case superscript
        /// `₂`.
        case `subscript`
        /// Anything else that becomes several characters or a digit: `½`, `㎡`, `㏠`.
        case form
        /// `Ⅲ`, with its number.
        case roman(Int)
    }

    /// What was written last, where that matters.
    private enum Last: Equatable {
        case nothing
        case superscript
        case `subscript`
        case digits
        case roman(Int)
    }

    private var last = Last.nothing

    /// Whether the next character could be taken for part of the last.
    @inline(__always)
    var isOpen: Bool { last != .nothing }

    /// Nothing can be taken for part of what stands last.
    mutating func close() { last = .nothing }

    /// The mark that must stand before the next characters, the first of which is `first`; `previous`
    /// is what stands last in the result.
    mutating func mark(
        before first: UInt32, as kind: Kind, after previous: UInt32
    ) -> UInt32? {
        let before = last
        let joins = CharacterClasses.isDigit(previous)
        switch kind {
        case .plain:
            last = .nothing
            let isNumber = before == .superscript || before == .subscript || before == .digits
            return isNumber && joins && CharacterClasses.isDigit(first) ? 0x20 : nil
        case .superscript:
            last = .superscript
            if before == .superscript { return nil }
            return joins || !CharacterClasses.isASCIILetterOrDigit(first) ? 0x5E : nil
        case .subscript:
            last = .subscript
            return joins && before != .subscript ? 0x5F : nil
        case .form:
            last = .digits
            return joins && CharacterClasses.isDigit(first) ? 0x20 : nil
        case .roman(let number):
            last = .roman(number)
            guard case .roman(let left) = before else { return nil }
            // ⅩⅢ is thirteen, ⅡⅢ are the second and the third lead.
            let isOneNumber = number < left || [10, 50, 100, 500, 1000].contains(left)
            return isOneNumber ? nil : 0x20
        }
    }
}

extension NumberBoundary.Kind {
    /// How a scalar is written that is neither ordinary text nor an ordinary digit.
    ///
    /// `next` is the scalar that follows in the source, `form` what the scalar becomes.
    init(of value: UInt32, next: UInt32, form: [UInt32]) {
        if FoldingTable.isSuperscript(value) {
            self = .superscript
        } else if FoldingTable.isSuperscriptSign(value) {
            // A sign with no digit is a charge or a grade: Ca²⁺, 3⁺.
            self = FoldingTable.isSuperscript(next) ? .superscript : .plain
        } else if value >= 0x2080, value <= 0x2089 {
            self = .subscript
        } else if let number = Self.romanNumber(value) {
            self = .roman(number)
        } else if Unicode.Scalar(value)?.properties.generalCategory == .decimalNumber {
            self = .plain
        } else {
            self = .form
        }
    }

    private static func romanNumber(_ value: UInt32) -> Int? {
        guard value >= 0x2160, value <= 0x217F else { return nil }
        let place = Int(value - 0x2160) % 16
        return place < 12 ? place + 1 : [50, 100, 500, 1000][place - 12]
    }
}
