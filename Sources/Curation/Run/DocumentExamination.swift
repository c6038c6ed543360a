// SPDX-License-Identifier: Apache-2.0
import Corpora

/// What is found out of one record, on any thread.
struct DocumentExamination: Sendable {
    /// What becomes of a record.
    struct Outcome: Sendable {
        let document: ReadDocument
        /// The filter that refuses it.
        let refusal: CorpusFilter?
        /// For each sentence that is compared its hash, 0 for the others.
        let hashes: [UInt64]
        /// Empty where near-duplicates are not looked for.
        let signature: [UInt32]
        let keys: [UInt64]
    }

    private let filters: DocumentFilters
    private let near: (settings: FilterSettings.NearDuplicates, hash: MinHash)?
    private let leastSentence: Int?
    private let tokens: TokenCounter?

    init(_ settings: CurationSettings, _ tokens: TokenCounter?) {
        filters = DocumentFilters(settings.filters)
        near = settings.filters.nearDuplicates.map {
            ($0, MinHash(bands: $0.bands, rows: $0.rows, seed: settings.seed))
        }
        leastSentence = settings.filters.sentenceDuplicates?.leastCharacters
        self.tokens = tokens
    }

    /// Reads a record; nil for one without text. Throws `RawTextError`.
    func examine(
        _ record: RawRecord, _ reader: RawRecordReader, source: Int
    ) throws(RawTextError) -> Outcome? {
        let raw = try reader.document(in: record)
        let text = Array(raw.text.utf8)
        let (before, sentences) = SentenceCut.sentences(of: text)
        guard !sentences.isEmpty else { return nil }
        let document = ReadDocument(
            source: source, id: Array((raw.id ?? raw.address ?? "").utf8), text: text,
            before: before, sentences: sentences.map { ($0.contentBytes, $0.spaceBytes) },
            characters: text.scalarCount, tokens: tokens?.count(raw.text))
        let refusal = filters.refusal(of: text, sentences)
        if refusal != nil {
            return Outcome(
                document: document, refusal: refusal, hashes: [], signature: [], keys: [])
        }
        let hashes = sentences.map { sentence in
            leastSentence.map { sentence.characters >= $0 ? sentence.hash : 0 } ?? 0
        }
        guard let near else {
            return Outcome(
                document: document, refusal: nil, hashes: hashes, signature: [], keys: [])
        }
        let shingles = Shingles.hashes(of: text, width: near.settings.shingle)
        let signature = near.hash.signature(of: shingles)
        return Outcome(
            document: document, refusal: nil, hashes: hashes, signature: signature,
            keys: near.hash.keys(of: signature, isEmpty: shingles.isEmpty))
    }
}
