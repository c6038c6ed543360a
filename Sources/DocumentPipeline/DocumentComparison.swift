import ClinicalTasks
import ClinicalTypes
import ResultStore

/// The comparison of new documents with earlier ones, before anything is written.
struct DocumentComparison {
    let database: ResultDatabase
    let model: LoadedModel
    let candidateLimit: Int

    /// Judges every document of the files and writes into them what it found; gives the row that was
    /// the last one, which `ResultDatabase.record` must be told.
    ///
    /// `profiles` are those of the documents in order, nil where likeness is not asked for.
    func compare(
        _ files: inout [RecordedFile], profiles: [SentenceProfile?]
    ) throws -> Int64 {
        let precedents = try database.precedents(of: files, candidateLimit: candidateLimit)
        guard let judge = model.annotator.tasks.similarity else { return precedents.lastDocument }
        var rest = profiles[...]
        // Profiles of the documents of this call, which are in no cache yet, by the rows to come.
        var profilesInCall: [SentenceProfile?] = []
        for (index, candidates) in precedents.candidates.enumerated() {
            let own = rest.prefix(files[index].documents.count)
            rest = rest.dropFirst(own.count)
            guard let candidates else { continue }
            for (position, (profile, candidates)) in zip(own, candidates).enumerated() {
                defer { profilesInCall.append(profile) }
                guard let profile else { continue }
                files[index].documents[position].similarities = try candidates.map { candidate in
                    let place = Int(candidate.document - precedents.lastDocument) - 1
                    let other = place < 0 ? nil : profilesInCall[place]
                    return try similarity(
                        judge.judge(profile, other ?? earlier(candidate.document)), to: candidate)
                }
            }
        }
        return precedents.lastDocument
    }

    /// The profile of a recorded document: kept, or made anew from its text.
    private func earlier(_ document: Int64) throws -> SentenceProfile {
        try model.profiles.profile(of: document) {
            guard let text = try database.text(ofDocument: document) else {
                throw StoreError.outdated
            }
            return SentenceProfile(model.annotator.analyze(text))
        }
    }

    private func similarity(
        _ verdict: SimilarityJudge.Verdict, to candidate: SimilarityCandidate
    ) -> Similarity {
        Similarity(
            otherDocument: candidate.document, level: verdict.level, score: verdict.score,
            evidence: verdict.evidence)
    }
}
