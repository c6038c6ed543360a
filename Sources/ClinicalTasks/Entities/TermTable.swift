// SPDX-License-Identifier: Apache-2.0
import LinearHeads
package import Tensors

/// A dictionary of terms that is stored as hashes, with a code for each where it has one.
package struct TermTable: Hashable, Sendable {
    /// Most words that a term may have.
    package static let longestTerm = 16

    /// A term that a table is made from.
    package struct Term: Hashable, Sendable {
        /// Cleaned.
        package let surface: String
        /// In the table's scheme; one that is none counts as none.
        package let code: String?
        /// Whether it is the standard name of what it means.
        package let isStandard: Bool

        /// A term.
        package init(_ surface: String, code: String? = nil, isStandard: Bool = false) {
            (self.surface, self.code, self.isStandard) = (surface, code, isStandard)
        }
    }

    /// What a table knows of a term.
    package struct Entry: Hashable, Sendable {
        /// In the table's scheme.
        package let code: String?
        /// Whether the term is the standard name of what it means.
        package let isStandard: Bool

        /// An entry.
        package init(code: String?, isStandard: Bool) {
            (self.code, self.isStandard) = (code, isStandard)
        }
    }

    /// The system that codes belong to.
    package let scheme: CodeScheme
    private let index: HashIndex
    /// The other half of each row's hash: half alone takes one run of words in 70,000 for a term. Earlier bundles have none.
    private let checks: [UInt32]?
    /// Code of each row as a number plus one; zero where there is none. `standard` is added for a standard name.
    private let codes: [UInt32]
    private static let standard: UInt32 = 1 << 30

    /// A run of words that is a term.
    package struct Match: Hashable, Sendable {
        /// The words.
        package let words: Range<Int>
        /// Number of characters.
        package let length: Int
    }

    /// A table of cleaned surfaces; of equal surfaces the first counts. Empty ones are left out.
    package init(_ terms: some Sequence<Term>, scheme: CodeScheme = .icd10) {
        self.scheme = scheme
        var seen: Set<UInt32> = []
        var hashes: [UInt32] = []
        var checks: [UInt32] = []
        var codes: [UInt32] = []
        for term in terms where !term.surface.isEmpty {
            let hash = TermHash(term.surface.unicodeScalars)
            guard seen.insert(hash.value).inserted else { continue }
            hashes.append(hash.value)
            checks.append(hash.check)
            let code = term.code.flatMap(scheme.number).map { $0 + 1 } ?? 0
            codes.append(code + (term.isStandard ? Self.standard : 0))
        }
        index = HashIndex(hashes)
        self.checks = checks
        self.codes = codes
    }

    private func row(of hash: TermHash) -> Int? {
        guard let row = index.row(of: hash.value), checks.map({ $0[row] == hash.check }) ?? true
        else { return nil }
        return row
    }

    /// Number of terms.
    package var count: Int { index.count }

    /// Whether cleaned characters are a term.
    package func contains(_ cleaned: some Sequence<Unicode.Scalar>) -> Bool {
        row(of: TermHash(cleaned)) != nil
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
            if row(of: hash) != nil {
                match = Match(words: start..<word + 1, length: length)
            }
        }
        return match
    }

    /// The code of a run of words that is exactly a term.
    package func code(of words: Range<Int>, in sentence: SentenceWords) -> String? {
        row(of: sentence.termHash(of: words)).flatMap { entry($0).code }
    }

    /// What the table knows of cleaned characters that are exactly a term; nil for others.
    package func entry(of cleaned: some Sequence<Unicode.Scalar>) -> Entry? {
        row(of: TermHash(cleaned)).map(entry)
    }

    private func entry(_ row: Int) -> Entry {
        let number = codes[row] & (Self.standard - 1)
        return Entry(
            code: number > 0 ? scheme.code(number - 1) : nil,
            isStandard: codes[row] & Self.standard != 0)
    }
}

extension TermTable {
    /// The tensors to store: `hashes`, `checks` and `codes`, each (N, 3), digits to the base 2048, the lowest first.
    package func tensors(prefix: String) -> [String: Tensor] {
        var tensors = [
            prefix + "hashes": index.digits,
            prefix + "codes": Tensor(
                shape: [codes.count, 3],
                values: codes.flatMap { code in
                    (0..<3).map { Float(code >> (11 * UInt32($0)) & 2047) }
                }),
        ]
        if let checks { tensors[prefix + "checks"] = HashIndex.digits(of: checks) }
        return tensors
    }

    /// Reads the tensors back; earlier bundles store two digits of a code.
    ///
    /// Throws `TaskParameterError` naming the tensor that is missing or does not fit.
    package init(
        tensors: [String: Tensor], prefix: String, task: String, scheme: CodeScheme = .icd10
    ) throws {
        guard let hashes = tensors[prefix + "hashes"] else {
            throw TaskParameterError.missingTensor(task: task, tensor: prefix + "hashes")
        }
        guard let codes = tensors[prefix + "codes"] else {
            throw TaskParameterError.missingTensor(task: task, tensor: prefix + "codes")
        }
        self.scheme = scheme
        index = try HashIndex(digits: hashes, task: task, tensor: prefix + "hashes")
        let name = prefix + "checks"
        checks = try tensors[name].map {
            let checks = try HashIndex(digits: $0, task: task, tensor: name).hashes
            guard checks.count == hashes.rows else {
                throw TaskParameterError.shape(
                    task: task, tensor: name, expected: hashes.shape, found: $0.shape)
            }
            return checks
        }
        let wrong = TaskParameterError.shape(
            task: task, tensor: prefix + "codes", expected: [index.count, 3], found: codes.shape)
        guard codes.shape.count == 2, codes.shape[0] == index.count,
            [2, 3].contains(codes.shape[1])
        else { throw wrong }
        let width = codes.shape[1]
        self.codes = try (0..<index.count).map { row in
            let digits = codes.values[row * width..<(row + 1) * width]
            // The third digit has nine bits at most, so that the number fits.
            guard digits.allSatisfy({ (0...2047).contains($0) }),
                width == 2 || digits.last ?? 0 < 512
            else { throw wrong }
            return digits.reversed().reduce(0) { $0 << 11 + UInt32($1) }
        }
    }
}
