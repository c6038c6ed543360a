// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Corpora
import DurableFiles
import Foundation
import JapaneseText
package import Tensors

/// What one head learns from and is measured by.
struct HeadData: Sendable {
    let source: HeadSource
    /// For learning. Those of masked tokens have no targets yet.
    private(set) var training: [HeadExample] = []
    /// For learning to guess: the words of each example's tokens, as places of `ids`.
    private(set) var words: [[[Int32]]] = []
    /// For measuring.
    private(set) var held: [HeadExample] = []
    /// The words of each of these.
    private(set) var heldWords: [[[Int32]]] = []
    /// For measuring heads of tokens: the windows of each text.
    private(set) var heldWindows: [ExampleMaker.LabelledWindows] = []
    /// How often each label is a target for learning.
    private(set) var labelCounts: [Int] = []
    /// Rows learnt from in each file.
    private(set) var rowsOfFiles: [Int] = []
    /// Rows learnt from, and rows held out.
    private(set) var rows = (training: 0, held: 0)
    /// What stands for the content of the files.
    private(set) var digest = ""

    /// Reads a head's files below a directory.
    ///
    /// Rows are checked one by one before anything is trained: throws ``LabelledDataError`` naming file
    /// and line.
    init(
        _ source: HeadSource, data: URL, maker: ExampleMaker, validation: TuningValidation?,
        seed: UInt64
    ) throws {
        self.source = source
        var digests: [String] = []
        let split = DataSplit(validation, seed: seed)
        labelCounts = [Int](repeating: 0, count: source.classNames.count)
        for file in source.files {
            let url = data.appending(path: file)
            digests.append(try ContentDigest(ofFile: FilePath(url)).hexadecimal)
            let before = rows.training
            if source.kind == .maskedTokens {
                try addRawText(url, file, maker, split)
            } else {
                try addRows(url, file, maker, split)
            }
            rowsOfFiles.append(rows.training - before)
        }
        digest = digests.joined(separator: " ")
        guard rows.training > 0, !training.isEmpty else {
            throw LabelledDataError.noRows(head: source.name, part: "training")
        }
        guard validation == nil || rows.held > 0 else {
            throw LabelledDataError.noRows(head: source.name, part: "validation")
        }
    }

    private func read(_ url: URL, _ file: String) throws -> [LabelledText] {
        if source.form == .jmedLLM {
            let rows: [BenchmarkRow]
            do {
                rows = try BenchmarkRow.read(url)
            } catch CorpusError.malformedRow(_, let line) {
                throw LabelledDataError.malformed(RowPlace(file: file, line: line))
            }
            return try LabelledText.benchmark(
                rows, file: file, tag: source.tag, labels: source.labels,
                partial: source.isPartial)
        }
        let form: LabelledTextFile.Form =
            switch source.kind {
            case .tokens, .maskedTokens: .spans
            case .label, .ordinal: .label(isPair: source.isPair)
            case .number: .number(isPair: source.isPair)
            }
        return try LabelledTextFile(form).read(url, name: file)
    }

    private mutating func addRows(
        _ url: URL, _ file: String, _ maker: ExampleMaker, _ split: DataSplit
    ) throws {
        let labels = TokenLabels(source.classNames)
        for row in try read(url, file) {
            let isHeld = try split.isHeld(row)
            if case .spans(let spans) = row.answer {
                guard
                    (spans.map(\.label) + (row.annotated ?? [])).allSatisfy(source.labels.contains)
                else {
                    throw LabelledDataError.unknownLabel(row.place, known: source.labels)
                }
                guard spans.allSatisfy({ row.annotated?.contains($0.label) ?? true }),
                    row.annotated == nil || source.labels.count <= LabelledText.mostPartialLabels
                else {
                    throw LabelledDataError.field(row.place, field: "annotated")
                }
                let windows = maker.windows(row, labels: labels)
                if isHeld {
                    heldWindows.append(windows)
                    held += windows.examples
                } else {
                    add(windows.examples)
                }
            } else {
                let example = try maker.example(row, labels: source.labels)
                if isHeld { held.append(example) } else { add([example]) }
            }
            if isHeld { rows.held += 1 } else { rows.training += 1 }
        }
    }

    private mutating func add(_ examples: [HeadExample]) {
        for example in examples {
            switch example.targets {
            case .tokens(_, let labels, _, let others):
                for (place, label) in labels.enumerated()
                where others.isEmpty || others[place] == 0 { labelCounts[Int(label)] += 1 }
            case .labels(let labels): for label in labels { labelCounts[Int(label)] += 1 }
            case .numbers: break
            }
        }
        training += examples
    }

    /// Documents with blank lines between them, each cut into windows.
    private mutating func addRawText(
        _ url: URL, _ file: String, _ maker: ExampleMaker, _ split: DataSplit
    ) throws {
        let content = try DiskFiles().read(FilePath(url), maximumBytes: SourceText.byteLimit)
        for document in try SourceText(content, file: file).texts {
            let isHeld = split.isHeld(text: document)
            for (example, words) in maker.maskable(document, byWords: source.hidesWords) {
                if isHeld {
                    held.append(example)
                    heldWords.append(words)
                } else {
                    training.append(example)
                    self.words.append(words)
                }
            }
            if isHeld { rows.held += 1 } else { rows.training += 1 }
        }
    }
}

/// Which rows are held out: equal texts are never on both sides.
struct DataSplit: Sendable {
    private let validation: TuningValidation?
    private let seed: UInt64

    init(_ validation: TuningValidation?, seed: UInt64) {
        (self.validation, self.seed) = (validation, seed)
    }

    /// Throws ``LabelledDataError/field(_:field:)`` where folds are asked for and a row has none.
    func isHeld(_ row: LabelledText) throws -> Bool {
        guard let validation else { return false }
        guard let fold = validation.fold else { return isHeld(text: row.text) }
        guard let own = row.fold else { throw LabelledDataError.field(row.place, field: "fold") }
        return own == fold
    }

    /// By a share of texts, which the text and the seed decide.
    func isHeld(text: String) -> Bool {
        guard let validation else { return false }
        var generator = SplitMix64(seed: seed, stream: FNV1a(of: text).value)
        return generator.unit() < validation.share
    }
}

extension ExampleMaker {
    /// The windows of a document with the tokens of each word, as places of their ids.
    ///
    /// A word is MeCab's where a token begins in one, else the token alone.
    func maskable(_ document: String, byWords: Bool) -> [(HeadExample, [[Int32]])] {
        let text = WindowedText(
            analyzer.analyze(document), source,
            room: context - special.before.count - special.after.count)
        let starts = text.text.sentences.flatMap { $0.morphemes.map(\.range) }
        var word = 0
        let owners = text.tokens.map { token -> Int? in
            while word < starts.count, starts[word].end <= token.range.start { word += 1 }
            let isIn = word < starts.count && starts[word].start <= token.range.start
            return isIn && token.range.count > 0 ? word : nil
        }
        return text.windows.ranges.indices.compactMap { window in
            var words: [[Int32]] = []
            var last: Int?
            for token in text.windows.ranges[window] where text.windows.owners[token] == window {
                let place = Int32(
                    token - text.windows.ranges[window].lowerBound + special.before.count)
                if byWords, let owner = owners[token], owner == last, !words.isEmpty {
                    words[words.count - 1].append(place)
                } else if text.tokens[token].range.count > 0 {
                    words.append([place])
                }
                last = owners[token]
            }
            guard !words.isEmpty else { return nil }
            let example = HeadExample(
                ids: special.text(text.ids(window)).ids, types: [],
                targets: .tokens(rows: [], labels: [], chains: []))
            return (example, words)
        }
    }
}

/// Hides words of examples: of ten chosen words eight become masks, one other tokens, one stays
/// (Devlin et al., arXiv 1810.04805, section 3.1); all pieces of a word together.
package struct WordMasking: Sendable {
    private let share: Double
    private let mask: Int32
    private let vocabulary: Int

    /// Masking of a share of the words.
    package init(share: Double, mask: Int32, vocabulary: Int) {
        (self.share, self.mask, self.vocabulary) = (share, mask, vocabulary)
    }

    /// The example with words hidden, at least one; `words` are places of its ids.
    package func hiding(
        _ example: HeadExample, words: [[Int32]], _ generator: inout SplitMix64
    ) -> HeadExample {
        var hidden = example
        var rows: [Int32] = []
        for (index, word) in words.enumerated() {
            let isChosen = generator.unit() < share
            let kind = generator.unit()
            guard isChosen || (rows.isEmpty && index == words.count - 1) else {
                continue
            }
            for place in word {
                rows.append(place)
                if kind < 0.8 {
                    hidden.ids[Int(place)] = mask
                } else if kind < 0.9 {
                    hidden.ids[Int(place)] = Int32(generator.below(vocabulary))
                }
            }
        }
        hidden.targets = .tokens(
            rows: rows, labels: rows.map { example.ids[Int($0)] }, chains: [])
        return hidden
    }
}
