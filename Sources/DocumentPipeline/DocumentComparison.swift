// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import ClinicalTypes
import ResultStore

/// The comparison of new documents with earlier ones, before anything is written.
struct DocumentComparison {
    let database: ResultDatabase
    let model: LoadedModel
    let profiles: ProfileCache
    let candidateLimit: Int

    /// Judges every document of the files and writes into its findings how alike it is to earlier ones;
    /// gives the row that was the last one, which `ResultDatabase.record` must be told.
    func compare(_ files: inout [RecordedFile]) throws -> Int64 {
        let precedents = try database.precedents(of: files, candidateLimit: candidateLimit)
        let tasks = model.annotator.tasks
        guard tasks.similarity != nil else { return precedents.lastDocument }
        // Profiles of the documents of this call, which are in no cache yet, by the rows to come.
        var profilesInCall: [SentenceProfile?] = []
        for (file, candidates) in precedents.candidates.enumerated() {
            for (position, candidates) in (candidates ?? []).enumerated() {
                let profile = files[file].documents[position].findings.profile
                profilesInCall.append(profile)
                guard let profile else { continue }
                let similarities = try candidates.compactMap { candidate in
                    let place = Int(candidate.document - precedents.lastDocument) - 1
                    let other = place < 0 ? nil : profilesInCall[place]
                    return try tasks.verdict(on: profile, other ?? earlier(candidate.document))
                        .map { similarity($0, to: candidate) }
                }
                files[file].documents[position].findings.similarities = similarities
            }
        }
        return precedents.lastDocument
    }

    /// What was found in a recorded document that is read once more, with how alike it is to earlier ones.
    func compare(_ document: RereadDocument, _ findings: Findings) throws -> Findings {
        guard let profile = findings.profile else { return findings }
        var findings = findings
        findings.similarities = try database.precedents(
            of: document, bands: findings.similarityBands, candidateLimit: candidateLimit
        ).compactMap { candidate in
            try model.annotator.tasks.verdict(on: profile, earlier(candidate.document))
                .map { similarity($0, to: candidate) }
        }
        return findings
    }

    /// The profile of a recorded document: kept, or made anew from its text.
    private func earlier(_ document: Int64) throws -> SentenceProfile {
        try profiles.profile(of: document) {
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
