// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import ClinicalTypes
package import JapaneseText
package import LanguageModel
package import Tensors
import Training

/// Turns labelled rows into what a trunk reads and a head is to give.
package struct ExampleMaker: Sendable {
    /// Cleans texts and finds sentences.
    package let analyzer: TextAnalyzer
    /// Cuts texts.
    package let source: TrunkTokens
    /// Tokens around texts.
    package let special: SpecialTokens
    /// Longest text, special tokens included.
    package let context: Int
    /// Whether the trunk tells two texts by types.
    package let hasTypes: Bool
    /// Which pieces of a word decide what it is.
    package let pieces: LabelMap.Pieces

    /// All parts; `context` must leave room for a token of the text.
    package init(
        analyzer: TextAnalyzer, source: TrunkTokens, special: SpecialTokens, context: Int,
        hasTypes: Bool, pieces: LabelMap.Pieces
    ) {
        precondition(
            context > special.before.count + special.between.count + special.after.count + 1)
        (self.analyzer, self.source, self.special) = (analyzer, source, special)
        (self.context, self.hasTypes, self.pieces) = (context, hasTypes, pieces)
    }

    private var room: Int { context - special.before.count - special.after.count }

    /// A row of labelled places with its windows, for learning and for measuring.
    package struct LabelledWindows: Sendable {
        /// One example a window.
        package var examples: [HeadExample]
        /// Units of each sentence with the window and the row of `ids` where its label is read.
        fileprivate var sentences: [[(unit: TokenUnit, window: Int, row: Int)]]
        fileprivate let text: AnalyzedText
        /// Labels that were annotated; nil for all.
        fileprivate let annotated: Set<String>?
        /// What is right.
        package let spans: [LabelledText.Span]
    }

    /// The windows of a row of labelled places.
    ///
    /// A unit has the label of the place that it touches first; its places in the text are exact, but
    /// a place that begins or ends within a unit cannot be given back exactly.
    package func windows(_ row: LabelledText, labels: TokenLabels) -> LabelledWindows {
        let text = WindowedText(analyzer.analyze(row.text), source, room: room)
        guard case .spans(let spans) = row.answer else {
            preconditionFailure("a head of tokens learns from labelled places")
        }
        let places = spans.map { (text.text.cleaned.cleanedRange(of: $0.range), $0.label) }
        var result = LabelledWindows(
            examples: text.windows.ranges.indices.map { window in
                let ids = special.text(text.ids(window)).ids
                return HeadExample(
                    ids: ids, types: [], targets: .tokens(rows: [], labels: [], chains: []))
            }, sentences: [], text: text.text, annotated: row.annotated, spans: spans)
        let unknown = row.annotated.map(labels.labels(otherThan:)) ?? 0
        var targets = [[(row: Int32, label: Int32, isNew: Bool, others: UInt32)]](
            repeating: [], count: text.windows.ranges.count)
        for units in TokenUnit.sentences(of: text.tokens, in: text.text, pieces: pieces) {
            var previous: Int?
            var lastWindow: Int?
            var read: [(unit: TokenUnit, window: Int, row: Int)] = []
            for unit in units {
                let window = text.windows.owners[unit.row]
                let row =
                    unit.row - text.windows.ranges[window].lowerBound + special.before.count
                let place = places.firstIndex {
                    $0.0.start < unit.range.end && unit.range.start < $0.0.end
                }
                // Of the part of an entity in another window only what is there counts.
                let goesOn = place != nil && place == previous
                let label = labels.label(of: place.map { places[$0].1 }, goesOn: goesOn)
                targets[window].append(
                    (Int32(row), Int32(label), window != lastWindow, place == nil ? unknown : 0))
                read.append((unit, window, row))
                (previous, lastWindow) = (place, window)
            }
            result.sentences.append(read)
        }
        for (window, found) in targets.enumerated() {
            var chains: [Range<Int>] = []
            for (index, target) in found.enumerated() {
                if target.isNew || chains.isEmpty {
                    chains.append(index..<index + 1)
                } else {
                    chains[chains.count - 1] = chains[chains.count - 1].lowerBound..<index + 1
                }
            }
            result.examples[window].targets = .tokens(
                rows: found.map(\.row), labels: found.map(\.label), chains: chains,
                others: unknown == 0 ? [] : found.map(\.others))
        }
        return result
    }

    /// A row with a label or a number of the whole.
    ///
    /// One text above the context is read by its beginning. Throws
    /// ``LabelledDataError/tooLong(_:tokens:limit:)`` for a pair.
    package func example(_ row: LabelledText, labels: [String]) throws -> HeadExample {
        let first = source.tokens(of: analyzer.analyze(row.text)).map(\.id)
        var input: (ids: [Int32], types: [Int32])
        if let second = row.second {
            let other = source.tokens(of: analyzer.analyze(second)).map(\.id)
            input = special.pair(first, other, hasTypes: hasTypes)
            guard input.ids.count <= context else {
                throw LabelledDataError.tooLong(
                    row.place, tokens: input.ids.count, limit: context)
            }
        } else {
            input = special.text(Array(first.prefix(room)))
        }
        let targets: HeadTargets
        switch row.answer {
        case .number(let number): targets = .numbers([Float(number)])
        case .label(let label):
            guard let place = labels.firstIndex(of: label) else {
                throw LabelledDataError.unknownLabel(row.place, known: labels)
            }
            targets = .labels([Int32(place)])
        case .spans: throw LabelledDataError.field(row.place, field: "label")
        }
        return HeadExample(ids: input.ids, types: input.types, targets: targets)
    }

    /// The places that labels of windows' tokens stand for; `scores[window]` (T, K) is what a head
    /// gives the window. Places of labels that were not annotated are left out: nobody knows whether they are
    /// right.
    package static func spans(
        _ windows: LabelledWindows, scores: [Tensor], labels: TokenLabels,
        _ transitions: LabelTransitions?
    ) -> [LabelledText.Span] {
        windows.sentences.flatMap { units -> [LabelledText.Span] in
            let rows = units.map { unit -> [Double] in
                let (window, width) = (scores[unit.window], scores[unit.window].columns)
                return HeadLoss.logProbabilities(
                    window.values[unit.row * width..<(unit.row + 1) * width])
            }
            let path = labels.path(rows, transitions)
            return labels.runs(path).compactMap { run in
                let name = labels.classes[run.classIndex]
                guard windows.annotated?.contains(name) ?? true else { return nil }
                let range = CleanedRange(
                    start: units[run.tokens.lowerBound].unit.range.start,
                    end: units[run.tokens.upperBound - 1].unit.range.end)
                guard let span = windows.text.textSpan(of: range).trimmed else { return nil }
                return LabelledText.Span(range: span.range, label: name)
            }
        }
    }
}

extension TokenLabels {
    /// The names of IOB2 labels for classes: outside, then begin and inside of each.
    package static func names(of classes: [String]) -> [String] {
        [outside] + classes.flatMap { ["B-" + $0, "I-" + $0] }
    }

    /// A bit for each label of classes other than these.
    func labels(otherThan known: Set<String>) -> UInt32 {
        names.indices.reduce(0) { bits, label in
            let index = classOfLabel[label]
            return index >= 0 && !known.contains(classes[index]) ? bits | 1 << UInt32(label) : bits
        }
    }

    /// The label of a unit in an entity of a class, or outside; unknown classes are outside.
    func label(of name: String?, goesOn: Bool) -> Int {
        guard let name, let index = classes.firstIndex(of: name) else {
            return places.firstIndex(of: .outside) ?? 0
        }
        let wanted: Place = goesOn ? .inside : .begin
        return names.indices.first { classOfLabel[$0] == index && places[$0] == wanted } ?? 0
    }
}
