// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation

/// Which tokens or words are laid out.
struct PointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many tokens: the first of the vocabulary, or with --text the most frequent.",
            valueName: "n"))
    var tokens = 3000

    @Option(
        help: ArgumentHelp(
            "A text whose most frequent tokens are taken; may be given again.", valueName: "file"))
    var text: [String] = []

    @Option(
        help: ArgumentHelp(
            "Words, one a line, that are laid out instead of tokens.", valueName: "file"))
    var onlyWords: String?

    @Option(
        help: ArgumentHelp(
            "Words, one a line, that are marked, and added where they are not there.",
            valueName: "file"))
    var mark: String?

    /// More points than these are no longer seen apart, and take hours.
    static let mostPoints = 20000

    func validate() throws {
        guard (1...Self.mostPoints).contains(tokens) else {
            throw ValidationError("--tokens is a number from 1 to \(Self.mostPoints)")
        }
        if onlyWords != nil, !text.isEmpty {
            throw ValidationError("--only-words takes no --text")
        }
    }
}

/// A token, or a word as the mean of its tokens, that is laid out.
struct InspectedPoint {
    let ids: [Int32]
    let name: String
    var isMarked = false
}

extension InspectedPoint {
    /// The points that options ask for, each once.
    static func chosen(_ options: PointOptions, _ model: InspectedModel) throws -> [Self] {
        var points =
            try options.onlyWords.map { try words($0, model) } ?? tokens(options, model)
        guard let mark = options.mark else { return points }
        var places = Dictionary(
            points.enumerated().map { ($0.element.ids, $0.offset) }, uniquingKeysWith: { a, _ in a }
        )
        for word in try words(mark, model) {
            if let place = places[word.ids] {
                points[place].isMarked = true
            } else {
                places[word.ids] = points.count
                points.append(Self(ids: word.ids, name: word.name, isMarked: true))
            }
        }
        return points
    }

    private static func tokens(
        _ options: PointOptions, _ model: InspectedModel
    ) throws -> [Self] {
        var ids = model.tokens
        if !options.text.isEmpty {
            var counts: [Int32: Int] = [:]
            for file in options.text {
                for id in model.ids(in: try InputFile.text(file)) { counts[id, default: 0] += 1 }
            }
            ids = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map(\.key)
        }
        return ids.prefix(options.tokens).map { Self(ids: [$0], name: model.name(of: $0)) }
    }

    private static func words(_ file: String, _ model: InspectedModel) throws -> [Self] {
        var seen: Set<[Int32]> = []
        var words: [Self] = []
        let lines = try InputFile.text(file).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let word = line.trimmingCharacters(in: .whitespaces)
            guard !word.isEmpty else { continue }
            guard let ids = model.ids(ofWord: word) else {
                throw CommandFailure(
                    .badData,
                    "\(file): line \(index + 1): the tokenizer of \(model.place) lacks a character "
                        + "of this word")
            }
            if seen.insert(ids).inserted { words.append(Self(ids: ids, name: word)) }
        }
        guard words.count <= PointOptions.mostPoints else {
            throw CommandFailure(
                .badData, "\(file): more than \(PointOptions.mostPoints) words")
        }
        return words
    }
}
