// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import Tensors

/// How far writing is after a shard.
struct WritingState: Codable {
    /// What was found of each source so far.
    var tallies: [SourceTally]
    /// Documents and sentences before the next shard.
    var documents = 0
    var sentences = 0
    /// Files that were written.
    var shards: [CorpusManifest.Shard] = []
    var samples: [Sample] = []
}

/// Writes what is left of each shard as JSON Lines: `id` where there is one, `source`, `text`.
struct WritingStage {
    let settings: CurationSettings
    let reading: ReadingState
    let near: NearDuplicates
    let duplicates: SentenceDuplicates
    let work: WorkFiles
    let output: FilePath
    let tokens: TokenCounter?
    let progress: (Double) -> Void

    private static func name(_ shard: Int) -> String { "written-\(WorkFiles.digits(shard)).json" }

    func run() throws -> WritingState {
        var state = WritingState(tallies: reading.tallies, samples: reading.samples)
        var next = 0
        while next < reading.shards.count,
            let later = try work.value(WritingState.self, in: Self.name(next))
        {
            state = later
            next += 1
        }
        for shard in reading.shards.indices.dropFirst(next) {
            try write(shard, &state)
            try work.write(state, to: Self.name(shard))
            progress(Double(shard + 1) / Double(reading.shards.count))
        }
        return state
    }

    private func write(_ shard: Int, _ state: inout WritingState) throws {
        let path = work.shard(shard, .documents)
        var cursor = WorkCursor(try work.read(path), file: path)
        var documents: [ReadDocument] = []
        while !cursor.isAtEnd { documents.append(try ReadDocument(&cursor)) }
        guard documents.count == reading.shards[shard] else {
            throw CurationError.damaged(file: path.description)
        }
        var sentences: [Int] = []
        for document in documents {
            sentences.append(state.sentences)
            state.sentences += document.sentences.count
        }
        let (read, firsts, first) = (documents, sentences, state.documents)
        let names = settings.sources.map { JSONText.quoted(Array($0.name.utf8)) }
        let results = ComputeThreads.map(read.count) { index in
            near.leader(of: first + index) == nil
                ? rest(of: read[index], names, firstSentence: firsts[index]) : nil
        }
        var choice = SampleChoice(count: settings.samplesPerFilter, seed: settings.seed)
        for sample in state.samples { choice.add(sample) }
        var lines: [UInt8] = []
        var count = 0
        for (index, rest) in results.enumerated() {
            let document = read[index]
            choice.add(document, first + index, near, rest, settings.sources[document.source].name)
            count += state.tallies[document.source].add(document, rest)
            if let rest { lines += rest.line }
        }
        state.documents += read.count
        state.samples = choice.all
        guard count > 0 else { return }
        let name = "corpus-\(WorkFiles.digits(state.shards.count + 1)).jsonl"
        let content = Data(lines)
        try DiskFiles().write(content, to: output.appending(name))
        state.shards.append(
            CorpusManifest.Shard(
                file: name, bytes: content.count,
                sha256: ContentDigest(of: content).hexadecimal, documents: count))
    }

    /// What is left of a document without its repeated sentences.
    private func rest(
        of document: ReadDocument, _ names: [[UInt8]], firstSentence: Int
    ) -> DocumentRest {
        let repeated = document.sentences.indices.filter { duplicates[firstSentence + $0] }
        guard !repeated.isEmpty else {
            return DocumentRest(
                amount: document.amount, repeated: [],
                line: JSONText.line(document, names[document.source], text: document.text))
        }
        let text = document.text(without: Set(repeated))
        let least = settings.filters.sentenceDuplicates?.leastRest ?? 1
        let characters = text.scalarCount
        guard characters >= least else {
            return DocumentRest(amount: nil, repeated: repeated, line: [])
        }
        let count = tokens?.count(String(decoding: text, as: UTF8.self))
        return DocumentRest(
            amount: Amount(
                documents: 1, characters: characters, bytes: text.count, tokens: count),
            repeated: repeated,
            line: JSONText.line(document, names[document.source], text: text))
    }
}

/// What is left of a document.
struct DocumentRest: Sendable {
    /// nil where too little was left.
    let amount: Amount?
    /// Sentences that were taken out.
    let repeated: [Int]
    /// Its line of the corpus.
    let line: [UInt8]
}

extension SourceTally {
    /// Counts what is left of a document, nil for one that is nearly another; gives the documents that stay.
    fileprivate mutating func add(_ document: ReadDocument, _ rest: DocumentRest?) -> Int {
        guard let rest else {
            remove(document.amount, by: .nearDuplicates)
            return 0
        }
        guard let amount = rest.amount else {
            remove(document.amount, by: .sentenceDuplicates)
            return 0
        }
        if !rest.repeated.isEmpty {
            sentences += rest.repeated.count
            var removed = document.amount - amount
            removed.documents = 0
            remove(removed, by: .sentenceDuplicates)
        }
        kept += amount
        return 1
    }
}

extension SampleChoice {
    fileprivate mutating func add(
        _ document: ReadDocument, _ number: Int, _ near: NearDuplicates, _ rest: DocumentRest?,
        _ source: String
    ) {
        guard let rest else {
            let rank = rank(.nearDuplicates, place: number)
            guard keeps(rank, of: .nearDuplicates) else { return }
            return add(
                document.sample(
                    of: .nearDuplicates, source, rank, text: document.text,
                    leader: near.leader(of: number)))
        }
        for sentence in rest.repeated {
            let rank = rank(.sentenceDuplicates, place: number, part: sentence)
            guard keeps(rank, of: .sentenceDuplicates) else { continue }
            add(
                document.sample(
                    of: .sentenceDuplicates, source, rank, text: document.content(of: sentence)))
        }
    }
}

extension ReadDocument {
    /// The bytes of a sentence.
    fileprivate func content(of sentence: Int) -> [UInt8] {
        let start =
            before + sentences[..<sentence].reduce(0) { $0 + $1.content + $1.space }
        return Array(text[start..<start + sentences[sentence].content])
    }

    /// The text without some sentences; lines that become empty go, others stay lines.
    func text(without repeated: Set<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var start = before
        for (index, sentence) in sentences.enumerated() {
            let space = text[start + sentence.content..<start + sentence.content + sentence.space]
            if !repeated.contains(index) {
                result += text[start..<start + sentence.content]
                result += space
            } else if space.contains(0x0A), let last = result.last, last != 0x0A {
                result.append(0x0A)
            }
            start += sentence.content + sentence.space
        }
        while let last = result.last, last == 0x20 || (0x09...0x0D).contains(last) {
            result.removeLast()
        }
        return result
    }
}
