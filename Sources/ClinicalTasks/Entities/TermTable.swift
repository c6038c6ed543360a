// SPDX-License-Identifier: Apache-2.0
import LinearHeads
package import Tensors

/// A dictionary of terms that is stored as hashes, with an ICD-10 code for each where it has one.
package struct TermTable: Hashable, Sendable {
    /// Most words that a term may have.
    package static let longestTerm = 16

    /// A term: its cleaned surface, and its ICD-10 code where it has one.
    package typealias Term = (surface: String, icd10: String?)

    private let index: HashIndex
    /// Code of each row as a number plus one; zero where there is none.
    private let codes: [UInt32]

    /// A run of words that is a term.
    package struct Match: Hashable, Sendable {
        /// The words.
        package let words: Range<Int>
        /// Number of characters.
        package let length: Int
    }

    /// A table of cleaned surfaces; of equal surfaces the first counts. Empty ones are left out.
    package init(_ terms: some Sequence<Term>) {
        var seen: Set<UInt32> = []
        var hashes: [UInt32] = []
        var codes: [UInt32] = []
        for term in terms where !term.surface.isEmpty {
            let hash = TermHash(term.surface.unicodeScalars).value
            guard seen.insert(hash).inserted else { continue }
            hashes.append(hash)
            codes.append(term.icd10.flatMap(DiseaseCode.number).map { $0 + 1 } ?? 0)
        }
        index = HashIndex(hashes)
        self.codes = codes
    }

    /// Number of terms.
    package var count: Int { index.count }

    /// Whether cleaned characters are a term.
    package func contains(_ cleaned: some Sequence<Unicode.Scalar>) -> Bool {
        index.row(of: TermHash(cleaned).value) != nil
    }

    /// The terms in a sentence from left to right, the longest at each place, without overlaps.
    package func matches(in sentence: SentenceWords) -> [Match] {
        guard count > 0 else { return [] }
        var matches: [Match] = []
        var word = 0
        while word < sentence.count {
            if let match = longestMatch(in: sentence, from: word) {
                matches.append(match)
                word = match.words.upperBound
            } else {
                word += 1
            }
        }
        return matches
    }

    private func longestMatch(in sentence: SentenceWords, from start: Int) -> Match? {
        var hash = TermHash()
        var length = 0
        var match: Match?
        for word in start..<min(sentence.count, start + TermTable.longestTerm) {
            hash.mix(sentence.characters[word])
            length += sentence.characters[word].count
            if index.row(of: hash.value) != nil {
                match = Match(words: start..<word + 1, length: length)
            }
        }
        return match
    }

    /// The ICD-10 code of a run of words that is exactly a term.
    package func icd10(of words: Range<Int>, in sentence: SentenceWords) -> String? {
        guard let row = index.row(of: sentence.termHash(of: words)), codes[row] > 0 else {
            return nil
        }
        return DiseaseCode.code(codes[row] - 1)
    }
}

extension TermTable {
    /// The tensors to store: `hashes` (N, 3) and `codes` (N, 2), digits to the base 2048.
    package func tensors(prefix: String) -> [String: Tensor] {
        var digits: [Float] = []
        for code in codes {
            digits.append(Float(code & 2047))
            digits.append(Float(code >> 11))
        }
        return [
            prefix + "hashes": index.digits,
            prefix + "codes": Tensor(shape: [codes.count, 2], values: digits),
        ]
    }

    /// Reads the tensors back; a table without tensors is empty.
    ///
    /// Throws `TaskParameterError` naming the tensor that does not fit.
    package init(tensors: [String: Tensor], prefix: String, task: String) throws {
        guard let hashes = tensors[prefix + "hashes"] else {
            throw TaskParameterError.missingTensor(task: task, tensor: prefix + "hashes")
        }
        guard let codes = tensors[prefix + "codes"] else {
            throw TaskParameterError.missingTensor(task: task, tensor: prefix + "codes")
        }
        index = try HashIndex(digits: hashes, task: task, tensor: prefix + "hashes")
        let wrong = TaskParameterError.shape(
            task: task, tensor: prefix + "codes", expected: [index.count, 2], found: codes.shape)
        guard codes.shape == [index.count, 2] else { throw wrong }
        self.codes = try (0..<index.count).map { row in
            let low = codes.values[row * 2]
            let high = codes.values[row * 2 + 1]
            guard (0...2047).contains(low), (0...2047).contains(high) else { throw wrong }
            return UInt32(low) + UInt32(high) << 11
        }
    }
}

/// ICD-10 codes without the point, such as `E14` and `R529`, as numbers.
enum DiseaseCode {
    /// Digits of the number: ten digits and "none".
    private static let base: UInt32 = 11

    /// The number of a code; nil if it is not a letter and two to four digits.
    static func number(_ code: String) -> UInt32? {
        let bytes = Array(code.utf8)
        guard (3...5).contains(bytes.count), (0x41...0x5A).contains(bytes[0]) else { return nil }
        var number = UInt32(bytes[0] - 0x41)
        for place in 1...4 {
            var digit = base - 1
            if place < bytes.count {
                guard (0x30...0x39).contains(bytes[place]) else { return nil }
                digit = UInt32(bytes[place] - 0x30)
            }
            number = number * base + digit
        }
        return number
    }

    /// The code of a number; nil if no code has it.
    static func code(_ number: UInt32) -> String? {
        var rest = number
        var digits: [UInt8] = []
        for _ in 1...4 {
            let digit = rest % base
            rest /= base
            if digit < 10 { digits.append(UInt8(digit) + 0x30) }
        }
        guard rest < 26, digits.count >= 2 else { return nil }
        digits.append(UInt8(rest) + 0x41)
        return String(decoding: digits.reversed(), as: UTF8.self)
    }
}
