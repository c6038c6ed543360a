// SPDX-License-Identifier: Apache-2.0
import CMeCab
import Glibc

/// Makes a compiled user dictionary with libmecab's own compiler.
package struct DictionaryCompiler: Sendable {
    /// How much better than its parts a term is, in MeCab's costs.
    ///
    /// Of 500 disease names in twelve sentence frames 98.8 % are one word with 500, 99.1 % with 1000,
    /// 99.7 % with 2000 and 100 % with 4000; of 12,967 clinical sentences 9, 16, 22 and 52 are cut
    /// otherwise beside a term (`shokenctl dictionary measure`).
    package static let usualMargin = 1000

    /// A dictionary as it is written to a file, with what came of its terms.
    package struct Result: Sendable {
        /// The file's content; the same for the same terms, whatever their order.
        package let content: [UInt8]
        /// Terms in it.
        package let terms: Int
        /// Terms that the system dictionary holds as one word already; they keep its grammar.
        package let systemWords: [String]
        /// Terms that the dictionaries would cut into two parts or more.
        package let dividedTerms: Int
        /// Terms whose cost did not fit into 16 bits and was made to fit.
        package let clampedCosts: Int
    }

    private let directory: String
    private let margin: Int

    /// A compiler for a system dictionary; nil is the standard one.
    package init(systemDictionary: String? = nil, margin: Int = DictionaryCompiler.usualMargin) {
        directory = systemDictionary ?? MorphologicalAnalyzer.defaultDictionary
        self.margin = margin
    }

    /// Compiles terms; of those that the dictionary's letters cannot tell apart the first counts.
    ///
    /// `progress` gets the share of the terms whose cost is known. Throws `MorphologyError`.
    package func compile(
        _ entries: [TermEntry], progress: (Double) -> Void = { _ in }
    ) throws(MorphologyError) -> Result {
        var seen: Set<[UInt8]> = []
        var keyed: [(key: [UInt8], entry: TermEntry)] = []
        for entry in entries {
            let key = DictionaryForm.key(entry.term.surface)
            if seen.insert(key).inserted { keyed.append((key, entry)) }
        }
        guard !keyed.isEmpty else { throw .noTerms }
        // From the shortest to the longest, as the costs want it.
        keyed.sort { first, second in
            first.key.count == second.key.count
                ? first.key.lexicographicallyPrecedes(second.key)
                : first.key.count < second.key.count
        }
        var costs = try TermCosts(directory: directory, margin: margin)
        var words: [TermCosts.Word] = []
        words.reserveCapacity(keyed.count)
        for (index, item) in keyed.enumerated() {
            words.append(costs.word(item.key, cost: item.entry.cost))
            if index & 0xFF == 0 { progress(Double(index) / Double(keyed.count)) }
        }
        let lines = zip(keyed, words).map { Self.line($0.key, $0.entry, $1) }
        let folder = try CompilerFolder()
        try folder.write(lines)
        try run(folder)
        return Result(
            content: try folder.compiled(words: lines.count), terms: lines.count,
            systemWords: zip(keyed, words).filter { $0.1.isSystemWord }
                .map { $0.0.entry.term.surface },
            dividedTerms: words.count { $0.parts > 1 },
            clampedCosts: words.count { $0.isClamped })
    }

    /// A line of the compiler's source: surface, contexts, cost, features.
    private static func line(_ key: [UInt8], _ entry: TermEntry, _ word: TermCosts.Word) -> String {
        let surface = String(decoding: key, as: UTF8.self)
        let reading = TermFeatures.field(entry.reading ?? "")
        let grammar =
            word.grammar ?? [
                "名詞", "一般", "*", "*", "*", "*", TermFeatures.field(surface), reading, reading,
            ]
        return "\(TermFeatures.field(surface)),\(word.left),\(word.right),\(word.cost),"
            + TermFeatures.text(entry.term, grammar: grammar) + "\n"
    }

    private func run(_ folder: borrowing CompilerFolder) throws(MorphologyError) {
        let arguments = [
            "mecab-dict-index", "-d", directory, "-u", folder.output, "-f", "utf-8", "-t", "utf-8",
            folder.source,
        ]
        var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        let status = shoken_compile_dictionary(Int32(arguments.count), &strings)
        guard status == 0 else { throw .compilation(status: status) }
    }
}
