// SPDX-License-Identifier: Apache-2.0
import Corpora
import Foundation

/// Reads what a model wrote.
///
/// An answer with options is one that begins with a letter, or is an option's text, word for word. Full width,
/// case, brackets, and a word such as 答え before it, do not matter. Strings are written a line each, or as a list
/// of JSON or Python, or with 、 between them where their line is not itself in the document.
package struct AnswerReading {
    private let question: WrittenQuestion

    /// A reader of answers to a question.
    package init(_ question: WrittenQuestion) { self.question = question }

    /// What a text answers.
    package func content(of text: String, _ slices: DocumentSlices?) -> WrittenAnswer.Content {
        if question.letters.isEmpty {
            guard let strings = strings(in: text, slices) else { return .none(.unparsed) }
            return .strings(strings)
        }
        guard let options = options(in: text) else { return .none(.unparsed) }
        return .options(options)
    }

    // MARK: Options

    private static let leads = [
        "正解は", "正解", "答えは", "答え", "解答は", "解答", "回答は", "回答", "選択肢", "the answer is", "answer",
    ]
    private static let brackets = CharacterSet(charactersIn: "「」『』（）()[]【】〔〕<>〈〉\"'“”‘’*_`.:;、。,")
        .union(.whitespacesAndNewlines)

    /// The chosen options; nil where the text chooses none.
    private func options(in text: String) -> [Int]? {
        if let option = option(saying: text) { return [option] }
        var rest = Self.trimmed(text.precomposedStringWithCompatibilityMapping.lowercased())
        for lead in Self.leads where rest.hasPrefix(lead) {
            rest = Self.trimmed(String(rest.dropFirst(lead.count)))
            break
        }
        let letters = question.letters.map { $0.lowercased() }
        var chosen: Set<Int> = []
        while let first = rest.first, let place = letters.firstIndex(of: String(first)) {
            let after = rest.dropFirst()
            // A letter that goes on is a word.
            if let next = after.first, next.isASCII, next.isLetter || next.isNumber { break }
            chosen.insert(place)
            guard question.chosen > 1 else { break }
            rest = Self.trimmed(String(after))
            for joint in ["と", "and ", "・", "&", "/", "+"] where rest.hasPrefix(joint) {
                rest = Self.trimmed(String(rest.dropFirst(joint.count)))
                break
            }
        }
        return chosen.isEmpty ? nil : chosen.sorted()
    }

    /// The option whose text this is.
    private func option(saying text: String) -> Int? {
        let said = Self.trimmed(text)
        let found = question.options.indices.filter { Self.trimmed(question.options[$0]) == said }
        return said.isEmpty || found.count != 1 ? nil : found[0]
    }

    private static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: brackets) }

    // MARK: Strings

    /// The strings, in the document's own characters where they stand in it; nil for an empty text.
    private func strings(in text: String, _ slices: DocumentSlices?) -> [String]? {
        let whole = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !whole.isEmpty else { return nil }
        let lines =
            PythonListLiteral.strings(whole) ?? whole.split(separator: "\n").map(String.init)
        let parts = lines.flatMap { line -> [String] in
            if let slice = slices?.slice(of: line) { return [slice] }
            let bare = Self.bare(line)
            if let slice = slices?.slice(of: bare) { return [slice] }
            let separated = bare.split(whereSeparator: { "、,，".contains($0) }).map {
                Self.bare(String($0))
            }
            return separated.map { slices?.slice(of: $0) ?? $0 }
        }.filter { !$0.isEmpty }
        if parts.isEmpty || parts == [BenchmarkPrompt.none] { return [] }
        var seen: Set<String> = []
        return parts.filter { $0 != BenchmarkPrompt.none && seen.insert($0).inserted }
    }

    /// A line without what marks an item of a list.
    private static func bare(_ line: String) -> String {
        var rest = line.trimmingCharacters(in: .whitespaces)[...]
        while let first = rest.unicodeScalars.first, "・-*•●".unicodeScalars.contains(first) {
            rest = rest.dropFirst()
        }
        if let mark = rest.prefixMatch(of: /[0-9]{1,2}[.)．）]\s*/) {
            rest = rest[mark.range.upperBound...]
        }
        return rest.trimmingCharacters(
            in: CharacterSet(charactersIn: "「」『』\"'“”").union(.whitespaces))
    }
}
