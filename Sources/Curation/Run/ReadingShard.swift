// SPDX-License-Identifier: Apache-2.0
import Corpora

/// The shard that is being filled, in memory until it is full.
struct ReadingShard {
    private let settings: CurationSettings
    private let work: WorkFiles
    private(set) var choice: SampleChoice
    var state: ReadingState

    private var documents: [UInt8] = []
    private var signatures: [UInt8] = []
    private var bands: [UInt8] = []
    private var sentences: [UInt8] = []
    private var textBytes = 0
    private var count = 0

    init(_ settings: CurationSettings, _ work: WorkFiles, _ state: ReadingState) {
        (self.settings, self.work, self.state) = (settings, work, state)
        choice = SampleChoice(count: settings.samplesPerFilter, seed: settings.seed)
        for sample in state.samples { choice.add(sample) }
    }

    /// Counts a record that was taken, keeps what the filters let through, and writes the shard when it is full.
    ///
    /// Throws the record's fault unless such are passed over.
    mutating func add(
        _ result: Result<DocumentExamination.Outcome?, RawTextError>, _ source: Int
    ) throws {
        switch result {
        case .failure(let error):
            guard settings.skipsMalformed else { throw error }
            state.tallies[source].malformed += 1
        case .success(nil): break
        case .success(let outcome?): add(outcome, source)
        }
        state.records += 1
        state.allRecords += 1
        if textBytes >= settings.shardBytes || count >= CurationSettings.shardDocuments {
            try write()
        }
    }

    private mutating func add(_ outcome: DocumentExamination.Outcome, _ source: Int) {
        let document = outcome.document
        state.tallies[source].read += document.amount
        if let filter = outcome.refusal {
            state.tallies[source].remove(document.amount, by: filter)
            let rank = choice.rank(filter, place: state.allRecords)
            if choice.keeps(rank, of: filter) {
                choice.add(
                    document.sample(
                        of: filter, settings.sources[source].name, rank, text: document.text))
            }
            return
        }
        document.append(to: &documents)
        for number in outcome.signature { signatures.append(number: number) }
        for key in outcome.keys { bands.append(number: key) }
        sentences.append(number: UInt32(clamping: outcome.hashes.count))
        for hash in outcome.hashes { sentences.append(number: hash) }
        state.documents += 1
        state.sentences += outcome.hashes.count
        state.compared += outcome.hashes.count { $0 != 0 }
        textBytes += document.text.count
        count += 1
    }

    /// Writes the shard, its state last, and begins the next.
    mutating func write() throws {
        let number = state.shards.count
        try work.write(documents, to: work.shard(number, .documents))
        try work.write(signatures, to: work.shard(number, .signatures))
        try work.write(bands, to: work.shard(number, .bands))
        try work.write(sentences, to: work.shard(number, .sentences))
        state.shards.append(count)
        state.samples = choice.all
        try work.write(state, to: ReadingStage.name(number))
        (documents, signatures, bands, sentences) = ([], [], [], [])
        (textBytes, count) = (0, 0)
    }
}

extension ReadDocument {
    /// A sample of it, or of a part of its text.
    func sample(
        of filter: CorpusFilter, _ source: String, _ rank: UInt64, text: [UInt8],
        leader: Int? = nil
    ) -> Sample {
        Sample(
            filter: filter, source: source,
            id: id.isEmpty ? nil : String(decoding: id, as: UTF8.self),
            text: String(decoding: text, as: UTF8.self), leader: leader, rank: rank)
    }
}
